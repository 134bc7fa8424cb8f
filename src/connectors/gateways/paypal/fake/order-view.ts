import type { Capture, Order, Refund } from './books.ts';
import { instant, money } from './wire.ts';

/** Where the fake is reached, and who it pays. */
export type Place = { url: string; merchantId: string };

const link = (place: Place, path: string, rel: string, method = 'GET') => ({
  href: `${place.url}${path}`,
  rel,
  method,
});

const times = (thing: { created_ms: number; updated_ms: number }) => ({
  create_time: instant(thing.created_ms),
  update_time: instant(thing.updated_ms),
});

const payee = ({ merchantId }: Place) => ({ email_address: 'business@example.com', merchant_id: merchantId });

export function captureView(place: Place, capture: Capture) {
  const { currency } = capture.order;
  const { id, amount, fee, reason } = capture;
  return {
    id,
    status: capture.status,
    ...(reason && { status_details: { reason } }),
    amount: money(amount, currency),
    final_capture: true,
    disbursement_mode: 'INSTANT',
    seller_protection: {
      status: 'ELIGIBLE',
      dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'],
    },
    ...(capture.status !== 'PENDING' && {
      seller_receivable_breakdown: {
        gross_amount: money(amount, currency),
        paypal_fee: money(fee, currency),
        net_amount: money(amount - fee, currency),
      },
    }),
    ...(capture.customId && { custom_id: capture.customId }),
    ...times(capture),
    links: [
      link(place, `/v2/payments/captures/${id}`, 'self'),
      link(place, `/v2/payments/captures/${id}/refund`, 'refund', 'POST'),
      link(place, `/v2/checkout/orders/${capture.order.id}`, 'up'),
    ],
  };
}

/** As it is answered under its own address, where it also names its order. */
export const captureAlone = (place: Place, capture: Capture) => ({
  ...captureView(place, capture),
  payee: payee(place),
  supplementary_data: { related_ids: { order_id: capture.order.id } },
});

export function refundView(place: Place, refund: Refund) {
  const { currency } = refund.capture.order;
  const { id, amount } = refund;
  return {
    id,
    status: refund.status,
    amount: money(amount, currency),
    ...(refund.customId && { custom_id: refund.customId }),
    seller_payable_breakdown: {
      gross_amount: money(amount, currency),
      paypal_fee: money(0n, currency),
      net_amount: money(amount, currency),
    },
    ...times(refund),
    links: [
      link(place, `/v2/payments/refunds/${id}`, 'self'),
      link(place, `/v2/payments/captures/${refund.capture.id}`, 'up'),
    ],
  };
}

/** Pay Later is the PayPal wallet to whoever captures: only the reports tell it apart. */
function sourceOf(order: Order): object {
  if (order.buyer === undefined) return { paypal: {} };
  const name = { given_name: 'Pat', surname: 'Payer' };
  const person = { email_address: 'payer@example.com', account_id: order.payerId, name };
  if (order.buyer === 'venmo') return { venmo: { ...person, user_name: 'patpayer' } };
  return { paypal: { ...person, account_status: 'VERIFIED' } };
}

const orderLinks = (place: Place, order: Order) => [
  link(place, `/v2/checkout/orders/${order.id}`, 'self'),
  ...(order.status === 'PAYER_ACTION_REQUIRED'
    ? [link(place, `/checkoutnow?token=${order.id}`, 'payer-action')]
    : []),
  ...(order.status === 'APPROVED'
    ? [link(place, `/v2/checkout/orders/${order.id}/capture`, 'capture', 'POST')]
    : []),
];

export const briefOrder = (place: Place, order: Order) => ({
  id: order.id,
  status: order.status,
  payment_source: sourceOf(order),
  links: orderLinks(place, order),
});

export function wholeOrder(place: Place, order: Order) {
  const { capture } = order;
  return {
    ...briefOrder(place, order),
    intent: 'CAPTURE',
    purchase_units: [
      {
        reference_id: order.referenceId,
        amount: money(order.amount, order.currency),
        payee: payee(place),
        ...(order.description && { description: order.description }),
        ...(order.customId && { custom_id: order.customId }),
        ...(capture && {
          payments: {
            captures: [captureView(place, capture)],
            ...(capture.refunds.length > 0 && {
              refunds: capture.refunds.map((each) => refundView(place, each)),
            }),
          },
        }),
      },
    ],
    ...times(order),
  };
}
