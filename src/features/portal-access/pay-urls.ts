import { type PayLine, writePayLine } from '#features/payments/portal-rules.ts';

/** The checkout over these words, under `/portal` or a link; `note` is what the last action did. */
export const checkoutUrl = (base: string, words: readonly string[], note?: string): string =>
  `${base}/pay?${words.map((word) => `pay=${word}`).join('&')}${note ? `&note=${note}` : ''}`;

export const wordsOf = (lines: readonly PayLine[]): string[] => lines.map(writePayLine);
