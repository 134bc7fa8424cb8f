import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf, unpack } from '../../../test/support/exports.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

test('an export over HTTP: asked for, refused a second time, made, told to staff, fetched by its organization alone', async () => {
  const [demo, stranger] = [await testDemo(), await testDemo()];
  const { app, jobs, parts } = await testServer();
  const asked = await callApi(demo.apiKey, 'POST', '/v1/data-exports', {});
  assert.deepEqual([asked.status, asked.body.state], [202, 'running']);
  const second = await callApi(demo.apiKey, 'POST', '/v1/data-exports', {});
  assert.deepEqual([second.status, second.body.error.code], [409, 'conflict']);
  const wrong = await callApi(demo.apiKey, 'POST', '/v1/data-exports', { with_files: 'yes' });
  assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'with_files']);
  const { organizationId } = demo;
  await jobs['work-data-export']?.({ organizationId, exportId: asked.body.id } as never);
  const { body } = await callApi(demo.apiKey, 'GET', `/v1/data-exports/${asked.body.id}`);
  assert.deepEqual([body.state, body.entries_done], ['done', body.entries]);
  const url = `/v1/downloads/${body.download.id}`;
  const file = await app.fastify.inject({ url, headers: { authorization: `Bearer ${demo.apiKey}` } });
  assert.equal(file.rawPayload.length, body.download.size_bytes);
  const archive = await unpack(new Uint8Array(file.rawPayload));
  assert.match(textOf(archive, 'import/customers.csv'), /Display name/);
  assert.equal(textOf(archive, 'unreadable.csv'), '\ufeffFile,What is wrong\r\n');
  assert.ok([...archive.keys()].some((name) => /^messages\/\d{4}-\d\d\/msg_\w+\.eml$/.test(name)));
  assert.equal((await callApi(stranger.apiKey, 'GET', url)).status, 404);
  const event = await parts.db.pool.query<{ id: string }>(
    `select id from events where organization_id = $1 and type = 'data_export.done'`,
    [organizationId],
  );
  await jobs['tell-staff']?.({ organizationId, eventId: event.rows[0]?.id } as never);
  const notices = await parts.db.pool.query(
    `select path from notices where organization_id = $1 and kind = 'export_done'`,
    [organizationId],
  );
  assert.deepEqual(notices.rows, [{ path: '/settings?section=data' }]);
});
