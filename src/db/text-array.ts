import pg from 'pg';

const textArray: number = 1009;
const byDriver = pg.types.getTypeParser(textArray) as (text: string) => (string | null)[];

/**
 * An array of text as PostgreSQL writes it, in a fraction of the time that pg takes, where nothing in it is
 * quoted, nested or counted from elsewhere: kinds, cells, ids.
 */
export function readTextArray(text: string): (string | null)[] {
  if (text === '{}') return [];
  if (text.includes('"') || text.lastIndexOf('{') > 0) return byDriver(text);
  const items: (string | null)[] = text.slice(1, -1).split(',');
  return items.includes('NULL') ? items.map((item) => (item === 'NULL' ? null : item)) : items;
}
