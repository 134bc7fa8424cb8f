import type Stripe from 'stripe';
import type { GatewayOutcome, MethodDetails } from '#features/payments/payment-gateway.ts';
import { full, idOf } from './stripe-api.ts';
import { authenticationAdvice, returnCode, returnWords } from './stripe-codes.ts';
import { declineCode } from './stripe-declines.ts';

/** What an intent must be asked for with, so that it can be read here. */
export const intentExpand = ['latest_charge.balance_transaction', 'payment_method'];

/** Set by us, and by nobody else, on what the payer would have had to finish and cannot. */
export const abandoned = 'abandoned';

/** What must be ended before it is told, and what only the intent's dispute can tell. */
export type Open = { outcome: 'unfinished' } | { outcome: 'disputed_debit' };

/**
 * A PaymentIntent in the words of the port.
 *
 * Card: Stripe captures at once, so `succeeded` is a promise of money, `approved`, until its balance
 * transaction turns from `pending` to `available`: then it is `settled`. Stripe has no moment that would be
 * `settling`. What it has captured it cannot void, but refunds at once.
 *
 * Bank debit: `submitted` while `processing`, for up to four business days; `settled` when `succeeded`;
 * `returned` when its charge failed after it was sent, whether before it succeeded or long after. What is
 * taken back after it succeeded can also come as a dispute, which Stripe decides by itself: `taken` is that
 * dispute, null if none.
 */
export function readIntent(
  intent: Stripe.PaymentIntent,
  taken?: Stripe.Dispute | null,
): GatewayOutcome | Open {
  const reference = intent.id;
  const method = methodOf(intent);
  const charge = full(intent.latest_charge);
  const isDebit = kindOf(intent) === 'bank_account';
  const cameBack = charge?.status === 'failed' && charge.outcome?.type !== 'blocked';
  if (isDebit && cameBack && intent.status !== 'canceled') return returned(intent, charge);
  switch (intent.status) {
    case 'succeeded': {
      if (!method) return { outcome: 'unknown', reason: 'Stripe named no payment method' };
      if (isDebit && charge?.disputed && taken !== null)
        return taken ? returnedByDispute(reference, taken) : { outcome: 'disputed_debit' };
      if (isDebit) return { outcome: 'settled', reference, method };
      const isThere = full(charge?.balance_transaction)?.status === 'available';
      if (isThere) return { outcome: 'settled', reference, method };
      return { outcome: 'approved', reference, method, refundAtOnce: true };
    }
    case 'requires_capture':
      return method
        ? { outcome: 'approved', reference, method }
        : { outcome: 'unknown', reason: 'Stripe named no payment method' };
    case 'processing':
      return isDebit && method
        ? { outcome: 'submitted', reference, method }
        : { outcome: 'unknown', reason: 'Stripe is still deciding' };
    case 'canceled':
      return intent.cancellation_reason === abandoned
        ? unauthenticated(intent)
        : { outcome: 'voided', reference };
    case 'requires_payment_method':
      return intent.last_payment_error
        ? declined(intent, intent.last_payment_error)
        : { outcome: 'unfinished' };
    case 'requires_action':
    case 'requires_confirmation':
      return { outcome: 'unfinished' };
    default:
      return { outcome: 'unknown', reason: `Stripe says ${intent.status}` };
  }
}

function declined(
  { id: reference, payment_method, last_payment_error }: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError,
): GatewayOutcome {
  const word = error.decline_code ?? error.code ?? 'card_declined';
  const code = declineCode(word, error.type === 'card_error');
  const message =
    code === 'authentication_required'
      ? authenticationAdvice
      : (error.message ?? 'The payment was declined.');
  const method = detailsOf(last_payment_error?.payment_method ?? full(payment_method));
  const vendor = { code: word, message: error.message ?? '' };
  return { outcome: 'declined', reference, code, message, vendor, ...(method && { method }) };
}

function unauthenticated(intent: Stripe.PaymentIntent): GatewayOutcome {
  return {
    outcome: 'declined',
    reference: intent.id,
    code: 'authentication_required',
    message: authenticationAdvice,
  };
}

function returned(intent: Stripe.PaymentIntent, charge: Stripe.Charge): GatewayOutcome {
  const word = charge.failure_code ?? intent.last_payment_error?.code ?? 'failed';
  const network = charge.outcome?.network_decline_code ?? intent.last_payment_error?.network_decline_code;
  const message = charge.failure_message ?? returnWords[word] ?? 'The bank returned the debit.';
  return {
    outcome: 'returned',
    reference: intent.id,
    returnCode: returnCode(network, word),
    message,
    vendor: { code: word, message },
  };
}

function returnedByDispute(reference: string, dispute: Stripe.Dispute): GatewayOutcome {
  const message = returnWords[dispute.reason] ?? 'The bank took the debit back.';
  return {
    outcome: 'returned',
    reference,
    returnCode: returnCode(dispute.network_reason_code, dispute.reason),
    message,
    vendor: { code: dispute.reason, message },
  };
}

/** An inquiry asks a question and moves no money. */
export const isInquiry = (dispute: Stripe.Dispute): boolean =>
  dispute.status.startsWith('warning_') || dispute.status === 'prevented';

const typeOf = (intent: Stripe.PaymentIntent): string | undefined =>
  full(intent.payment_method)?.type ??
  full(intent.latest_charge)?.payment_method_details?.type ??
  intent.last_payment_error?.payment_method?.type;

const kindOf = (intent: Stripe.PaymentIntent): 'bank_account' | 'card' =>
  typeOf(intent) === 'us_bank_account' ? 'bank_account' : 'card';

function methodOf(intent: Stripe.PaymentIntent): MethodDetails | undefined {
  const method = detailsOf(full(intent.payment_method));
  const token = idOf(intent.payment_method);
  return method && intent.setup_future_usage === 'off_session' && token !== undefined
    ? { ...method, storedToken: token }
    : method;
}

const fundings = new Set(['credit', 'debit', 'prepaid'] as const);
const isFunding = (text: string): text is 'credit' | 'debit' | 'prepaid' =>
  (fundings as ReadonlySet<string>).has(text);

/** What may be shown of a method. Undefined for kinds that Owed does not take. */
export function detailsOf(
  method: Pick<Stripe.PaymentMethod, 'card' | 'us_bank_account'> | undefined,
): MethodDetails | undefined {
  if (method?.card) {
    const { brand, last4, exp_year: year, exp_month: month, funding } = method.card;
    return {
      kind: 'card',
      brand,
      last4,
      expiry: { year, month },
      funding: isFunding(funding) ? funding : 'unknown',
    };
  }
  const account = method?.us_bank_account;
  if (!account) return undefined;
  return { kind: 'bank_account', brand: account.bank_name ?? 'Bank account', last4: account.last4 ?? '' };
}
