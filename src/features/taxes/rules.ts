import { divideRounded } from '#lib/money.ts';

/** A rate as a line carries it: kept with the line, so that a later change of the rate changes no invoice. */
export type Tax = {
  /** Null for a bare percentage that no rate of the organization stands behind. */
  id: string | null;
  name: string;
  percent: string;
  inclusive: boolean;
  compound: boolean;
};
/** What one rate takes of an invoice. */
export type TaxCharged = Omit<Tax, 'percent'> & { percent: string | null; taxable: bigint; tax: bigint };

type Fraction = { over: bigint; under: bigint };
const one: Fraction = { over: 1n, under: 1n };
const none: Fraction = { over: 0n, under: 1n };
const add = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under });
const rounded = ({ over, under }: Fraction): bigint => divideRounded(over, under);

const fractionOf = (percent: string): Fraction => {
  const [whole = '0', decimals = ''] = percent.replace('-', '').split('.');
  const over = BigInt(`${whole}${decimals}`);
  return { over: percent.startsWith('-') ? -over : over, under: 100n * 10n ** BigInt(decimals.length) };
};
const sumOf = (taxes: readonly Tax[]): Fraction =>
  taxes.reduce((total, tax) => add(total, fractionOf(tax.percent)), none);

/** `08.250` and `8.25` are one rate, taxed and rounded together. */
export const plainRate = (rate: string): string =>
  (rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate).replace(/^(-?)0+(?=\d)/, '$1');

const keyOf = (tax: Tax): string => tax.id ?? `${tax.name} ${plainRate(tax.percent)}`;

/** What the organization's books call a percentage that has no name. */
export const bareTax = (percent: string): Tax => ({
  id: null,
  name: 'Sales tax',
  percent: plainRate(percent),
  inclusive: false,
  compound: false,
});

/**
 * The taxes of an invoice. Everything is exact until each rate's tax is rounded, once, half up, on the sum of
 * all its lines. A rate inside the price leaves less to be taxed; a compound one is taken on the others too.
 * `discount` is taken off every line in proportion.
 */
export function chargeTaxes(
  lines: readonly { amount: bigint; taxes: readonly Tax[] }[],
  { subtotal, discount }: { subtotal: bigint; discount: bigint },
): TaxCharged[] {
  const kept = discount === 0n || subtotal <= 0n ? one : { over: subtotal - discount, under: subtotal };
  const charged = new Map<string, { tax: Tax; taxable: Fraction }>();
  for (const { amount, taxes } of gathered(lines)) {
    const net = withoutInclusive(times({ over: amount, under: 1n }, kept), taxes);
    const plain = sumOf(taxes.filter((tax) => !tax.compound));
    for (const tax of taxes) {
      const taxable = tax.compound ? times(net, add(one, plain)) : net;
      const before = charged.get(keyOf(tax))?.taxable ?? none;
      charged.set(keyOf(tax), { tax, taxable: add(before, taxable) });
    }
  }
  return [...charged.values()].map(({ tax, taxable }) => ({
    ...tax,
    taxable: rounded(taxable),
    tax: rounded(times(taxable, fractionOf(tax.percent))),
  }));
}

function withoutInclusive(amount: Fraction, taxes: readonly Tax[]): Fraction {
  const { over, under } = add(one, sumOf(taxes.filter((tax) => tax.inclusive)));
  return times(amount, { over: under, under: over });
}

/** Lines under the same rates are one amount: a long invoice has few of those. */
function gathered(lines: readonly { amount: bigint; taxes: readonly Tax[] }[]) {
  const groups = new Map<string, { amount: bigint; taxes: readonly Tax[] }>();
  for (const { amount, taxes } of lines) {
    if (taxes.length === 0) continue;
    const key = taxes.map(keyOf).sort().join('\n');
    groups.set(key, { amount: (groups.get(key)?.amount ?? 0n) + amount, taxes });
  }
  return groups.values();
}

/** All rates of a line in one figure, for where there is room for one. */
export function percentTogether(taxes: readonly Tax[]): string {
  const { over, under } = sumOf(taxes);
  const scaled = divideRounded(over * 100_000_000n, under);
  const text = scaled.toString().padStart(7, '0');
  return plainRate(`${text.slice(0, -6)}.${text.slice(-6)}`);
}

/** What a rate that is inside a price makes of it, rounded half up. */
export function taxInside(amount: bigint, percent: string): bigint {
  const { over, under } = fractionOf(percent);
  return divideRounded(amount * over, under + over);
}
