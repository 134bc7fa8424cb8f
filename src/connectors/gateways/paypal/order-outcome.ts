import type { ChargeRequest, GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { paypalDecline } from './paypal-declines.ts';
import { isSameMoney } from './paypal-money.ts';
import { methodOf, type PaypalCapture, type PaypalOrder } from './paypal-order.ts';

export function declined(theirs: string, reference?: string): GatewayOutcome {
  const { code, message } = paypalDecline(theirs);
  const vendor = { code: theirs, message };
  return { outcome: 'declined', code, message, vendor, ...(reference !== undefined && { reference }) };
}

const dead = new Set(['DECLINED', 'FAILED']);

/** Of several attempts the one that moved money, or the last: an order of ours is captured at most once. */
const captureOf = (order: PaypalOrder): PaypalCapture | undefined => {
  const { captures } = order.purchase_units[0].payments;
  return captures.find((each) => !dead.has(each.status)) ?? captures.at(-1);
};

/**
 * What an order says of our payment; undefined while it was never captured. An order can be captured once,
 * and the capture keeps the custom id that the order had at that moment: the payment named there owns the
 * money, whoever's request it was, so that no two payments ever claim one capture.
 */
export function outcomeOfOrder(order: PaypalOrder, paymentId: string): GatewayOutcome | undefined {
  const capture = captureOf(order);
  if (!capture) {
    if (order.status === 'COMPLETED')
      return { outcome: 'unknown', reason: 'PayPal says the order is completed but names no capture' };
    return undefined;
  }
  if (capture.custom_id !== paymentId) {
    // A failed attempt of an earlier payment leaves the order free.
    return dead.has(capture.status) && order.status !== 'COMPLETED' ? undefined : declined('token_used');
  }
  const reference = capture.id;
  switch (capture.status) {
    case 'COMPLETED':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
      return { outcome: 'settled', reference, method: methodOf(order) };
    case 'PENDING':
      return { outcome: 'submitted', reference, method: methodOf(order) };
    case 'DECLINED':
    case 'FAILED':
      return declined('INSTRUMENT_DECLINED', reference);
    default:
      return { outcome: 'unknown', reason: `PayPal says the capture is ${capture.status}` };
  }
}

/** The outcome of a charge that was asked for just now: its amount is known, and must be the captured one. */
export function outcomeForRequest(order: PaypalOrder, request: ChargeRequest): GatewayOutcome | undefined {
  const outcome = outcomeOfOrder(order, request.paymentId);
  const taken = outcome?.outcome === 'settled' || outcome?.outcome === 'submitted';
  if (taken && !isSameMoney(captureOf(order)?.amount, request))
    return { outcome: 'unknown', reason: 'this payment was captured with another amount' };
  return outcome;
}
