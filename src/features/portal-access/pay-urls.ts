import { type PayLine, writePayLine } from '#features/payments/portal-rules.ts';

/** The checkout over these lines; `note` is what the last action did. */
export const checkoutUrl = (lines: readonly PayLine[], note?: string): string =>
  `/portal/pay?${lines.map((line) => `pay=${writePayLine(line)}`).join('&')}${note ? `&note=${note}` : ''}`;
