import type { SoldLine } from '#features/e-invoices/rules.ts';
import { taxInside } from '#features/taxes/rules.ts';
import { sum } from '#lib/money.ts';

/** A line as it was priced: `inclusiveRate` in percent is inside its amount; '0': nothing is. */
export type PricedLine = SoldLine & { inclusiveRate: string };

/**
 * The lines without the tax inside their prices: EN 16931 knows prices without tax only (BT-131, BT-146). Tax
 * is taken out of the running sum of a rate, so that no line is off by more than a minor unit and all of
 * them together are what the invoice says.
 */
export function withoutTaxInside(
  lines: readonly PricedLine[],
  { tax, total, discount }: { tax: bigint; total: bigint; discount: bigint },
): SoldLine[] {
  const ofRates = new Map<string, { gross: bigint; inside: bigint }>();
  const net = lines.map(({ inclusiveRate, ...line }) => {
    if (inclusiveRate === '0') return line;
    const before = ofRates.get(inclusiveRate) ?? { gross: 0n, inside: 0n };
    const gross = before.gross + line.amount;
    const inside = taxInside(gross, inclusiveRate);
    ofRates.set(inclusiveRate, { gross, inside });
    return { ...line, amount: line.amount - (inside - before.inside) };
  });
  // Two rates of one percentage are rounded apart on the invoice, and together here.
  const over = discount === 0n ? sum(net.map(({ amount }) => amount)) + tax - total : 0n;
  if (over === 0n || ofRates.size === 0 || (over < 0n ? -over : over) > BigInt(lines.length)) return net;
  const last = lines.findLastIndex(({ inclusiveRate }) => inclusiveRate !== '0');
  return net.map((line, at) => (at === last ? { ...line, amount: line.amount - over } : line));
}
