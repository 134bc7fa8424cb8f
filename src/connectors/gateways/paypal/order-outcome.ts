import type { ChargeRequest, GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { isSameMoney } from './paypal-money.ts';
import { methodOf, type PaypalCapture, type PaypalOrder } from './paypal-order.ts';

/** What PayPal says went wrong, and what the payer can do about it. */
const advice: Record<string, string> = {
  INSTRUMENT_DECLINED:
    'The bank or card behind your PayPal account declined. Choose another one at PayPal, or pay another way.',
  PAYER_ACTION_REQUIRED: 'PayPal needs you to confirm the payment once more. Start again.',
  REDIRECT_PAYER_FOR_ALTERNATE_FUNDING:
    'PayPal could not use the chosen source. Choose another one at PayPal, or pay another way.',
  ORDER_NOT_APPROVED: 'The payment was not confirmed at PayPal. Start again.',
  PAYER_CANNOT_PAY: 'This PayPal account cannot make the payment. Pay another way.',
  PAYER_ACCOUNT_RESTRICTED: 'This PayPal account is restricted. Ask PayPal, or pay another way.',
  PAYER_ACCOUNT_LOCKED_OR_CLOSED: 'This PayPal account is locked or closed. Pay another way.',
  TRANSACTION_REFUSED: 'PayPal refused the payment. Pay another way.',
  COMPLIANCE_VIOLATION: 'PayPal refused the payment. Pay another way.',
  TRANSACTION_LIMIT_EXCEEDED: 'The amount is above what this PayPal account may send. Pay another way.',
  TRANSACTION_RECEIVING_LIMIT_EXCEEDED:
    'The amount is above what may be received with PayPal. Pay another way.',
  MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED: 'PayPal was tried too often. Start again, or pay another way.',
  amount_mismatch: 'The amount confirmed at PayPal is not the amount to be paid. Start again.',
  token_used: 'This PayPal payment was used before. Start again.',
  order_expired: 'The payment confirmed at PayPal has expired. Start again.',
  order_voided: 'The payment was ended at PayPal. Start again.',
};

export function declined(code: string, reference?: string): GatewayOutcome {
  const message = advice[code] ?? 'PayPal did not make the payment. Start again, or pay another way.';
  return { outcome: 'declined', code, message, ...(reference !== undefined && { reference }) };
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
