import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';
import { testServer } from '../../../test/support/server.ts';

test('two clicks on the sample company at the same moment make one, and both are in it', async () => {
  const { app, parts } = await testServer();
  const { pool } = parts.db;
  const token = newToken();
  const now = systemNow();
  await pool.query(
    `insert into link_tokens (id, purpose, token_hash, created_at, expires_at) values ($1, 'installation', $2, $3, $4)`,
    [newId('token'), hashToken(token), now, secondsLater(now, 600)],
  );
  const samples = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from organizations where name = 'Fernwood Grounds Co.'`,
    );
    return rows[0]?.n ?? 0;
  };
  const before = await samples();
  const click = () =>
    app.fastify.inject({ method: 'POST', url: '/v1/installation/sample', payload: { token } });
  const replies = await Promise.all([click(), click(), click()]);
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode),
    [201, 201, 201],
    replies[0]?.body,
  );
  const opened = new Set(replies.map((reply) => reply.json().organization.id));
  assert.deepEqual([opened.size, (await samples()) - before], [1, 1]);
  const { rows: days } = await pool.query(`select 1 from graphile_worker.jobs where key = $1`, [
    `day:${[...opened][0]}:first`,
  ]);
  assert.equal(days.length, 1, 'its first day is asked for at once, so that its desk is not empty');
});
