/** So many days on, counted by the calendar's own days. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export const daysFrom = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

type Series = {
  unit: 'once' | 'day' | 'week' | 'month' | 'year';
  every: number;
  startsOn: string;
  endsOn: string | null;
};

/**
 * Every day of a rhythm up to a last one, found the slow way: walk the calendar and ask of each day whether
 * it is one.
 */
export function seriesDays(series: Series, last: string): string[] {
  const days: string[] = [];
  const until = series.endsOn !== null && series.endsOn < last ? series.endsOn : last;
  for (let day = series.startsOn; day <= until; day = dayAfter(day, 1))
    if (isDay(series, day)) days.push(day);
  return days;
}

function isDay({ unit, every, startsOn }: Series, day: string): boolean {
  const apart = daysFrom(startsOn, day);
  if (unit === 'once') return apart === 0;
  if (unit === 'day') return apart % every === 0;
  if (unit === 'week') return apart % (7 * every) === 0;
  const [wanted, has] = [Number(startsOn.slice(8)), Number(day.slice(8))];
  const isMonthEnd = dayAfter(day, 1).slice(8) === '01';
  if (has !== wanted && !(isMonthEnd && has < wanted)) return false;
  const months =
    (Number(day.slice(0, 4)) - Number(startsOn.slice(0, 4))) * 12 +
    Number(day.slice(5, 7)) -
    Number(startsOn.slice(5, 7));
  return months % (unit === 'month' ? every : 12 * every) === 0;
}
