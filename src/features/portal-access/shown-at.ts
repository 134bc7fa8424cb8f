import type { Secrets } from '#lib/secrets.ts';

const longest_ms = 86_400_000;
const textOf = (key: string, at: string): string => `${key} ${at}`;

/** When a page said what its payment costs: signed, for this payment, so that nobody dates it otherwise. */
export const sealShownAt = (secrets: Pick<Secrets, 'sign'>, key: string, at: Date): string =>
  `${at.getTime()}.${secrets.sign('shown-at', textOf(key, String(at.getTime())))}`;

/** Undefined where the page is older than a day, or was none of ours. */
export function openShownAt(
  secrets: Pick<Secrets, 'verify'>,
  key: string,
  sealed: string,
  now: Date,
): Date | undefined {
  const [at = '', signature = ''] = sealed.split('.');
  if (!/^\d{1,15}$/.test(at) || !secrets.verify('shown-at', textOf(key, at), signature)) return undefined;
  const age_ms = now.getTime() - Number(at);
  return age_ms >= 0 && age_ms <= longest_ms ? new Date(Number(at)) : undefined;
}
