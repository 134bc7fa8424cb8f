import { type Buyer, buyers, isBuyer, type Order } from './books.ts';
import { type House, liveOrder } from './order-routes.ts';
import type { Call, Reply } from './wire.ts';

const html = (status: number, body: string): Reply => ({
  status,
  text: `<!doctype html><html lang="en"><meta charset="utf-8"><title>PayPal (fake)</title><body>${body}</body></html>`,
  headers: { 'content-type': 'text/html; charset=utf-8' },
});

/** The page on which the payer agrees: a test can click it, and so can a person. */
export function showCheckout(house: House, call: Call): Reply {
  const order = liveOrder(house, call.url.searchParams.get('token') ?? '');
  if (!order) return html(404, '<p>This payment has expired.</p>');
  const hidden = `<input type="hidden" name="token" value="${order.id}">`;
  const choices = Object.entries(buyers)
    .map(([buyer, does]) => `<button name="buyer" value="${buyer}">${buyer}: ${does}</button>`)
    .join('<br>');
  return html(
    200,
    `<h1>Practice PayPal: no money moves</h1><form method="post" action="/checkoutnow/approve">${hidden}${choices}</form>
    <form method="post" action="/checkoutnow/cancel">${hidden}<button>Cancel</button></form>`,
  );
}

const backTo = (url: string, query: Record<string, string>): Reply => {
  const back = new URL(url);
  for (const [name, value] of Object.entries(query)) back.searchParams.set(name, value);
  return { status: 302, headers: { location: back.href } };
};

/** What a payer does at PayPal with an order that is not captured yet. */
export function approve({ books }: House, order: Order, buyer: Buyer): void {
  Object.assign(order, { buyer, status: 'APPROVED', updated_ms: books.now_ms });
  books.announce('CHECKOUT.ORDER.APPROVED', { order });
}

export function postApproval(house: House, call: Call): Reply {
  const form = new URLSearchParams(call.raw.toString());
  const order = liveOrder(house, form.get('token') ?? '');
  const buyer = form.get('buyer') ?? '';
  if (!order || order.capture || !isBuyer(buyer)) return html(400, '<p>This cannot be paid.</p>');
  approve(house, order, buyer);
  return backTo(order.returnUrl, { token: order.id, PayerID: order.payerId });
}

export function postCancel(house: House, call: Call): Reply {
  const order = liveOrder(house, new URLSearchParams(call.raw.toString()).get('token') ?? '');
  return order ? backTo(order.cancelUrl, { token: order.id }) : html(400, '<p>This cannot be left.</p>');
}
