import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { newId } from '#lib/ids.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

type Reply = Awaited<ReturnType<typeof callApi>>;
let key = '';
let organizationId = '';
let customerId = '';
before(async () => {
  const demo = await testDemo();
  [key, organizationId] = [demo.apiKey, demo.organizationId];
  customerId = (await callApi(key, 'POST', '/v1/customers', { display_name: 'Payer of the API' })).body.id;
});

const invoice = async (amount: number): Promise<string> =>
  (await callApi(key, 'POST', '/v1/invoices', { customer_id: customerId, issue: true, lines: [{ amount }] }))
    .body.id;
const pay = (body: object, idempotencyKey?: string): Promise<Reply> =>
  callApi(
    key,
    'POST',
    '/v1/payments',
    { customer_id: customerId, kind: 'check', ...body },
    idempotencyKey ? { 'idempotency-key': idempotencyKey } : {},
  );
const charge = (body: object, idempotencyKey: string): Promise<Reply> =>
  callApi(
    key,
    'POST',
    '/v1/charges',
    { customer_id: customerId, token: 'tok_any', ...body },
    { 'idempotency-key': idempotencyKey },
  );
const statuses = (replies: Reply[]) => replies.map(({ status }) => status).sort();
const all = <T>(count: number, make: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

test('twenty requests with one Idempotency-Key are one payment, each answered with it', async () => {
  const invoiceId = await invoice(500);
  const body = { amount: 500, applications: [{ invoice_id: invoiceId, amount: 500 }] };
  for (const send of [charge, (b: object, k: string) => pay({ ...b, amount: 300, applications: [] }, k)]) {
    const idempotencyKey = newId('request');
    const replies = await all(20, () => send(body, idempotencyKey));
    assert.equal(
      new Set(replies.map(({ body: reply }) => reply.id)).size,
      1,
      JSON.stringify(replies[0]?.body),
    );
    assert.ok(replies.every(({ status }) => status === 201 || status === 202));
  }
});

test('of many requests for the last dollar, each with its own key, one is accepted', async () => {
  const invoiceId = await invoice(100);
  const body = { amount: 100, applications: [{ invoice_id: invoiceId, amount: 100 }] };
  const replies = await all(12, (at) =>
    at % 2 ? charge(body, newId('request')) : pay(body, newId('request')),
  );
  assert.equal(replies.filter(({ status }) => status < 300).length, 1);
  assert.deepEqual(
    new Set(replies.filter(({ status }) => status >= 300).map(({ body: reply }) => reply.error.code)),
    new Set(['amount_too_large']),
  );
});

test('a key with another body is refused, on the same and on another endpoint', async () => {
  const idempotencyKey = newId('request');
  const first = { amount: 10, applications: [], reference: '1001', memo: 'For March' };
  assert.equal((await pay(first, idempotencyKey)).status, 201);
  assert.equal((await pay(first, idempotencyKey)).status, 201);
  for (const again of [
    await pay({ ...first, amount: 11 }, idempotencyKey),
    await pay({ ...first, reference: '1002' }, idempotencyKey),
    await pay({ ...first, memo: 'For April' }, idempotencyKey),
    await charge({ amount: 10, applications: [], memo: 'For March' }, idempotencyKey),
  ]) {
    assert.deepEqual([again.status, again.body.error.code], [422, 'idempotency_key_reused']);
  }
});

test('one request that no database can hold does not fail those that came with it', async () => {
  const poison = { amount: 10, applications: [], memo: 'zero \u0000 byte' };
  const replies = await all(12, (at) =>
    pay(at === 5 ? poison : { amount: 10, applications: [] }, newId('request')),
  );
  assert.deepEqual(
    statuses(replies).slice(0, 11),
    Array.from({ length: 11 }, () => 201),
  );
  assert.ok((replies[5]?.status ?? 0) >= 400);
});

test('a charge is answered again by its key though its method may not be charged any more', async () => {
  const idempotencyKey = newId('request');
  const body = { amount: 70, applications: [] };
  const first = await charge(body, idempotencyKey);
  assert.equal(first.status, 202, JSON.stringify(first.body));
  await callApi(key, 'PATCH', `/v1/customers/${customerId}`, { allow_card: false });
  const again = await charge(body, idempotencyKey);
  assert.deepEqual([again.status, again.body.id], [202, first.body.id]);
  assert.equal((await charge(body, newId('request'))).status, 409);
  await callApi(key, 'PATCH', `/v1/customers/${customerId}`, { allow_card: true });
});

test('invoices made at the same moment have each their own number; one number asked for twice is a conflict', async () => {
  const make = (number?: string) =>
    callApi(key, 'POST', '/v1/invoices', {
      customer_id: customerId,
      issue: true,
      lines: [{ amount: 5 }],
      ...(number ? { number } : {}),
    });
  const replies = await all(12, () => make());
  assert.equal(new Set(replies.map(({ body }) => body.number)).size, 12);
  const number = newId('request').slice(0, 20);
  const same = await all(8, () => make(number));
  assert.deepEqual(statuses(same), [201, 409, 409, 409, 409, 409, 409, 409]);
  assert.equal(same.find(({ status }) => status === 409)?.body.error.param, 'number');
});

test('after all of this the books are in order', async () => {
  const { parts } = await testServer();
  assert.deepEqual((await checkLedger(parts.db, organizationId)).problems, []);
});

test('a charge from the terminal is for no invoice; recorded money is put against one later, and taken off', async () => {
  const invoiceId = await invoice(500);
  const applications = [{ invoice_id: invoiceId, amount: 500 }];
  const terminal = { amount: 700, source: 'virtual_terminal', memo: 'Deposit' };
  const charged = await charge({ ...terminal, applications: [] }, newId('request'));
  assert.deepEqual([charged.status, charged.body.source], [202, 'virtual_terminal']);
  assert.equal((await charge({ ...terminal, applications }, newId('request'))).status, 422);
  const early = await callApi(key, 'POST', `/v1/payments/${charged.body.id}/apply`, { applications });
  assert.deepEqual([early.status, early.body.error.code], [409, 'state_refused']);
  const deposit = (await pay({ amount: 600, applications: [] })).body;
  const url = `/v1/payments/${deposit.id}`;
  const once = { 'idempotency-key': newId('request') };
  const applied = await callApi(key, 'POST', `${url}/apply`, { applications }, once);
  assert.deepEqual([applied.status, applied.body.applied, applied.body.unapplied], [200, 500, 100]);
  const again = await callApi(key, 'POST', `${url}/apply`, { applications }, once);
  assert.deepEqual([again.status, again.body.applied], [200, 500]);
  const off = await callApi(key, 'POST', `${url}/unapply`, { invoice_id: invoiceId });
  assert.deepEqual([off.status, off.body.applied, off.body.unapplied], [200, 0, 600]);
  const report = await checkLedger((await testServer()).parts.db, organizationId);
  assert.deepEqual(report.problems, []);
});

test('a credit memo by the API: written, put against an invoice, taken off and void', async () => {
  const invoiceId = await invoice(500);
  const lines = [{ description: 'Returned goods', amount: 300, tax: 20 }];
  const memo = await callApi(key, 'POST', '/v1/credit-memos', { customer_id: customerId, lines });
  assert.deepEqual([memo.status, memo.body.state, memo.body.available], [201, 'open', 320]);
  const url = `/v1/credit-memos/${memo.body.id}`;
  const applications = [{ invoice_id: invoiceId, amount: 320 }];
  assert.equal((await callApi(key, 'POST', `${url}/apply`, { applications })).body.state, 'used');
  assert.equal((await callApi(key, 'POST', `${url}/void`, { reason: 'Wrong' })).status, 409);
  await callApi(key, 'POST', `${url}/unapply`, { invoice_id: invoiceId });
  assert.equal((await callApi(key, 'POST', `${url}/void`, { reason: 'Wrong' })).body.state, 'void');
  const listed = await callApi(key, 'GET', `/v1/credit-memos?customer_id=${customerId}&status=void`);
  assert.deepEqual(
    listed.body.data.map((each: { id: string }) => each.id),
    [memo.body.id],
  );
});
