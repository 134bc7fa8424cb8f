import type { GatewayPayout, PayoutLine } from '#features/payments/payment-gateway.ts';

/** What we know of the rows that a payout's lines speak of, as they stand under lock. */
export type Known = {
  /** By our id and by the gateway's own reference. */
  payments: ReadonlyMap<string, { id: string; amount: bigint; currency: string; depositId: string | null }>;
  refunds: ReadonlySet<string>;
};

export type MatchedLine = PayoutLine & { paymentId?: string | undefined; refundId?: string | undefined };

export type PayoutVerdict = {
  gross: bigint;
  fees: bigint;
  returned: bigint;
  /** What the bank shows and no line explains. */
  difference: bigint;
  lines: MatchedLine[];
  /** Why a person has to look; undefined when every cent is explained. */
  exception: string | undefined;
};

const goesBack = new Set(['refund', 'return', 'chargeback']);

/**
 * Does this payout hold (money.md, promise 5)? Each line adds up, the lines add up to the sum, every charge
 * is a payment of ours with that amount, and none was paid out before.
 */
export function decidePayout(payout: GatewayPayout, known: Known, depositId: string): PayoutVerdict {
  const lines = payout.lines.map((line) => matched(line, known));
  const [gross, fees, returned] = [
    total(lines, (line) => (line.kind === 'charge' || line.kind === 'chargeback_reversal' ? line.gross : 0n)),
    total(lines, (line) => line.fee + (line.kind === 'fee' ? -line.gross : 0n)),
    total(lines, (line) => (isReturned(line) ? line.gross : 0n)),
  ];
  const difference = payout.amount - (gross - fees + returned);
  return {
    gross,
    fees,
    returned,
    difference,
    lines,
    exception: exceptionOf(payout, lines, { known, depositId, difference }),
  };
}

// An adjustment is money that moved for no payment: it stands with what went back, whichever way it went.
const isReturned = (line: PayoutLine): boolean => goesBack.has(line.kind) || line.kind === 'adjustment';

const total = (lines: readonly MatchedLine[], pick: (line: MatchedLine) => bigint): bigint =>
  lines.reduce((all, line) => all + pick(line), 0n);

function matched(line: PayoutLine, known: Known): MatchedLine {
  const payment =
    (line.paymentId !== undefined ? known.payments.get(line.paymentId) : undefined) ??
    (line.paymentReference !== undefined ? known.payments.get(line.paymentReference) : undefined);
  const refundId =
    line.refundId !== undefined && known.refunds.has(line.refundId) ? line.refundId : undefined;
  // A line is kept as one that adds up. Net is what reached the bank, so the fee gives way where it does not.
  return { ...line, fee: line.gross - line.net, paymentId: payment?.id, refundId };
}

const strangeWords = (kind: PayoutLine['kind']): string =>
  kind === 'charge' ? 'charge that is no payment' : `${kind.replace('_', ' ')} of no payment`;

/** A charge must be a payment of ours; whatever else names a payment or a refund must name one of ours. */
function isStranger(line: MatchedLine, told: PayoutLine): boolean {
  if (line.paymentId !== undefined || line.refundId !== undefined) return false;
  if (line.kind === 'charge') return true;
  if (line.kind === 'fee' || line.kind === 'adjustment') return false;
  return [told.paymentId, told.paymentReference, told.refundId].some((name) => name !== undefined);
}

function exceptionOf(
  payout: GatewayPayout,
  lines: readonly MatchedLine[],
  about: { known: Known; depositId: string; difference: bigint },
): string | undefined {
  const crooked = payout.lines.find((line) => line.gross - line.fee !== line.net);
  if (crooked) return `Line ${crooked.reference} does not add up: gross less fee is not net.`;
  if (about.difference !== 0n) return 'The lines do not add up to what the gateway paid out.';
  const stranger = lines.find((line, at) => isStranger(line, payout.lines[at] ?? line));
  if (stranger) return `Line ${stranger.reference} is a ${strangeWords(stranger.kind)} here.`;
  const seen = new Set<string>();
  for (const line of lines) {
    if (line.kind !== 'charge' || line.paymentId === undefined) continue;
    const payment = about.known.payments.get(line.paymentId);
    if (!payment) continue;
    if (seen.has(payment.id) || (payment.depositId !== null && payment.depositId !== about.depositId))
      return `Line ${line.reference} pays out a payment that was paid out before.`;
    seen.add(payment.id);
    if (payment.currency === payout.currency && payment.amount !== line.gross)
      return `Line ${line.reference} pays out another amount than its payment was.`;
  }
  const adjustment = lines.find((line) => line.kind === 'adjustment');
  if (adjustment)
    return `Line ${adjustment.reference} is an adjustment: ${adjustment.description.replace(/[.\s]+$/, '')}.`;
  return undefined;
}

/**
 * What a payout moved through clearing: what came in and what went back; adjustments are no one's payment.
 */
export const clearedOf = (lines: readonly Pick<MatchedLine, 'kind' | 'gross'>[]): bigint =>
  lines.reduce(
    (all, line) => (line.kind === 'fee' || line.kind === 'adjustment' ? all : all + line.gross),
    0n,
  );

export type HandPaymentToDeposit = {
  id: string;
  amount: bigint;
  currency: string;
  kind: string;
  isStanding: boolean;
  depositId: string | null;
};

/** Why this payment cannot go into a deposit by hand; undefined when it can. */
export function handDepositFault(
  payment: HandPaymentToDeposit | undefined,
  currency: string,
): string | undefined {
  if (!payment) return 'There is no such payment.';
  if (!['check', 'cash', 'wire', 'other'].includes(payment.kind))
    return 'This payment comes with its gateway’s payout.';
  if (!payment.isStanding) return 'This payment does not stand any more.';
  if (payment.depositId) return 'This payment is in another deposit.';
  if (payment.amount <= 0n) return 'All of this payment was given back.';
  if (payment.currency !== currency) return 'This payment is in another currency.';
  return undefined;
}
