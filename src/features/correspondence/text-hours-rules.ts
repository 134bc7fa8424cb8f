import { wallClock, zonesOfCountry } from '#lib/dates.ts';

/** When texts may arrive on one weekday (Monday is 1), in minutes of the recipient's day. */
export type TextHours = { jurisdiction: string; weekday: number; opens: number; closes: number };

/** A place as far as it is known: the whole of a country where nothing tells the state. */
export type Place = { country: string; region?: string | undefined };

export type RegionZones = { country: string; region: string; name: string; zones: readonly string[] };

/** The state that an address means, spelled out or by its letters. */
export function regionOf(
  known: readonly RegionZones[],
  address: { country?: string | undefined; region?: string | undefined },
): RegionZones | undefined {
  const spelled = address.region?.trim().toLowerCase() ?? '';
  const country = address.country || 'US';
  if (spelled === '') return undefined;
  return known.find(
    (each) =>
      each.country === country &&
      (each.region.toLowerCase() === spelled || each.name.toLowerCase() === spelled),
  );
}

type Known = { country?: string | undefined; region?: string | undefined };

/**
 * Where somebody may be: at the billing address, and where the telephone number is from. A country of which
 * one of them tells the state is not counted whole besides.
 */
export function placesOf(address: Known, phone: Known): Place[] {
  const named = [address, phone].flatMap(({ country, region }) => (country ? [{ country, region }] : []));
  return named.filter(
    ({ country, region }) =>
      region !== undefined || !named.some((each) => each.country === country && each.region !== undefined),
  );
}

/**
 * Every clock that may be the recipient's: those of each place. Where nothing closer is known, every zone of
 * the country is: the hours that hold in all are kept.
 */
export function zonesOf(known: readonly RegionZones[], places: readonly Place[], ownZone: string): string[] {
  const zones = places.flatMap(({ country, region }) => {
    const found = known.find((each) => each.country === country && each.region === region);
    return found ? found.zones : zonesOfCountry(country);
  });
  return zones.length > 0 ? [...new Set(zones)] : [ownZone];
}

/**
 * Which hours hold, each set on top of the others: those of every place, so that the strictest do. Who may be
 * in any state is held to all of them; where no law is known the house's own hours hold.
 */
export function hoursOf(
  known: readonly TextHours[],
  places: readonly Place[],
  keeps: 'business' | 'law',
): TextHours[][] {
  const holds = (jurisdiction: string): boolean =>
    places.some(({ country, region }) => {
      if (jurisdiction === country) return true;
      return region ? jurisdiction === `${country}-${region}` : jurisdiction.startsWith(`${country}-`);
    });
  const names = [...new Set(known.map((each) => each.jurisdiction))];
  const lawful = names.filter((name) => name !== 'house' && holds(name));
  const chosen = keeps === 'business' || lawful.length === 0 ? ['house', ...lawful] : lawful;
  return chosen.map((name) => known.filter((each) => each.jurisdiction === name));
}

type Window = { zones: readonly string[]; hours: readonly (readonly TextHours[])[] };

/** For how many minutes yet the window is open everywhere; 0 when it is closed somewhere. */
export function minutesOpen({ zones, hours }: Window, instant: Date): number {
  let least = 24 * 60;
  for (const zone of zones) {
    const { weekday, minute } = wallClock(zone, instant);
    for (const layer of hours) {
      const open = layer.find(
        (each) => each.weekday === weekday && each.opens <= minute && minute < each.closes,
      );
      if (!open) return 0;
      least = Math.min(least, open.closes - minute);
    }
  }
  return least;
}

/** How many minutes of wall time until this zone's next opening in all layers; at least 1. */
function minutesClosed(zone: string, hours: Window['hours'], instant: Date): number {
  const { weekday, minute } = wallClock(zone, instant);
  const waits = hours.map((layer) =>
    Math.min(
      ...layer.map((each) => {
        const days = (each.weekday - weekday + 7) % 7;
        const until = days * 1440 + each.opens - minute;
        const isOpen = days === 0 && each.opens <= minute && minute < each.closes;
        return isOpen ? 0 : until > 0 ? until : until + 7 * 1440;
      }),
    ),
  );
  return Math.max(...waits);
}

/** A text that has less than this until the window closes waits for the next one: carriers have queues. */
export const leastOpen_min = 10;
const farthest_ms = 15 * 86_400_000;

/**
 * The first moment from `from` on at which the window is open everywhere; undefined when there is none within
 * two weeks. Clocks that are put forward or back on the way are met by looking again an hour ahead of time.
 */
export function nextOpening(window: Window, from: Date): Date | undefined {
  let at_ms = Math.ceil(from.getTime() / 1000) * 1000;
  const last_ms = at_ms + farthest_ms;
  while (at_ms <= last_ms) {
    const instant = new Date(at_ms);
    if (minutesOpen(window, instant) >= leastOpen_min) return instant;
    const wait = Math.max(...window.zones.map((zone) => minutesClosed(zone, window.hours, instant)));
    // Open everywhere but for too short, or open here and closed there: the next look is a little later.
    const step = wait > 120 ? wait - 60 : Math.min(Math.max(wait, 1), 15);
    // On whole minutes from the first step on: an opening is a whole minute.
    at_ms = (Math.floor(at_ms / 60_000) + step) * 60_000;
  }
  return undefined;
}
