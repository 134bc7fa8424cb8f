import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { tokenFor, workOff } from '../../../test/support/portal.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

let key = '';
let books: Books;
before(async () => {
  const demo = await testDemo();
  key = demo.apiKey;
  books = { ...(await given.organization()), organizationId: demo.organizationId };
});

const post = (url: string, body: object, idempotencyKey = newId('request')) =>
  callApi(key, 'POST', url, body, { 'idempotency-key': idempotencyKey });
const get = async (url: string) => (await callApi(key, 'GET', url)).body;

/** A card charged through the real sandbox gateway over two invoices, approved. */
async function charged(): Promise<{ paymentId: string; invoiceIds: string[] }> {
  const name = `Payer ${newId('request')}`;
  const { body: customer } = await post('/v1/customers', { display_name: name, email: 'payer@example.test' });
  const invoiceIds: string[] = [];
  for (const amount of [6000, 4000]) {
    const body = { customer_id: customer.id, issue: true, lines: [{ amount }] };
    invoiceIds.push((await post('/v1/invoices', body)).body.id);
  }
  const { body: payment } = await post('/v1/charges', {
    customer_id: customer.id,
    token: await tokenFor(books, 'approve'),
    amount: 10_000,
    applications: [
      { invoice_id: invoiceIds[0], amount: 6000 },
      { invoice_id: invoiceIds[1], amount: 4000 },
    ],
  });
  await workOff('submit-charge', books.organizationId);
  assert.equal((await get(`/v1/payments/${payment.id}`)).state, 'approved');
  return { paymentId: payment.id, invoiceIds };
}
const settle = (days = 2) => post('/v1/clock/advance', { days });

test('a card approved this morning is voided at the sandbox gateway, and its invoices are open again', async () => {
  const { paymentId, invoiceIds } = await charged();
  assert.equal((await get(`/v1/payments/${paymentId}/give-back`)).offer, 'void');
  const refused = await post('/v1/refunds', { payment_id: paymentId });
  assert.deepEqual([refused.status, refused.body.error.code], [409, 'state_refused']);
  const asked = await post(`/v1/payments/${paymentId}/void`, { reason: 'wrong customer' });
  assert.equal(asked.status, 200, JSON.stringify(asked.body));
  assert.deepEqual([asked.body.state, asked.body.void_requested_at !== null], ['approved', true]);
  await workOff('submit-void', books.organizationId);
  assert.equal((await get(`/v1/payments/${paymentId}`)).state, 'voided');
  assert.equal((await get(`/v1/invoices/${invoiceIds[0]}`)).balance_due, 6000);
});

test('settled, it is refunded: twenty clicks are one refund, and the sandbox sends it', async () => {
  const { paymentId, invoiceIds } = await charged();
  const moved = await settle();
  assert.ok(moved.status < 300, JSON.stringify(moved.body));
  const offer = await get(`/v1/payments/${paymentId}/give-back`);
  assert.deepEqual([offer.offer, offer.pieces.length], ['refund', 2]);
  const body = {
    payment_id: paymentId,
    lines: [{ invoice_id: invoiceIds[1], amount: 2500 }],
    reason: 'two lamps came broken',
  };
  const idempotencyKey = newId('request');
  const clicks = await Promise.all(
    Array.from({ length: 20 }, () => post('/v1/refunds', body, idempotencyKey)),
  );
  assert.deepEqual([...new Set(clicks.map(({ status }) => status))], [201], JSON.stringify(clicks[0]?.body));
  const [refundId] = [...new Set(clicks.map(({ body: { id } }) => id))];
  const other = await post('/v1/refunds', { payment_id: paymentId }, idempotencyKey);
  assert.equal(other.body.error.code, 'idempotency_key_reused');
  await workOff('submit-refund', books.organizationId);
  const sent = await get(`/v1/refunds/${refundId}`);
  assert.deepEqual([sent.state, sent.amount, sent.lines.length], ['submitted', 2500, 1]);
  await settle(6);
  assert.equal((await get(`/v1/refunds/${refundId}`)).state, 'settled');
  const listed = await get(`/v1/refunds?payment_id=${paymentId}&state=settled`);
  assert.deepEqual(
    listed.data.map(({ id }: { id: string }) => id),
    [refundId],
  );
  assert.equal((await get(`/v1/payments/${paymentId}`)).refunded, 2500);
  assert.equal((await get(`/v1/invoices/${invoiceIds[1]}`)).state, 'paid');
  const { parts } = await testServer();
  assert.deepEqual((await checkLedger(parts.db, books.organizationId)).problems, []);
});

test('many at once: each has its verdict, and what was to be voided is never refunded instead', async () => {
  const settled = await charged();
  await settle();
  const fresh = await charged();
  const items = [
    { payment_id: settled.paymentId, act: 'refund' },
    { payment_id: fresh.paymentId, act: 'void' },
    { payment_id: settled.paymentId, act: 'void' },
  ];
  const { body } = await post('/v1/payments/give-back', { items });
  assert.deepEqual(
    body.data.map(({ ok, code }: { ok: boolean; code: string | null }) => [ok, code]),
    [
      [true, null],
      [true, null],
      [false, 'state_refused'],
    ],
  );
  await workOff('submit-refund', books.organizationId);
  await workOff('submit-void', books.organizationId);
  assert.equal((await get(`/v1/payments/${fresh.paymentId}`)).state, 'voided');
  assert.equal((await get(`/v1/payments/${settled.paymentId}`)).refunded, 10_000);
});

test('payer and organization are written to of a refund and of a void, by the switches', async () => {
  const voided = await charged();
  await post(`/v1/payments/${voided.paymentId}/void`, {});
  await workOff('submit-void', books.organizationId);
  const silent = await charged();
  await settle();
  const told = await charged();
  await settle();
  await post('/v1/refunds', { payment_id: silent.paymentId, send_receipt: false });
  await post('/v1/refunds', { payment_id: told.paymentId });
  for (const job of ['submit-refund', 'react', 'send-refund-mails', 'send-void-notice'])
    await workOff(job, books.organizationId);
  const { rows } = await (await testServer()).parts.db.pool.query<{ kind: string; paymentId: string }>(
    `select kind, payment_id as "paymentId" from messages where organization_id = $1 and payment_id = any($2)
     and kind in ('refund', 'void_notice')`,
    [books.organizationId, [voided.paymentId, silent.paymentId, told.paymentId]],
  );
  assert.deepEqual(
    rows.map(({ kind, paymentId }) => `${kind} ${paymentId}`).sort(),
    [`refund ${told.paymentId}`, `void_notice ${voided.paymentId}`].sort(),
  );
});
