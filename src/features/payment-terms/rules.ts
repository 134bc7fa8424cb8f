import type { CalendarDate } from '#lib/dates.ts';

export type TermsVersion = { version: number; effectiveOn: CalendarDate; askAgain: boolean };

/** Of versions in any order: the newest whose day has come. */
export const inForce = <V extends TermsVersion>(versions: readonly V[], today: CalendarDate): V | undefined =>
  versions
    .filter(({ effectiveOn }) => effectiveOn <= today)
    .reduce<V | undefined>((best, each) => (best && best.version > each.version ? best : each), undefined);

/**
 * Whether somebody who is signed in must be asked before going on: a version in force asks again, and nothing
 * since it was accepted. Whoever has accepted a newer one has agreed to what replaced it.
 */
export const mustAccept = (askVersion: number | null, accepted: number | null): boolean =>
  askVersion !== null && (accepted ?? 0) < askVersion;

/** Why a version cannot come into force on a day; undefined when it can. */
export function problemWithDay(
  effectiveOn: CalendarDate,
  { today, last }: { today: CalendarDate; last: CalendarDate | undefined },
): string | undefined {
  if (effectiveOn < today) return 'This day has passed. Terms hold from today on at the earliest.';
  if (last && effectiveOn < last)
    return `The version before comes into force on ${last}. Give that day or a later one.`;
  return undefined;
}
