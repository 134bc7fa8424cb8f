import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { answer, chargesOf, workAutopayAt } from '../../../test/support/autopay.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { liveBooks } from '../../../test/support/messenger.ts';
import { apiKeyOf, query } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await liveBooks();
  key = await apiKeyOf(books);
});

type Body = Record<string, unknown> & { error?: { message: string; param?: string } };
const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
  (await callApi(key, method, url, body)) as { status: number; body: Body };
const terms = {
  charge_when: 'due_date',
  threshold: { direction: 'at_or_below', amount: 100_000 },
  maximum_amount: 150_000,
  notice_days: 0,
  held: true,
};

test('staff vouches for the agreement, and what it says is kept as words and as figures', async () => {
  const customerId = await given.customer(books);
  const at = `/v1/customers/${customerId}/autopay`;
  assert.equal((await call('GET', at)).body.state, 'never');
  const methodId = await given.storedMethod(books, customerId);
  const { held: _held, ...unheld } = { ...terms, payment_method_id: methodId };
  assert.equal((await call('POST', at, unheld)).status, 422, 'nobody’s word');
  const set = await call('POST', at, { ...terms, payment_method_id: methodId });
  assert.deepEqual([set.status, set.body.state, set.body.charge_when], [200, 'on', 'due_date']);
  const [kept] = await query<{ text: string; signature_kind: string; terms: object }>(
    `select text, signature_kind, terms from authorizations where customer_id = $1 and kind = 'autopay'`,
    [customerId],
  );
  assert.equal(kept?.signature_kind, 'held');
  assert.match(kept?.text ?? '', /has the customer's agreement that Visa •••• 4242/);
  assert.deepEqual(kept?.terms, {
    charge_when: 'due_date',
    threshold_direction: 'at_or_below',
    threshold_amount: 100_000,
    maximum_amount: 150_000,
    notice_days: 0,
    payment_method_id: methodId,
  });
  const other = await given.storedMethod(books, await given.customer(books));
  assert.equal((await call('POST', at, { ...terms, payment_method_id: other })).status, 404);
  const removal = await call('DELETE', `/v1/payment-methods/${methodId}`);
  assert.equal(removal.status, 409);
  assert.match(removal.body.error?.message ?? '', /Autopay charges this method/);
  assert.equal((await call('DELETE', at)).body.ended_why, 'by_staff');
  assert.equal((await call('DELETE', `/v1/payment-methods/${methodId}`)).status, 200);
});

test('lists and the invoice say what comes next, and what did not go through', async () => {
  const customerId = await given.customer(books, { displayName: 'Listed Ltd' });
  const methodId = await given.storedMethod(books, customerId);
  await call('POST', `/v1/customers/${customerId}/autopay`, { ...terms, payment_method_id: methodId });
  const now = new Date();
  const present = { ...books, now: new Date(now.getTime() + 1000) };
  const past = '2026-01-15';
  const due = await given.invoice(present, customerId, 30_000n, { invoiceDate: past, dueDate: past });
  const large = await given.invoice(present, customerId, 900_000n);
  const forecast = (id: string) => call('GET', `/v1/invoices/${id}/autopay`);
  const coming = (await forecast(due)).body;
  assert.equal(coming.amount, 30_000);
  assert.match(String(coming.charge_on), /^\d{4}-/);
  assert.match(String((await forecast(large)).body.reason), /outside the threshold/);
  const list = (await call('GET', '/v1/autopays')).body.data as Body[];
  const row = list.find((each) => each.customer_id === customerId);
  assert.equal(row?.next_charge_on, coming.charge_on);
  await workAutopayAt(books, now);
  const charge = (await chargesOf(books)).find((each) => each.customerId === customerId);
  await answer(books, charge?.id ?? '', { now, outcomes: [news('declined')] });
  const [decline] = (await call('GET', '/v1/autopay-declines')).body.data as Body[];
  assert.deepEqual(
    [decline?.customer_name, decline?.amount, decline?.reason, decline?.next_try_on],
    ['Listed Ltd', 30_000, 'Not enough money', null],
  );
  assert.match(String((await forecast(due)).body.reason), /did not go through/);
});
