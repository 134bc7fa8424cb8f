import type { GatewayPayout, PayoutLine } from '#features/payments/payment-gateway.ts';

/** What the books must know of one payout. */
export type PayoutBook = {
  version: GatewayPayout;
  isException: boolean;
  isResolved: boolean;
  isPosted: boolean;
  ownerId: string | null;
};
export type PayoutBooks = {
  told: Map<string, PayoutBook>;
  /** The payout that each payment reached the bank with. */
  with: Map<string, string>;
};
export const payoutBooks = (): PayoutBooks => ({ told: new Map(), with: new Map() });

/** The payments and refunds that are ours. */
export type Ours = {
  charges: ReadonlyMap<string, { amount: bigint }>;
  refunds: ReadonlyMap<string, unknown>;
};

const moves = (line: PayoutLine): boolean => line.kind !== 'fee' && line.kind !== 'adjustment';
/** What a payout takes out of clearing: all that moved for a payment. */
export const clearedBy = ({ lines }: GatewayPayout): bigint =>
  lines.filter(moves).reduce((sum, { gross }) => sum + gross, 0n);

/** Promise 5: every payout equals the sum of its lines, and each line is of what we know. */
function isException({ lines, amount, reference }: GatewayPayout, books: PayoutBooks, ours: Ours): boolean {
  const seen = new Set<string>();
  let sum = 0n;
  for (const { kind, paymentId = '', refundId = '', gross, fee, net } of lines) {
    sum += net;
    if (gross - fee !== net || kind === 'adjustment') return true;
    if (kind === 'fee') continue;
    const payment = ours.charges.get(paymentId);
    if (!payment && !ours.refunds.has(refundId)) return true;
    if (kind !== 'charge' || !payment) continue;
    const other = books.with.get(paymentId);
    if (payment.amount !== gross || seen.has(paymentId) || (other !== undefined && other !== reference))
      return true;
    seen.add(paymentId);
  }
  return sum !== amount;
}

/** The books hear of a payout, once more or anew; what was an exception is looked at again each time. */
export function hearPayout(books: PayoutBooks, version: GatewayPayout, ours: Ours): void {
  const { reference, lines, state } = version;
  const before = books.told.get(reference);
  const isOpen = before?.isException && !before.isResolved;
  if (before?.version === version && !isOpen) return;
  const isWrong = isException(version, books, ours);
  for (const [paymentId, where] of books.with) if (where === reference) books.with.delete(paymentId);
  for (const { kind, paymentId } of lines)
    if (kind === 'charge' && paymentId && ours.charges.has(paymentId) && !books.with.has(paymentId))
      books.with.set(paymentId, reference);
  books.told.set(reference, {
    version,
    isException: isWrong,
    isResolved: false,
    isPosted: state === 'paid' && !isWrong,
    ownerId: before?.ownerId ?? null,
  });
}
