import { Resolver } from 'node:dns/promises';
import type { Found } from '#features/sending-domains/rules.ts';

/** The port behind which the DNS is asked; tests answer for it. */
export type Dns = { ask(type: 'TXT' | 'MX', name: string): Promise<Found> };

/** By the resolver of this machine, each question with a deadline. */
export function nodeDns(): Dns {
  const resolver = new Resolver({ timeout: 4000, tries: 2 });
  return {
    ask: async (type, name) => {
      try {
        if (type === 'TXT') return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
        const servers = await resolver.resolveMx(name);
        return servers.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ''));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        return code === 'ENOTFOUND' || code === 'ENODATA' ? 'none' : 'unanswered';
      }
    },
  };
}
