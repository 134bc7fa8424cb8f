/** `INV-` and 42 at width 5: `INV-00042`. */
export const numberOf = (series: { prefix: string; width: number }, value: bigint): string =>
  `${series.prefix}${value.toString().padStart(series.width, '0')}`;

/**
 * What a draft is called until it is issued, where numbers follow one another without gaps: a number that a
 * draft had and that was deleted with it would be a gap.
 */
export const placeholderOf = (id: string): string => `Draft ${id.slice(-10)}`;
export const isPlaceholder = (number: string): boolean => /^Draft [0-9a-z]{10}$/.test(number);
