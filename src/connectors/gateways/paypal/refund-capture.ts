import type { GatewayRefunds, RefundOutcome, RefundRequest } from '#features/payments/payment-gateway.ts';
import {
  answerOf,
  errorOf,
  isNotThere,
  type PaypalApi,
  type PaypalError,
  unknownBecause,
  wholeResource,
} from './paypal-api.ts';
import { isSameMoney, toPaypalMoney } from './paypal-money.ts';
import { type PaypalRefund, readCapture, readOrder, refundShape } from './paypal-order.ts';

function outcomeOf(refund: PaypalRefund, request: RefundRequest): RefundOutcome {
  if (refund.amount && !isSameMoney(refund.amount, request))
    return { outcome: 'unknown', reason: 'this refund was made with another amount' };
  const reference = refund.id;
  switch (refund.status) {
    case 'COMPLETED':
      return { outcome: 'settled', reference };
    case 'PENDING':
      return { outcome: 'submitted', reference };
    case 'FAILED':
    case 'CANCELLED': {
      const message = 'PayPal could not give the money back. Refund it another way.';
      return { outcome: 'failed', reference, code: refund.status.toLowerCase(), message };
    }
    default:
      return { outcome: 'unknown', reason: `PayPal says the refund is ${refund.status}` };
  }
}

/** What staff should know of a refusal, where PayPal's own sentence speaks to programmers. */
const advice: Record<string, string> = {
  PENDING_CAPTURE: 'PayPal has not received the money yet: it can be refunded when the payment has settled.',
  REFUND_FAILED_INSUFFICIENT_FUNDS:
    'The PayPal balance does not cover the refund. Add money to it at PayPal and refund again.',
  REFUND_TIME_LIMIT_EXCEEDED: 'PayPal refunds a payment within 180 days only. Refund it another way.',
};

const failed = ({ issue, description }: PaypalError): RefundOutcome => ({
  outcome: 'failed',
  code: issue === 'PENDING_CAPTURE' ? 'too_early' : issue,
  message: advice[issue] ?? (description || 'PayPal refused the refund.'),
});

/**
 * Refunds carry our refund id as PayPal's request id, which PayPal keeps for 45 days, and as custom id,
 * by which they are found on the order for good.
 */
export function paypalRefunds(api: PaypalApi): GatewayRefunds {
  return {
    // PayPal takes the money when it captures, so that there never is anything to take back.
    void: async () => ({
      outcome: 'refused',
      code: 'too_late',
      message: 'PayPal takes the money at once: it can be refunded, not voided.',
    }),

    async refund(request) {
      const result = await api.send({
        method: 'POST',
        path: `/v2/payments/captures/${encodeURIComponent(request.reference)}/refund`,
        json: { amount: toPaypalMoney(request.amount, request.currency), custom_id: request.refundId },
        headers: wholeResource,
        idempotencyKey: request.refundId,
      });
      const refund = answerOf(result, refundShape);
      if (refund) return outcomeOf(refund, request);
      const error = errorOf(result);
      if (isNotThere(error) && error) return failed(error);
      if (error?.name !== 'UNPROCESSABLE_ENTITY') return unknownBecause(result);
      // Nothing may be left because this very refund was made, longer ago than PayPal keeps request ids.
      const earlier = await lookUpRefund(api, request);
      return earlier.outcome === 'absent' ? failed(error) : earlier;
    },

    lookup: (request) => lookUpRefund(api, request),
  };
}

async function lookUpRefund(api: PaypalApi, request: RefundRequest): Promise<RefundOutcome> {
  const capture = await readCapture(api, request.reference);
  if ('failed' in capture) return unknownBecause(capture.failed);
  const order = await readOrder(api, capture.orderId);
  if (!order.found) return { outcome: 'unknown', reason: 'PayPal does not show the order of this capture' };
  const { refunds } = order.found.purchase_units[0].payments;
  const refund = refunds.find((each) => each.custom_id === request.refundId);
  if (refund) return outcomeOf(refund, request);
  // The list is only believed to be whole when it says no less than the capture itself.
  const refunded = capture.status === 'REFUNDED' || capture.status === 'PARTIALLY_REFUNDED';
  return refunded && refunds.length === 0
    ? { outcome: 'unknown', reason: 'PayPal says the capture was refunded but shows no refund' }
    : { outcome: 'absent' };
}
