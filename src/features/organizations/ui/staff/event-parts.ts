/** What the words of an event are made of. */
export type EventTone = 'neutral' | 'good' | 'bad' | 'accent';
export type Data = Record<string, unknown>;
export type Ink = { money: (amount: number) => string };
export type Words = { tone?: EventTone; say: (data: Data, ink: Ink) => string };

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const list = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? value.filter((item) => typeof item === 'string').join(', ') || undefined
    : text(value);
export const join = (start: string, ...rest: (string | undefined)[]): string =>
  [start, ...rest.filter(Boolean)].join(' ');
export const fixed = (words: string, tone?: EventTone): Words => ({
  say: () => words,
  ...(tone ? { tone } : {}),
});
