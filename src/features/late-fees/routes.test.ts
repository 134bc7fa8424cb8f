import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callApi, testDemo } from '../../../test/support/server.ts';

const terms = {
  is_active: true,
  amount_type: 'percent',
  flat_amount: 0,
  percent: '1.5',
  compounds: false,
  grace_days: 0,
  every_days: 30,
  max_fees: null,
  cap_amount: null,
  cap_percent: null,
  minimum_balance: 0,
  terms_text: 'A late fee of 1.5 % a month.',
  terms_in_memo: true,
  terms_in_reminders: false,
  jurisdiction: 'US',
  effective_from: '2020-01-01',
};

test('terms are agreed, said back, and refused field by field', async () => {
  const { apiKey } = await testDemo();
  const before = await callApi(apiKey, 'GET', '/v1/late-fee-policy');
  assert.deepEqual([before.body.policy.version, before.body.policy.is_active], [0, false]);
  assert.ok(before.body.ceilings.some((each: { jurisdiction: string }) => each.jurisdiction === 'GB'));
  const bad: [Record<string, unknown>, string][] = [
    [{ percent: '101' }, 'percent'],
    [{ percent: '0' }, 'percent'],
    [{ percent: '1,5' }, 'percent'],
    [{ amount_type: 'both' }, 'flat_amount'],
    [{ grace_days: 400 }, 'grace_days'],
    [{ every_days: 0 }, 'every_days'],
    [{ jurisdiction: 'Texas' }, 'jurisdiction'],
    [{ terms_text: '', terms_in_memo: true }, 'terms_text'],
    [{ effective_from: '2026-02-30' }, 'effective_from'],
  ];
  for (const [change, param] of bad) {
    const reply = await callApi(apiKey, 'POST', '/v1/late-fee-policy', { ...terms, ...change });
    assert.equal(reply.status, 422, JSON.stringify(change));
    assert.equal(reply.body.error.param, param, JSON.stringify(reply.body));
  }
  const made = await callApi(apiKey, 'POST', '/v1/late-fee-policy', terms);
  assert.deepEqual([made.status, made.body.version, made.body.percent], [201, 1, '1.5']);
});

test('the next fee of an invoice is shown, waived with its reason, and refused a second time', async () => {
  const { apiKey } = await testDemo();
  const customers = await callApi(apiKey, 'GET', '/v1/customers?limit=1');
  const customerId = customers.body.data[0].id;
  const made = await callApi(apiKey, 'POST', '/v1/invoices', {
    customer_id: customerId,
    lines: [{ unit_price: '200' }],
    issue: true,
  });
  const { id } = made.body;
  const none = await callApi(apiKey, 'GET', `/v1/invoices/${id}/late-fees`);
  assert.deepEqual([none.body.next, none.body.none], [null, 'no_policy']);
  await callApi(apiKey, 'POST', '/v1/late-fee-policy', terms);
  const asked = await callApi(apiKey, 'GET', `/v1/invoices/${id}/late-fees`);
  assert.equal(asked.body.next.sequence, 1);
  assert.equal(asked.body.next.amount, 300);
  const month = await callApi(apiKey, 'GET', `/v1/late-fees/forecast?on=${asked.body.next.on}`);
  assert.ok(month.body.fees.some((fee: { invoice_id: string }) => fee.invoice_id === id));
  const path = `/v1/invoices/${id}/late-fees/waive`;
  const silent = await callApi(apiKey, 'POST', path, { sequence: 1, reason: '' });
  assert.deepEqual([silent.status, silent.body.error.param], [422, 'reason']);
  const waived = await callApi(apiKey, 'POST', path, { sequence: 1, reason: 'Their first' });
  assert.deepEqual([waived.body.fees[0].state, waived.body.next.sequence], ['waived', 2]);
  const again = await callApi(apiKey, 'POST', path, { sequence: 1, reason: 'Their first' });
  assert.deepEqual([again.status, again.body.error.param], [409, 'sequence']);
  const list = await callApi(apiKey, 'GET', '/v1/late-fees?state=waived');
  assert.equal(list.body.data[0].reason, 'Their first');
  const removal = await callApi(apiKey, 'POST', `/v1/late-fees/${list.body.data[0].id}/remove`, {
    reason: 'x',
  });
  assert.deepEqual([removal.status, removal.body.error.code], [409, 'state_refused']);
  const next = await callApi(apiKey, 'POST', `/v1/customers/${customerId}/waive-next-late-fee`, {
    waive: true,
  });
  assert.equal(next.body.waive, true);
  const shown = await callApi(apiKey, 'GET', `/v1/invoices/${id}/late-fees`);
  assert.equal(shown.body.waives_next, true);
});
