/** One line of what changed; `before` is left out where nothing is known of it. */
export type Detail = { field: string; before?: string; after: string };

type Data = Record<string, unknown>;
type Ink = { money: (amount: number) => string };

/** Told by the sentence, too long to read, or ids that say nothing. */
const left = new Set([
  'document',
  'before',
  'after',
  'changes',
  'changed',
  'version',
  'currency',
  'moved',
  'revision',
]);
const amounts = /^(amount|total|balance_due|unit_price|fee|maximum|threshold|refunded)$/;
const most = 300;

const record = (value: unknown): Data | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Data) : undefined;

/** `brand_color` and `brandColor` as `Brand color`. */
export function fieldWords(name: string): string {
  const plain = name
    .replace(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase()
    .trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function valueWords(name: string, value: unknown, ink: Ink): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return amounts.test(name) ? ink.money(value) : String(value);
  const words =
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((item) => typeof item !== 'object')
        ? value.join(', ') || '—'
        : JSON.stringify(value);
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}

const pairsIn = (changes: Data): [name: string, before: unknown, after: unknown][] =>
  Object.entries(changes).flatMap(([name, pair]): [string, unknown, unknown][] =>
    Array.isArray(pair) && pair.length === 2 ? [[name, pair[0], pair[1]]] : [],
  );

/** What was changed, from what to what; then what else is known of the act. */
export function detailsOf(data: Data, ink: Ink): Detail[] {
  const before = record(data.before);
  const changes = record(data.changes);
  // Some acts hold what was and what is, some hold what was beside the fields themselves, some hold pairs.
  const after = record(data.after) ?? data;
  const pairs = changes
    ? pairsIn(changes)
    : Object.keys(before ?? {}).map((name): [string, unknown, unknown] => [
        name,
        before?.[name],
        after[name],
      ]);
  const changed = pairs
    .filter(([, was, is]) => JSON.stringify(was ?? null) !== JSON.stringify(is ?? null))
    .map(([name, was, is]) => ({
      field: fieldWords(name),
      before: valueWords(name, was, ink),
      after: valueWords(name, is, ink),
    }));
  const named = new Set(pairs.map(([name]) => name));
  const rest = Object.entries(data)
    .filter(
      ([name, value]) => !left.has(name) && !named.has(name) && !/(^|_)ids?$/.test(name) && value != null,
    )
    .map(([name, value]) => ({ field: fieldWords(name), after: valueWords(name, value, ink) }));
  return [...changed, ...rest];
}
