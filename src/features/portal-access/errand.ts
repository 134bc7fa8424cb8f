import { isRequestKey } from '#features/payments/portal-rules.ts';
import type { Secrets } from '#lib/secrets.ts';

/**
 * What a payer takes along to the vendor and back: signed, so that nobody changes what is paid on the way.
 */
export type Errand = { key: string; words: readonly string[] };

const textOf = ({ key, words }: Errand): string => [key, ...words].join(' ');

export const sealErrand = (secrets: Secrets, errand: Errand): string => {
  const text = textOf(errand);
  return `${Buffer.from(text).toString('base64url')}.${secrets.sign('checkout', text)}`;
};

export function openErrand(secrets: Secrets, sealed: string): Errand | undefined {
  const [body = '', signature = ''] = sealed.split('.');
  const text = Buffer.from(body, 'base64url').toString('utf8');
  if (!secrets.verify('checkout', text, signature)) return undefined;
  const [key = '', ...words] = text.split(' ');
  return isRequestKey(key) ? { key, words } : undefined;
}
