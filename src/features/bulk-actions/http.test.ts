import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const work = async (organizationId: string, bulkActionId: string) => {
  const { jobs } = await testServer();
  await jobs['work-bulk-action']?.({ organizationId, bulkActionId } as never);
};

test('a bulk action over HTTP: previewed, asked for once under one key, worked, its refusals read by page', async () => {
  const { apiKey, organizationId } = await testDemo();
  const body = { action: 'reminders_off', invoice_filter: { status: 'open' } };
  const preview = await callApi(apiKey, 'POST', '/v1/bulk-actions/preview', body);
  assert.equal(preview.status, 200, JSON.stringify(preview.body));
  assert.ok(preview.body.would_do > 1);
  const voiding = { action: 'void', invoice_filter: { status: 'open' } };
  const seen = await callApi(apiKey, 'POST', '/v1/bulk-actions/preview', voiding);
  assert.equal(seen.status, 200, 'why they are voided is said after the look');
  const key = { 'idempotency-key': 'bulk-once' };
  const first = await callApi(apiKey, 'POST', '/v1/bulk-actions', body, key);
  const second = await callApi(apiKey, 'POST', '/v1/bulk-actions', body, key);
  assert.deepEqual([first.status, second.body.id], [202, first.body.id]);
  await work(organizationId, first.body.id);
  const done = await callApi(apiKey, 'GET', `/v1/bulk-actions/${first.body.id}`);
  assert.deepEqual([done.body.state, done.body.done], ['done', preview.body.would_do]);
  const again = await callApi(apiKey, 'POST', '/v1/bulk-actions', body);
  await work(organizationId, again.body.id);
  const refused = await callApi(apiKey, 'GET', `/v1/bulk-actions/${again.body.id}/refusals?limit=1`);
  assert.deepEqual(
    [refused.body.data[0]?.rule, refused.body.has_more],
    ['already', preview.body.would_do > 1],
  );
  const next = await callApi(
    apiKey,
    'GET',
    `/v1/bulk-actions/${again.body.id}/refusals?limit=1&starting_after=${refused.body.data[0]?.id}`,
  );
  assert.notEqual(next.body.data[0]?.id, refused.body.data[0]?.id);
  assert.equal((await callApi(apiKey, 'GET', '/v1/bulk-actions?limit=1')).body.data[0]?.id, again.body.id);
  const late = await callApi(apiKey, 'POST', `/v1/bulk-actions/${again.body.id}/cancel`);
  assert.deepEqual([late.status, late.body.error.code], [409, 'state_refused']);
});

test('what cannot be asked for is refused by the field, with what to give instead', async () => {
  const { apiKey } = await testDemo();
  const tries: [body: object, param: string][] = [
    [{ action: 'send' }, 'invoice_ids'],
    [{ action: 'send', customer_filter: {} }, 'customer_filter'],
    [{ action: 'invite', customer_filter: {}, invoice_filter: {} }, 'invoice_filter'],
    [{ action: 'send', invoice_ids: [] }, 'invoice_ids'],
    [{ action: 'send', invoice_ids: ['cus_00000000000000000000000000'] }, 'invoice_ids.0'],
    [{ action: 'void', invoice_filter: { status: 'open' } }, 'reason'],
    [{ action: 'set_type', customer_filter: {} }, 'customer_type'],
    [{ action: 'set_policy', customer_filter: {} }, 'dunning_policy_id'],
    [{ action: 'burn', invoice_filter: {} }, 'action'],
    [{ action: 'send', invoice_filter: { status: 'late' } }, 'invoice_filter.status'],
    [{ action: 'send', invoice_filter: { q: 'nothing-at-all' } }, 'invoice_filter'],
  ];
  for (const [body, param] of tries) {
    const reply = await callApi(apiKey, 'POST', '/v1/bulk-actions', body);
    assert.deepEqual([reply.status, reply.body.error.param], [422, param], JSON.stringify(body));
    assert.ok(reply.body.error.message.length > 10);
  }
});

test('the file of papers is fetched by whoever may read invoices', async () => {
  const { apiKey, organizationId } = await testDemo();
  const asked = await callApi(apiKey, 'POST', '/v1/bulk-actions', {
    action: 'pdf_zip',
    invoice_filter: { status: 'open' },
  });
  await work(organizationId, asked.body.id);
  const { download } = (await callApi(apiKey, 'GET', `/v1/bulk-actions/${asked.body.id}`)).body;
  const { app } = await testServer();
  const file = await app.fastify.inject({
    url: `/v1/downloads/${download.id}`,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  assert.equal(file.statusCode, 200);
  assert.equal(file.rawPayload.length, download.size_bytes);
  assert.match(String(file.headers['content-disposition']), /Invoices .*\.zip/);
  assert.equal(file.headers['cache-control'], 'private, no-store');
  assert.equal((await app.fastify.inject({ url: `/v1/downloads/${download.id}` })).statusCode, 401);
});
