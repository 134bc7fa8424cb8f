/** Where people are who get texts, and all clocks that may be theirs. */
export const textPlaces = [
  { address: { region: 'NY', country: 'US' }, zones: ['America/New_York'] },
  { address: { region: 'Hawaii' }, zones: ['Pacific/Honolulu'] },
  { address: { region: 'AZ', country: 'US' }, zones: ['America/Phoenix', 'America/Denver'] },
  { address: { region: 'TX', country: 'US' }, zones: ['America/Chicago', 'America/Denver'] },
  { address: {}, zones: [] },
  // An address abroad with a number of here: both clocks count.
  { address: { country: 'GB' }, zones: ['Europe/London'] },
] as const;

/** Of the area code that every number here has, which counts beside the address: Texas has two. */
export const zonesOfNumber = ['America/Chicago', 'America/Denver'] as const;

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
  });
  clocks.set(zone, made);
  return made;
}

/**
 * Is it Monday to Friday, from nine to six, on each of these clocks? The plain reading of promise 9, in no
 * way that the product reads clocks.
 */
export const mayTextArrive = (zones: readonly string[], at: Date): boolean =>
  zones.every((zone) => {
    const parts = clockOf(zone).formatToParts(at);
    const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
    const hour = Number(of('hour'));
    return !['Sat', 'Sun'].includes(of('weekday')) && hour >= 9 && hour < 18;
  });
