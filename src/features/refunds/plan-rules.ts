import { allocate, least, sum } from '#lib/money.ts';

/**
 * Inclusive: the payer gets the fee's share back too. Exclusive: the fee stays with the organization. A
 * discount is always inclusive.
 */
export type FeeHandling = 'inclusive' | 'exclusive';

/**
 * What a payment brought to one invoice, how much of that had a discount taken off it, and how much of it
 * went back already.
 */
export type Piece = { invoiceId: string; amount: bigint; discounted: bigint; refunded: bigint };

/** A settled payment with its refunds that have not failed. */
export type RefundablePayment = {
  amount: bigint;
  fee: bigint;
  feeRefunded: bigint;
  /** Refunded without the fee, by refunds that gave the fee's share back. */
  inclusivePrincipal: bigint;
  /** What of the principal the discount was taken off, wherever it is applied by now; 0 without one. */
  discounted: bigint;
  /** Brought and applied to no invoice, and how much of that went back. */
  unapplied: bigint;
  unappliedRefunded: bigint;
  /** In the order shown. */
  pieces: readonly Piece[];
};

export type RefundAsk = {
  /** Of invoices and unapplied cash; the fee's share comes on top. Undefined: all that is left. */
  principal?: bigint | undefined;
  feeHandling: FeeHandling;
  /** The split; undefined: unapplied cash first, then the invoices in the order shown. */
  lines?: readonly { invoiceId: string; amount: bigint }[] | undefined;
  fromUnapplied?: bigint | undefined;
};

export type RefundPlan = {
  amount: bigint;
  feeAmount: bigint;
  fromUnapplied: bigint;
  lines: { invoiceId: string; amount: bigint }[];
};

export type PlanVerdict =
  | { ok: true; plan: RefundPlan }
  | { ok: false; code: 'invalid_request' | 'amount_too_large' | 'not_found'; reason: string; param: string };

export const unappliedLeft = (payment: RefundablePayment): bigint =>
  payment.unapplied - payment.unappliedRefunded;
export const pieceLeft = (piece: Piece): bigint => piece.amount - piece.refunded;
export const principalLeft = (payment: RefundablePayment): bigint =>
  unappliedLeft(payment) + sum(payment.pieces.map(pieceLeft));
export const feeLeft = (payment: RefundablePayment): bigint => payment.fee - payment.feeRefunded;

type Split = Pick<RefundPlan, 'fromUnapplied' | 'lines'>;

/**
 * The fee's share of a refund. Shares are of the running total, not of each part, so that many partial
 * refunds return the fee exactly, to the unit.
 */
export function feeShare(payment: RefundablePayment, split: Split): bigint {
  if (payment.fee < 0n) return discountShare(payment, split);
  const whole = payment.amount - payment.fee;
  const total = payment.inclusivePrincipal + principalOf(split);
  if (whole <= 0n || payment.fee === 0n) return 0n;
  const due = allocate(payment.fee, [total, whole - total])[0] ?? 0n;
  const share = due - payment.feeRefunded;
  return share <= 0n ? 0n : least(share, feeLeft(payment));
}

/** A discount is a fee below zero: its share makes what goes back less, where it was taken off. */
function discountShare(payment: RefundablePayment, split: Split): bigint {
  // Where nobody knows any more, it was taken off all of it.
  const discounted = payment.discounted > 0n ? payment.discounted : payment.amount - payment.fee;
  const back = discountedBack({ ...payment, discounted }, split);
  const due = allocate(payment.fee, [back, discounted - back])[0] ?? 0n;
  const share = due - payment.feeRefunded;
  return share >= 0n ? 0n : share < feeLeft(payment) ? feeLeft(payment) : share;
}

/**
 * What will have gone back of what the discount was taken off. Of an invoice that is its discounted part
 * first. What was paid ahead, and what has since been put elsewhere, is one pot: first out is what was paid
 * in full.
 */
function discountedBack(payment: RefundablePayment, { fromUnapplied, lines }: Split): bigint {
  const { pieces, discounted, amount, fee } = payment;
  const backOf = ({ invoiceId, refunded }: Piece): bigint =>
    refunded + sum(lines.filter((line) => line.invoiceId === invoiceId).map((line) => line.amount));
  const own = sum(pieces.map((piece) => least(backOf(piece), piece.discounted)));
  const all = payment.unappliedRefunded + fromUnapplied + sum(pieces.map(backOf));
  const ofPot = all - own - (amount - fee - discounted);
  return own + (ofPot > 0n ? ofPot : 0n);
}

const principalOf = ({ fromUnapplied, lines }: Split): bigint =>
  fromUnapplied + sum(lines.map(({ amount }) => amount));

