import type { ChargeRequest, GatewayOutcome, LookupRequest } from '#features/payments/payment-gateway.ts';
import { declined, outcomeForRequest, outcomeOfOrder } from './order-outcome.ts';
import {
  answerOf,
  errorOf,
  isNotThere,
  type PaypalApi,
  unknownBecause,
  wholeResource,
} from './paypal-api.ts';
import { isSameMoney } from './paypal-money.ts';
import { orderShape, type PaypalOrder, readCapture, readOrder } from './paypal-order.ts';

type Decision = { outcome: GatewayOutcome } | { capture: PaypalOrder };

/** What may be done with the order as it stands: nothing is captured that the payer did not agree to. */
function decide(order: PaypalOrder, request: ChargeRequest): Decision {
  const outcome = outcomeForRequest(order, request);
  if (outcome) return { outcome };
  if (!isSameMoney(order.purchase_units[0].amount, request)) return { outcome: declined('amount_mismatch') };
  if (order.status === 'APPROVED') return { capture: order };
  return { outcome: declined(order.status === 'VOIDED' ? 'order_voided' : 'ORDER_NOT_APPROVED') };
}

async function readAndDecide(api: PaypalApi, request: ChargeRequest): Promise<Decision> {
  const order = await readOrder(api, request.source.token);
  if (order.found) return decide(order.found, request);
  return { outcome: order.absent ? declined('order_expired') : unknownBecause(order.failed) };
}

/** Captures an order that the payer approved, under our payment's id. */
export async function chargeOrder(api: PaypalApi, request: ChargeRequest): Promise<GatewayOutcome> {
  // Nothing is stored at PayPal, and consent to another kind is none to this one.
  if (request.source.kind === 'stored') return declined('not_stored');
  if (request.kind !== undefined && request.kind !== 'paypal') return declined('wrong_method');
  const first = await readAndDecide(api, request);
  if ('outcome' in first) return first.outcome;
  const named = await nameOrder(api, first.capture, request.paymentId);
  if (named) return named === 'moved' ? afterwards(api, request, 'ORDER_ALREADY_CAPTURED') : named;

  const result = await api.send({
    method: 'POST',
    path: `/v2/checkout/orders/${encodeURIComponent(first.capture.id)}/capture`,
    json: {},
    headers: wholeResource,
    idempotencyKey: request.paymentId,
  });
  const order = answerOf(result, orderShape);
  if (order) return outcomeForRequest(order, request) ?? unknownBecause(result);
  const error = errorOf(result);
  if (isNotThere(error)) return declined('order_expired');
  if (error?.name !== 'UNPROCESSABLE_ENTITY' || underWay.has(error.issue)) return unknownBecause(result);
  return afterwards(api, request, error.issue);
}

/** PayPal is still at it, or answered another request under our id. */
const underWay = new Set([
  'ORDER_COMPLETION_IN_PROGRESS',
  'PREVIOUS_REQUEST_IN_PROGRESS',
  'DUPLICATE_REQUEST_ID',
]);

/**
 * Puts our payment id on the order, and so on the capture, the webhooks and the reports: from then on the
 * payment can be found. `moved` when the order was captured meanwhile.
 */
async function nameOrder(
  api: PaypalApi,
  order: PaypalOrder,
  paymentId: string,
): Promise<GatewayOutcome | 'moved' | undefined> {
  const unit = order.purchase_units[0];
  if (unit.custom_id === paymentId) return undefined;
  const result = await api.send({
    method: 'PATCH',
    path: `/v2/checkout/orders/${encodeURIComponent(order.id)}`,
    json: [
      {
        op: unit.custom_id === undefined ? 'add' : 'replace',
        path: `/purchase_units/@reference_id=='${unit.reference_id}'/custom_id`,
        value: paymentId,
      },
    ],
    // Never the payment id itself: PayPal might then answer the capture with what it said to this.
    idempotencyKey: `${paymentId}-name`,
  });
  if (result.kind === 'answered' && result.status === 204) return undefined;
  const error = errorOf(result);
  if (isNotThere(error)) return declined('order_expired');
  return error?.issue === 'ORDER_ALREADY_COMPLETED' ? 'moved' : unknownBecause(result);
}

/**
 * A plain no to a capture is believed when the order shows that nothing was captured; a no because it was
 * captured already is answered by what the order says of that capture.
 */
async function afterwards(api: PaypalApi, request: ChargeRequest, issue: string): Promise<GatewayOutcome> {
  const order = await readOrder(api, request.source.token);
  if (!order.found) return order.absent ? declined('order_expired') : unknownBecause(order.failed);
  const outcome = outcomeForRequest(order.found, request);
  if (outcome) return outcome;
  return issue === 'ORDER_ALREADY_CAPTURED'
    ? { outcome: 'unknown', reason: 'PayPal says the order was captured, and does not show it yet' }
    : declined(issue);
}

/**
 * PayPal keeps request ids for six hours only, so what became of a payment is read from its order: by the
 * capture that it named, or by the order that the payer came back with. Without either nothing can be asked.
 */
export async function lookUpPayment(api: PaypalApi, request: LookupRequest): Promise<GatewayOutcome> {
  const { reference, source, paymentId } = request;
  let orderId = source?.kind === 'one_time' ? source.token : undefined;
  if (orderId === undefined && reference !== undefined) {
    const capture = await readCapture(api, reference);
    if ('failed' in capture) return unknownBecause(capture.failed);
    orderId = capture.orderId;
  }
  if (orderId === undefined)
    return { outcome: 'unknown', reason: 'PayPal can be asked only by its order or its reference' };
  const order = await readOrder(api, orderId);
  if (order.found) {
    const outcome = outcomeOfOrder(order.found, paymentId);
    if (outcome) return outcome;
  } else if (!order.absent) return unknownBecause(order.failed);
  // PayPal forgets an order that nobody captured; a captured one it keeps, and a named capture was real.
  return reference === undefined
    ? { outcome: 'absent' }
    : { outcome: 'unknown', reason: 'PayPal named a capture that its order does not show' };
}
