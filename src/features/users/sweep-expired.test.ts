import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Database, systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { countSignIn } from '#features/users/guards.ts';
import { sweepExpired } from '#features/users/sweep-expired.ts';
import { findSession, openSession } from '#http/session.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';
import { schedule } from '#schedule.ts';
import { given, later } from '../../../test/support/given.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

const day_s = 86_400;
const now = new Date();
const daysAgo = (days: number): Date => later(-days * day_s, now);

/** A session that ends some days from now, and its cookie. */
async function session(db: Database, userId: string, endsIn: number): Promise<string> {
  const { token } = await openSession(db, { userId }, { ip: '127.0.0.1', userAgent: 'a test' });
  await db.pool.query('update sessions set expires_at = $1 where token_hash = $2', [
    later(endsIn * day_s, now),
    hashToken(token),
  ]);
  return token;
}

async function link(db: Database, given: { expiresAt: Date; userId?: string }): Promise<string> {
  const id = newId('token');
  await db.pool.query(
    `insert into link_tokens (id, purpose, token_hash, email, user_id, created_at, expires_at)
     values ($1, $2, $3, 'a@example.com', $4, $5, $5)`,
    [id, given.userId ? 'installation' : 'password_reset', newToken(), given.userId ?? null, given.expiresAt],
  );
  return id;
}

const left = async (db: Database, ids: string[]): Promise<boolean[]> => {
  const { rows } = await db.pool.query<{ id: string }>('select id from link_tokens where id = any($1)', [
    ids,
  ]);
  return ids.map((id) => rows.some((row) => row.id === id));
};

test('each day what is out of date goes: sessions, links, tries at the door; what still counts stays', async () => {
  const { parts, jobs } = await testServer();
  const { db } = parts;
  const { userId } = await testDemo();
  const [ended, alive] = [await session(db, userId, -1), await session(db, userId, 1)];
  const links = [
    await link(db, { expiresAt: daysAgo(91) }),
    await link(db, { expiresAt: daysAgo(89) }),
    await link(db, { expiresAt: daysAgo(400), userId }),
    await link(db, { expiresAt: daysAgo(399), userId }),
  ];
  const tryAt = (email: string, at: Date) =>
    db.transaction(systemActor('test'), (tx) => countSignIn(tx, { kind: 'staff_sign_in', email }, at));
  await tryAt('long-ago@example.com', daysAgo(8));
  await tryAt('lately@example.com', daysAgo(6));
  const guards = async () =>
    (await db.pool.query<{ at: Date }>('select last_at as at from address_guards order by 1')).rows;
  assert.ok(((await guards())[0]?.at ?? now) < daysAgo(7));

  assert.ok(
    schedule.some(({ job }) => job === 'sweep-expired'),
    'it is on the schedule',
  );
  await jobs['sweep-expired']?.({} as never);

  const { rows } = await db.pool.query<{ n: number }>(
    'select count(*)::int as n from sessions where expires_at < now()',
  );
  assert.equal(rows[0]?.n, 0);
  assert.equal(await findSession(db, ended), undefined);
  assert.equal((await findSession(db, alive))?.userId, userId);
  assert.deepEqual(await left(db, links), [false, true, false, true], 'the sample company is not forgotten');
  assert.ok(((await guards())[0]?.at ?? now) > daysAgo(7));
});

test('from where something was done is forgotten after 400 days; that it was done is not', async () => {
  const { db } = (await testServer()).parts;
  const books = await given.organization();
  const { organizationId } = books;
  const actor = { ...books.actor, origin: { ip: '203.0.113.80', userAgent: 'curl/8' } };
  const about = { actor, organizationId, now: books.now };
  const note = (): Promise<string[]> =>
    books.tx((tx) => record(tx, about, [{ type: 'item.added', subjectId: newId('item') }]));
  const [[old = ''], [young = '']] = [await note(), await note()];
  for (const [id, days] of [
    [old, 401],
    [young, 399],
  ] as const)
    await db.pool.query('update event_origins set kept_since = $2 where event_id = $1', [id, daysAgo(days)]);
  await sweepExpired(db, now);
  const kept = await db.pool.query('select event_id from event_origins where organization_id = $1', [
    organizationId,
  ]);
  assert.deepEqual(kept.rows, [{ event_id: young }]);
  const acts = await db.pool.query('select id from events where id = any($1)', [[old, young]]);
  assert.equal(acts.rowCount, 2);
});

test('a heap that grew for years goes in portions, and one day takes no more than so many', async () => {
  const { db } = (await testServer()).parts;
  await sweepExpired(db, now);
  await db.transaction(systemActor('test'), (tx) =>
    tx.run(sql`insert into address_guards (kind, email_hash, last_at)
      select 'sign_in', 'old ' || n, ${daysAgo(30)} from generate_series(1, 95) n`),
  );
  const portions = { batch: 10, batches: 4 };
  assert.equal((await sweepExpired(db, now, portions)).address_guards, 40);
  assert.equal((await sweepExpired(db, now, { ...portions, batches: 100 })).address_guards, 55);
  assert.equal((await sweepExpired(db, now, portions)).address_guards, 0);
});
