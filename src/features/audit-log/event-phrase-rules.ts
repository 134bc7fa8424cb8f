export type EventTone = 'neutral' | 'good' | 'bad' | 'accent';
export type Data = Record<string, unknown>;
export type Ink = { money: (amount: number) => string; date?: (date: string) => string };
/** `kind` is what it is called where nothing is known of the one act. */
export type Words = { tone?: EventTone; kind?: string; say: (data: Data, ink: Ink) => string };

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const list = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? value.filter((item) => typeof item === 'string').join(', ') || undefined
    : text(value);
/** An event of money carries its amount; one of a document carries the document. */
export function amount(data: Data, ink: Ink): string | undefined {
  const { document } = data;
  const total =
    document !== null && typeof document === 'object' && 'total' in document ? document.total : data.total;
  const found = data.amount ?? total;
  return typeof found === 'number' ? ink.money(found) : undefined;
}
/** Names of changed settings or fields, as a person would say them. */
export const changed = (data: Data): string | undefined => {
  const names = Array.isArray(data.changes) ? data.changes : Object.keys(data.changes ?? data.changed ?? {});
  return (
    names
      .map((name) =>
        String(name)
          .replace(/([A-Z])/g, ' $1')
          .replaceAll('_', ' ')
          .toLowerCase(),
      )
      .join(', ') || undefined
  );
};
export const join = (start: string, ...rest: (string | undefined)[]): string =>
  [start, ...rest.filter(Boolean)].join(' ');
/** A calendar date of the event, as the reader writes dates. */
export const dateOf = (value: unknown, ink: Ink): string | undefined => {
  const date = text(value);
  return date && (ink.date?.(date) ?? date);
};
export const fixed = (words: string, tone?: EventTone): Words => ({
  say: () => words,
  ...(tone ? { tone } : {}),
});
export const withAmount = (words: (sum: string | undefined) => string, tone?: EventTone): Words => ({
  say: (data, ink) => words(amount(data, ink)),
  ...(tone ? { tone } : {}),
});
/** Fixed words, then the name of the thing. */
export const named = (words: string, key = 'name'): Words => ({
  say: (data) => join(words, text(data[key]) && `· ${text(data[key])}`),
});
