import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFees } from '../support/card-fees.ts';
import { type Books, given } from '../support/given.ts';
import { openPayHouse, type PayHouse } from '../support/pay-house.ts';
import { paymentsOf } from '../support/payer-card-fees.ts';

let house: PayHouse;
let books: Books;
before(async () => {
  house = await openPayHouse();
  books = await given.organization();
  const { clientId, clientSecret, webhookId } = house.paypal.app;
  const credentials = { environment: 'sandbox', clientId, clientSecret, webhookId };
  await house.connect(books, 'paypal', credentials, ['paypal']);
});
after(() => house.stop());

const cookiesOf = (reply: Response): string =>
  reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** The page, its form with PayPal chosen, what the order at PayPal is over, and the way back. */
async function payAtPaypal(link: string, shown: { total: string; fee: string }) {
  const page = await fetch(link);
  const html = await page.text();
  const form = new URLSearchParams();
  const [, inner = ''] = /<form[^>]*id="pay"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  for (const [input] of inner.matchAll(/<input[^>]*type="hidden"[^>]*>/g))
    form.append(/name="([^"]*)"/.exec(input)?.[1] ?? '', /value="([^"]*)"/.exec(input)?.[1] ?? '');
  form.set('method', 'paypal');
  form.set('shown_total', shown.total);
  form.set('shown_fee', shown.fee);
  const headers = { cookie: cookiesOf(page), origin: house.origin };
  const sent = await fetch(`${link}/pay`, { method: 'POST', body: form, headers });
  assert.equal(sent.status, 200, await sent.clone().text());
  const order = [...house.paypal.books.orders.values()].at(-1);
  assert.ok(order);
  house.paypal.approve(order.id, 'balance');
  const back = new URL(order.returnUrl);
  back.searchParams.set('token', order.id);
  back.searchParams.set('PayerID', order.payerId);
  const result = await fetch(`${house.origin}${back.pathname}${back.search}`, { headers });
  return { html, order, result: await result.text() };
}

for (const [name, policy] of [
  ['a surcharge', {}],
  ['dual pricing', { mode: 'dual_pricing', percent: '3' }],
  ['a convenience fee', { mode: 'convenience_fee', flatAmount: 250n }],
  ['a discount for paying by bank', { mode: 'bank_discount', percent: '2' }],
] as const)
  test(`who pays at PayPal pays what the invoice says, whatever cards cost: ${name}`, async () => {
    await setFees(books, policy);
    const { customerId, invoiceId } = await given.debtor(books, 10_000n);
    const link = house.linkTo(books, invoiceId);
    const { order, result } = await payAtPaypal(link, { total: '10000', fee: '0' });
    assert.equal(order.amount, 10_000n, 'what PayPal is asked for');
    assert.match(result.replaceAll(/<[^>]*>/g, ''), /\$100\.00 paid/);
    const payments = await paymentsOf(customerId);
    assert.deepEqual(
      payments.map(({ amount, fee, fee_kind }) => [amount, fee, fee_kind]),
      [[10_000n, 0n, null]],
    );
  });
