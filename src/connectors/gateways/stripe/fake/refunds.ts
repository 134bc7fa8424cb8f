import { type Account, allOf, day_s, find, keep, later, newStripeId, now_s, type Of } from './account.ts';
import { integerOf, textOf, wordsOf } from './check-params.ts';
import { book } from './entries.ts';
import { tell } from './events.ts';
import { shown } from './expand.ts';
import type { Params } from './form.ts';
import { readIntent } from './intents.ts';
import { invalid } from './wire.ts';

const isBack = ({ status }: Of<'refund'>): boolean => status !== 'failed' && status !== 'canceled';

/** POST /v1/refunds: of all that is left, or of a part. */
export function createRefund(account: Account, params: Params): object {
  const intent = readIntent(account, textOf(params, 'payment_intent') ?? '');
  const charge = find(account, 'charge', String(intent.latest_charge));
  if (charge?.status !== 'succeeded')
    throw invalid('This PaymentIntent does not have a successful charge to refund.', {
      code: 'charge_not_refundable',
      param: 'payment_intent',
    });
  if (charge.disputed)
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  const left = charge.amount - charge.amount_refunded;
  if (left === 0)
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const amount = integerOf(params, 'amount') ?? left;
  if (amount < 1)
    throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (amount > left)
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  return shown(
    account,
    makeRefund(account, { intent, charge, amount, metadata: wordsOf(params, 'metadata') }),
  );
}

type NewRefund = {
  intent: Of<'payment_intent'>;
  charge: Of<'charge'>;
  amount: number;
  metadata: Record<string, string>;
};

function makeRefund(account: Account, { intent, charge, amount, metadata }: NewRefund): Of<'refund'> {
  const isCard = charge.payment_method_details?.type === 'card';
  const behaviour = account.behaviours.get(String(charge.payment_method))?.refund;
  const waits = behaviour === 'waits' || !isCard;
  const refund: Of<'refund'> = keep(account, {
    id: newStripeId(isCard ? 're' : 'pyr'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: now_s(account),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: isCard ? { type: 'card', card: { type: 'refund' } } : { type: 'us_bank_transfer' },
    metadata,
    payment_intent: intent.id,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: waits ? 'pending' : 'succeeded',
    transfer_reversal: null,
  });
  const entry = book(account, {
    amount: -amount,
    currency: charge.currency,
    type: isCard ? 'refund' : 'payment_refund',
    reporting_category: 'refund',
    description: `REFUND FOR CHARGE (${charge.description ?? ''})`,
    source: refund.id,
  });
  refund.balance_transaction = entry.id;
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  tell(account, refund, 'created');
  tell(account, charge, 'refunded');
  if (waits) later(account, 5 * day_s, () => moveTo(account, refund.id, 'succeeded'));
  if (behaviour === 'fails') later(account, 5 * day_s, () => failRefund(account, refund.id));
  return refund;
}

function moveTo(account: Account, id: string, status: string): void {
  const refund = find(account, 'refund', id);
  if (refund?.status !== 'pending') return;
  refund.status = status;
  tell(account, refund, 'updated');
}

/** The bank of the payer sends it back; the money returns to the balance. */
function failRefund(account: Account, id: string): void {
  const refund = find(account, 'refund', id);
  const charge = find(account, 'charge', String(refund?.charge));
  if (!refund || !charge) return;
  const back = book(account, {
    amount: refund.amount,
    currency: refund.currency,
    type: 'refund_failure',
    reporting_category: 'refund_failure',
    description: 'REFUND FAILURE',
    source: refund.id,
  });
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  refund.failure_balance_transaction = back.id;
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  tell(account, refund, 'failed');
}

export const listRefunds = (account: Account, params: Params): Of<'refund'>[] =>
  allOf(account, 'refund').filter(
    (refund) => params.payment_intent === undefined || refund.payment_intent === params.payment_intent,
  );

export const goneBack = (account: Account): Of<'refund'>[] => allOf(account, 'refund').filter(isBack);
