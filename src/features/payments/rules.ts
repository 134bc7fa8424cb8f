import type { ChargeKind, GatewayOutcome } from '#features/payments/payment-gateway.ts';

export type PaymentState =
  | 'pending'
  | 'unknown'
  | 'approved'
  | 'settling'
  | 'settled'
  | 'declined'
  | 'submitted'
  | 'accepted'
  | 'collected'
  | 'returned'
  | 'voided';
export type PaymentKind = ChargeKind | 'check' | 'cash' | 'wire' | 'other';

/**
 * What a move does to the money: nothing, take it into the books, give back the reservation, or undo the
 * books.
 */
export type Effect = 'none' | 'post' | 'release' | 'reverse';

type Move = { to: PaymentState; effect: Effect };

const card: Record<string, Partial<Record<PaymentState, Effect>>> = {
  pending: {
    unknown: 'none',
    approved: 'post',
    settling: 'post',
    settled: 'post',
    declined: 'release',
    voided: 'release',
  },
  unknown: { approved: 'post', settling: 'post', settled: 'post', declined: 'release', voided: 'release' },
  approved: { settling: 'none', settled: 'none', voided: 'reverse' },
  settling: { settled: 'none' },
};

// A bank debit holds a reservation until it settles: the payer sees "processing" and the books see nothing.
const bank: Record<string, Partial<Record<PaymentState, Effect>>> = {
  pending: {
    unknown: 'none',
    submitted: 'none',
    accepted: 'none',
    collected: 'none',
    settled: 'post',
    declined: 'release',
    returned: 'release',
    voided: 'release',
  },
  unknown: {
    submitted: 'none',
    accepted: 'none',
    collected: 'none',
    settled: 'post',
    declined: 'release',
    returned: 'release',
    voided: 'release',
  },
  submitted: { accepted: 'none', collected: 'none', settled: 'post', returned: 'release', voided: 'release' },
  accepted: { collected: 'none', settled: 'post', returned: 'release' },
  collected: { settled: 'post', returned: 'release' },
  settled: { returned: 'reverse' },
};

// PayPal takes the money at once, or holds it back for a review or an eCheck: then it is only submitted.
const paypal: Record<string, Partial<Record<PaymentState, Effect>>> = {
  pending: { unknown: 'none', submitted: 'none', settled: 'post', declined: 'release', voided: 'release' },
  unknown: { submitted: 'none', settled: 'post', declined: 'release', voided: 'release' },
  submitted: { settled: 'post', declined: 'release', voided: 'release' },
};

const moves = { card, bank_account: bank, paypal };

/** The one authority on how a payment moves (money.md 4). Undefined: this news changes nothing. */
export function decideMove(kind: ChargeKind, from: PaymentState, to: PaymentState): Move | undefined {
  const effect = moves[kind][from]?.[to];
  return effect === undefined ? undefined : { to, effect };
}

/**
 * What a gateway's answer makes of a payment. `absent` is not a state: the charge never arrived and may be
 * sent.
 */
export function stateOf(outcome: Exclude<GatewayOutcome, { outcome: 'absent' }>): PaymentState {
  return outcome.outcome;
}

/** Money that a gateway moves; the other kinds staff has in hand. */
export const isGatewayKind = (kind: PaymentKind): kind is ChargeKind => kind in moves;

export const isFinal = (kind: PaymentKind, state: PaymentState): boolean =>
  state === 'declined' ||
  state === 'voided' ||
  state === 'returned' ||
  (state === 'settled' && kind !== 'bank_account');

/** States in which money is promised but not ours: a reservation stands against the invoices. */
export const isInProgress = (state: PaymentState): boolean =>
  state === 'pending' ||
  state === 'unknown' ||
  state === 'submitted' ||
  state === 'accepted' ||
  state === 'collected';

const minute_s = 60;
const day_s = 86_400;

/**
 * When to ask the gateway next about a payment whose outcome is unknown: after 1 m, 5 m, 1 h, then daily for
 * 5 days, then a person must look (money.md, promise 4). Undefined: a person.
 */
export function unknownLookupAfter_s(lookups: number): number | undefined {
  return [minute_s, 5 * minute_s, 60 * minute_s, day_s, day_s, day_s, day_s, day_s][lookups];
}

/**
 * When to ask about one that is under way or may still come back; undefined once nothing can change any more.
 */
export function nextLookupAfter_s(
  kind: PaymentKind,
  state: PaymentState,
  lookups: number,
): number | undefined {
  if (!isGatewayKind(kind)) return undefined;
  if (state === 'pending' || state === 'unknown') return unknownLookupAfter_s(lookups);
  if (isFinal(kind, state)) return undefined;
  // A settled bank debit may be returned for 60 days; it is asked about for 65.
  if (state === 'settled') return lookups < 75 ? day_s : undefined;
  return lookups < 40 ? day_s / 4 : day_s;
}

export type InvoiceToPay = {
  id: string;
  customerId: string;
  currency: string;
  balanceDue: bigint;
  reserved: bigint;
  isOpen: boolean;
};
export type Application = { invoiceId: string; amount: bigint };

export type PaymentVerdict =
  | { ok: true }
  | {
      ok: false;
      code: 'not_found' | 'state_refused' | 'amount_too_large' | 'invalid_request';
      reason: string;
      param: string;
    };

/**
 * May this money be put against these invoices, as they stand under lock? Payable now = balance due −
 * reserved; a customer pays own invoices, in their currency, and never more than the payment.
 */
export function decidePayment(
  payment: {
    customerId: string;
    currency: string;
    amount: bigint;
    /** The part of the amount that is paid on top. */
    paidOnTop?: { amount: bigint } | undefined;
    applications: readonly Application[];
  },
  invoices: ReadonlyMap<string, InvoiceToPay>,
): PaymentVerdict {
  const refuse = (
    code: 'not_found' | 'state_refused' | 'amount_too_large' | 'invalid_request',
    reason: string,
    at: number | undefined,
  ): PaymentVerdict => ({
    ok: false,
    code,
    reason,
    param: at === undefined ? 'amount' : `applications.${at}`,
  });
  if (payment.amount <= 0n) return refuse('invalid_request', 'The amount must be above zero.', undefined);
  let total = 0n;
  const seen = new Set<string>();
  for (const [at, application] of payment.applications.entries()) {
    const invoice = invoices.get(application.invoiceId);
    if (!invoice || invoice.customerId !== payment.customerId) {
      return refuse('not_found', `There is no invoice ${application.invoiceId} of this customer.`, at);
    }
    if (seen.has(application.invoiceId)) return refuse('invalid_request', 'An invoice is listed twice.', at);
    seen.add(application.invoiceId);
    if (application.amount <= 0n) return refuse('invalid_request', 'Each amount must be above zero.', at);
    if (invoice.currency !== payment.currency)
      return refuse('invalid_request', 'The invoice is in another currency.', at);
    if (!invoice.isOpen) return refuse('state_refused', 'The invoice is not open any more.', at);
    const payable = invoice.balanceDue - invoice.reserved;
    if (application.amount > payable) {
      return refuse(
        'amount_too_large',
        payable === 0n && invoice.reserved > 0n
          ? 'A payment for this invoice is already being processed.'
          : 'The amount is more than what can be paid on this invoice now.',
        at,
      );
    }
    total += application.amount;
  }
  if (total + (payment.paidOnTop?.amount ?? 0n) > payment.amount)
    return refuse('amount_too_large', 'More is applied than the payment brings.', undefined);
  return { ok: true };
}
