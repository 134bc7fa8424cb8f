import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

let key = '';
let customerId = '';
let publishableKey = '';
before(async () => {
  const demo = await testDemo();
  key = demo.apiKey;
  customerId = (await callApi(key, 'POST', '/v1/customers', { display_name: 'Payer of fees' })).body.id;
  const { parts } = await testServer();
  const account = await parts.db.transaction(systemActor('test'), (tx) =>
    tx.row<{ publishableKey: string }>(
      sql`select publishable_key from gateway_accounts where organization_id = ${demo.organizationId} and vendor = 'sandbox'`,
    ),
  );
  publishableKey = account?.publishableKey ?? '';
});

async function token(number: string): Promise<string> {
  const { sandboxUrl } = await testServer();
  const reply = await fetch(`${sandboxUrl}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${publishableKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'card', number, expiry: '12 / 39', cvc: '123' }),
  });
  return ((await reply.json()) as { token: string }).token;
}

const policy = {
  mode: 'surcharge',
  percent: '3',
  flat_amount: 0,
  cost_percent: '3.1',
  acquirer_notified_on: '2020-01-01',
  region: 'US-TX',
  channel: 'online',
};
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  callApi(key, 'POST', path, body, headers);

test('a card that staff types is asked about first: credit costs 3 %, debit nothing; the fee must be sent', async () => {
  const barred = await post('/v1/card-fee-policy', { ...policy, region: 'US-CT' });
  assert.deepEqual([barred.status, barred.body.error.param], [422, 'region']);
  assert.equal((await post('/v1/card-fee-policy', policy)).status, 201);
  const { body: shown } = await callApi(key, 'GET', '/v1/card-fee-policy');
  assert.equal(shown.policy.mode, 'surcharge');
  assert.ok(shown.rules.every((rule: { source: string }) => rule.source !== ''));

  const credit = await token('4242424242424242');
  const about = { customer_id: customerId, amount: 10_000 };
  const { body: price } = await post('/v1/charges/price', { ...about, token: credit });
  assert.deepEqual(
    [price.fee, price.label, price.percent, price.total, price.funding, price.none],
    [300, 'Surcharge', '3', 10_300, 'credit', null],
  );
  const charge = { ...about, applications: [], token: credit };
  const untold = await post('/v1/charges', charge);
  assert.deepEqual([untold.status, untold.body.error.param], [409, 'fee']);
  assert.match(untold.body.error.message, /Surcharge of \$3\.00/);
  assert.equal((await post('/v1/charges', { ...charge, fee: 299 })).status, 409);
  const { status, body: paid } = await post('/v1/charges', { ...charge, fee: 300 });
  assert.equal(status, 202, JSON.stringify(paid));
  assert.deepEqual([paid.amount, paid.fee, paid.fee_kind], [10_300, 300, 'surcharge']);
  assert.deepEqual(
    [paid.card_fee.label, paid.card_fee.funding, paid.card_fee.base],
    ['Surcharge', 'credit', 10_000],
  );

  const again = { 'idempotency-key': 'lost-answer' };
  const second = { ...charge, token: await token('4242424242424242'), fee: 300 };
  const { body: made } = await post('/v1/charges', second, again);
  const answered = await post('/v1/charges', second, again);
  assert.deepEqual([answered.status, answered.body.id, answered.body.fee], [202, made.id, 300]);

  const debit = await token('4000056655665556');
  const { body: free } = await post('/v1/charges/price', { ...about, token: debit });
  assert.deepEqual([free.fee, free.funding, free.none], [0, 'debit', 'not_credit']);
  assert.equal((await post('/v1/charges', { ...charge, token: debit, fee: 300 })).status, 409);
  assert.equal((await post('/v1/charges', { ...charge, token: debit })).body.fee, 0);
});
