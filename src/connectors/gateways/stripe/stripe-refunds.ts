import type Stripe from 'stripe';
import type { GatewayRefunds, RefundOutcome, RefundRequest } from '#features/payments/payment-gateway.ts';
import { ourNames, type StripeApi, troubleOf } from './stripe-api.ts';
import { toStripeAmount } from './stripe-money.ts';

const tooLate = 'Stripe has taken this payment already. Refund it instead.';

export const stripeRefunds = ({ api, secrets }: StripeApi): GatewayRefunds => ({
  /**
   * Stripe captures a card at once, and then there is nothing to void. What can be ended is a charge that
   * waits for its capture, and a bank debit in the short time before Stripe hands it to the network.
   */
  async void({ paymentId, reference }) {
    try {
      const ended = await api.paymentIntents.cancel(
        reference,
        { cancellation_reason: 'requested_by_customer' },
        { idempotencyKey: `${paymentId}-void` },
      );
      if (ended.object === 'payment_intent' && ended.status === 'canceled')
        return { outcome: 'voided', reference };
      return { outcome: 'unknown', reason: 'Stripe did not say that it ended the payment' };
    } catch (error) {
      const trouble = troubleOf(error, secrets);
      if (trouble.kind === 'unknown') return { outcome: 'unknown', reason: trouble.reason };
      if (trouble.error.payment_intent?.status === 'canceled') return { outcome: 'voided', reference };
      return trouble.code === 'payment_intent_unexpected_state'
        ? { outcome: 'refused', code: 'too_late', message: tooLate }
        : { outcome: 'refused', code: trouble.code, message: trouble.message };
    }
  },

  async refund(request) {
    const amount = toStripeAmount(request.amount, request.currency);
    if (amount === undefined)
      return { outcome: 'failed', code: 'invalid_amount', message: 'Stripe has no such amount.' };
    try {
      const refund = await api.refunds.create(
        {
          payment_intent: request.reference,
          amount,
          metadata: { [ourNames.refund]: request.refundId, [ourNames.payment]: request.paymentId },
        },
        { idempotencyKey: request.refundId },
      );
      return outcomeOf(refund);
    } catch (error) {
      const trouble = troubleOf(error, secrets);
      return trouble.kind === 'unknown'
        ? { outcome: 'unknown', reason: trouble.reason }
        : { outcome: 'failed', code: trouble.code, message: trouble.message };
    }
  },

  async lookup(request) {
    try {
      return await findRefund(api, request);
    } catch (error) {
      const trouble = troubleOf(error, secrets);
      const reason = trouble.kind === 'unknown' ? trouble.reason : `Stripe refused to tell: ${trouble.code}`;
      return { outcome: 'unknown', reason };
    }
  },
});

async function findRefund(api: Stripe, { refundId, reference }: RefundRequest): Promise<RefundOutcome> {
  for await (const refund of api.refunds.list({ payment_intent: reference, limit: 100 }))
    if (refund.metadata?.[ourNames.refund] === refundId) return outcomeOf(refund);
  return { outcome: 'absent' };
}

const failures: Record<string, string> = {
  charge_for_pending_refund_disputed: 'The payer disputed the charge meanwhile.',
  declined: 'The bank of the payer did not take the refund.',
  expired_or_canceled_card: 'The card has expired or was canceled.',
  insufficient_funds: 'The balance at Stripe is too low for this refund.',
  lost_or_stolen_card: 'The card was reported lost or stolen.',
  merchant_request: 'The refund was stopped at your request.',
};

/** `succeeded` is Stripe's last word on most refunds; a bank that sends one back makes it `failed` later. */
function outcomeOf(refund: Stripe.Refund): RefundOutcome {
  const reference = refund.id;
  if (refund.object !== 'refund')
    return { outcome: 'unknown', reason: 'Stripe answered with something else' };
  switch (refund.status) {
    case 'succeeded':
      return { outcome: 'settled', reference };
    case 'pending':
    case 'requires_action':
      return { outcome: 'submitted', reference };
    case 'failed':
    case 'canceled': {
      const code = refund.failure_reason ?? refund.status;
      return {
        outcome: 'failed',
        reference,
        code,
        message: failures[code] ?? 'The refund did not go through.',
      };
    }
    default:
      return { outcome: 'unknown', reason: `Stripe says ${refund.status}` };
  }
}