/** Unapplied cash first: no invoice has used it. Then the invoices in the order shown. */
export function splitOf(payment: RefundablePayment, principal: bigint): Split {
  const fromUnapplied = least(principal, unappliedLeft(payment));
  let rest = principal - fromUnapplied;
  const lines = payment.pieces.flatMap((piece) => {
    const amount = least(rest, pieceLeft(piece));
    rest -= amount;
    return amount > 0n ? [{ invoiceId: piece.invoiceId, amount }] : [];
  });
  return { fromUnapplied, lines };
}

const refuse = (
  code: Extract<PlanVerdict, { ok: false }>['code'],
  reason: string,
  param: string,
): PlanVerdict => ({ ok: false, code, reason, param });

/** What goes back, and out of what. Never more than is left of each part, so never more than came in. */
export function planRefund(payment: RefundablePayment, ask: RefundAsk): PlanVerdict {
  if (payment.fee < 0n && ask.feeHandling === 'exclusive')
    return refuse(
      'invalid_request',
      'A discount goes back with what it was taken off, or more would go back than was paid: choose inclusive.',
      'fee_handling',
    );
  const left = principalLeft(payment);
  const isSplit = ask.lines !== undefined || ask.fromUnapplied !== undefined;
  const given = sum((ask.lines ?? []).map(({ amount }) => amount)) + (ask.fromUnapplied ?? 0n);
  const isAll = ask.principal === undefined && !isSplit;
  const principal = ask.principal ?? (isSplit ? given : left);
  if (principal < 0n || (principal === 0n && !isAll))
    return refuse('invalid_request', 'The amount must be above zero.', 'principal');
  if (principal > left)
    return refuse('amount_too_large', 'This is more than is left of the payment to give back.', 'principal');
  if (isSplit && given !== principal)
    return refuse('invalid_request', 'The split over the invoices does not add up to the amount.', 'lines');
  const wrong = isSplit ? splitFault(payment, ask) : undefined;
  if (wrong) return wrong;
  const split = isSplit
    ? { fromUnapplied: ask.fromUnapplied ?? 0n, lines: [...(ask.lines ?? [])] }
    : splitOf(payment, principal);
  const feeAmount =
    ask.feeHandling === 'exclusive' ? 0n : isAll ? feeLeft(payment) : feeShare(payment, split);
  if (principal + feeAmount === 0n)
    return refuse(
      'amount_too_large',
      'Nothing is left of this payment to give back that way.',
      'fee_handling',
    );
  return { ok: true, plan: { amount: principal + feeAmount, feeAmount, ...split } };
}

function splitFault(payment: RefundablePayment, ask: RefundAsk): PlanVerdict | undefined {
  const fromUnapplied = ask.fromUnapplied ?? 0n;
  if (fromUnapplied < 0n)
    return refuse('invalid_request', 'The amount must not be negative.', 'from_unapplied');
  if (fromUnapplied > unappliedLeft(payment))
    return refuse('amount_too_large', 'Less unapplied cash than that is left.', 'from_unapplied');
  const seen = new Set<string>();
  for (const [at, line] of (ask.lines ?? []).entries()) {
    const piece = payment.pieces.find(({ invoiceId }) => invoiceId === line.invoiceId);
    const param = `lines.${at}`;
    if (!piece) return refuse('not_found', 'The payment was not applied to this invoice.', param);
    if (seen.has(line.invoiceId)) return refuse('invalid_request', 'An invoice is listed twice.', param);
    seen.add(line.invoiceId);
    if (line.amount <= 0n) return refuse('invalid_request', 'Each amount must be above zero.', param);
    if (line.amount > pieceLeft(piece))
      return refuse('amount_too_large', 'More than is left of what was applied to this invoice.', param);
  }
  return undefined;
}

/** The payment after one more refund: the next of a batch is decided against it. */
export function afterRefund<Payment extends RefundablePayment>(
  payment: Payment,
  plan: RefundPlan,
  feeHandling: FeeHandling,
): Payment {
  const byInvoice = new Map(plan.lines.map(({ invoiceId, amount }) => [invoiceId, amount]));
  return {
    ...payment,
    feeRefunded: payment.feeRefunded + plan.feeAmount,
    inclusivePrincipal:
      payment.inclusivePrincipal + (feeHandling === 'inclusive' ? plan.amount - plan.feeAmount : 0n),
    unappliedRefunded: payment.unappliedRefunded + plan.fromUnapplied,
    pieces: payment.pieces.map((piece) => ({
      ...piece,
      refunded: piece.refunded + (byInvoice.get(piece.invoiceId) ?? 0n),
    })),
  };
}
