import {
  type Application,
  decidePayment,
  type InvoiceToPay,
  isInProgress,
  type PaymentState,
  type PaymentVerdict,
} from '#features/payments/rules.ts';
import { sum } from '#lib/money.ts';

/** A payment as it stands under lock, for what of it can be put against invoices, or taken off them. */
export type AppliedPayment = {
  customerId: string;
  currency: string;
  state: PaymentState;
  amount: bigint;
  fee: bigint;
  applied: bigint;
  /** What refunds took, or are taking, out of unapplied cash. */
  unappliedRefunded: bigint;
  postedAt: Date | null;
  endedAt: Date | null;
  /** A wish to void that has been neither carried out nor refused. */
  isVoidAsked: boolean;
};

type Refused = Extract<PaymentVerdict, { ok: false }>;

const refuse = (code: Refused['code'], reason: string, param: string): Refused => ({
  ok: false,
  code,
  reason,
  param,
});

export const unappliedOf = (payment: AppliedPayment): bigint =>
  payment.amount - payment.fee - payment.applied - payment.unappliedRefunded;

function refuseWhatDoesNotStand(payment: AppliedPayment): Refused | undefined {
  if (payment.postedAt !== null && payment.endedAt === null) return undefined;
  const reason = isInProgress(payment.state)
    ? 'This payment is still under way. It can be applied, or taken off, once it is in the books.'
    : `This payment is ${payment.state}. Only one that stands can be applied or taken off.`;
  return refuse('state_refused', reason, 'id');
}

/**
 * May unapplied cash be put against these invoices? The payment must stand, the invoices be the same
 * customer’s, and neither side give more than it has left.
 */
export function decideApplying(
  payment: AppliedPayment,
  applications: readonly Application[],
  invoices: ReadonlyMap<string, InvoiceToPay>,
): PaymentVerdict {
  const fallen = refuseWhatDoesNotStand(payment);
  if (fallen) return fallen;
  if (payment.isVoidAsked)
    return refuse('state_refused', 'A void of this payment is under way. Wait for its outcome.', 'id');
  const left = unappliedOf(payment);
  if (left <= 0n) return refuse('amount_too_large', 'All of this payment is applied already.', 'id');
  // Whatever is wrong with an invoice is said first; then whether the money reaches.
  const asked = sum(applications.map(({ amount }) => amount));
  const verdict = decidePayment({ ...payment, amount: asked > 0n ? asked : left, applications }, invoices);
  if (!verdict.ok || asked <= left) return verdict;
  return refuse('amount_too_large', 'More than is left unapplied of this payment.', 'applications');
}

/**
 * May a payment be taken off an invoice? Not what was refunded: that money is with the payer, and would be
 * unapplied cash that nobody has.
 */
export function decideUnapplying(
  payment: AppliedPayment,
  there: { applied: bigint; refunded: bigint },
): PaymentVerdict {
  const fallen = refuseWhatDoesNotStand(payment);
  if (fallen) return fallen;
  if (there.applied === 0n)
    return refuse('not_found', 'This payment is not applied to that invoice.', 'invoice_id');
  if (there.refunded > 0n)
    return refuse(
      'state_refused',
      'Some of what this payment brought to the invoice was refunded. It stays applied there.',
      'invoice_id',
    );
  return { ok: true };
}
