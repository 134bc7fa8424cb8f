import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { sweepDays } from '#features/days/sweep-days.ts';
import { type LocalDay, workDay } from '#features/days/work-day.ts';
import { type Books, given } from '../../../test/support/given.ts';

const zoned = async (timeZone: string, hour = 8): Promise<Books> => {
  const books = await given.organization();
  await books.db.pool.query('update organizations set time_zone = $2, work_hour = $3 where id = $1', [
    books.organizationId,
    timeZone,
    hour,
  ]);
  return books;
};
const asked = async ({ db, organizationId }: Books): Promise<string[]> => {
  const { rows } = await db.pool.query<{ key: string }>(
    `select key from graphile_worker.jobs where key like 'day:' || $1 || '%' order by key`,
    [organizationId],
  );
  return rows.map(({ key }) => key.slice(-10));
};

test('a day is worked from its own hour in its own time zone, and asked for once', async () => {
  const auckland = await zoned('Pacific/Auckland');
  const honolulu = await zoned('Pacific/Honolulu');
  // 20:30 UTC: half past eight tomorrow in Auckland's winter, half past ten today in Honolulu.
  const now = new Date('2026-07-01T20:30:00Z');
  await sweepDays(auckland.db, now, ['last']);
  await sweepDays(auckland.db, now, ['last']);
  assert.deepEqual(await asked(auckland), ['2026-07-02']);
  assert.deepEqual(await asked(honolulu), ['2026-07-01']);
  const early = await zoned('America/New_York');
  await sweepDays(early.db, new Date('2026-07-01T11:59:00Z'), ['last']);
  assert.deepEqual(await asked(early), []);
});

test('a day of which one part failed is asked for again, though later parts are done; a whole one is not', async () => {
  const books = await zoned('UTC');
  const now = new Date('2026-07-02T12:00:00Z');
  const sweep = () => sweepDays(books.db, now, ['first', 'last']);
  const done = (part: string) =>
    books.db.pool.query(
      `insert into organization_days (organization_id, day, part, done_at) values ($1, '2026-07-02', $2, now())`,
      [books.organizationId, part],
    );
  await done('last');
  await sweep();
  assert.deepEqual(await asked(books), ['2026-07-02']);
  await books.db.pool.query(`select graphile_worker.remove_job('day:' || $1 || ':2026-07-02')`, [
    books.organizationId,
  ]);
  await done('first');
  await sweep();
  assert.deepEqual(await asked(books), []);
});

test('each part of a day is done once, and one that fails stops none of the others and is tried again', async () => {
  const books = await zoned('Europe/Berlin');
  const ran: string[] = [];
  let isDown = true;
  const part = (name: string) => ({
    name,
    run: async ({ today }: LocalDay) => {
      if (name === 'second' && isDown) throw new Error('the gateway is down');
      ran.push(`${name} ${today}`);
    },
  });
  const parts = ['first', 'second', 'third'].map(part);
  const late = new Date('2026-03-02T22:59:00Z');
  await assert.rejects(workDay(books.db, parts, books.organizationId, late), /1 parts of 2026-03-02 failed/);
  assert.deepEqual(ran, ['first 2026-03-02', 'third 2026-03-02']);
  isDown = false;
  await workDay(books.db, parts, books.organizationId, late);
  await workDay(books.db, parts, books.organizationId, late);
  assert.deepEqual(ran.slice(2), ['second 2026-03-02']);
  await workDay(books.db, parts, books.organizationId, new Date('2026-03-02T23:01:00Z'));
  assert.deepEqual(ran.slice(3), ['first 2026-03-03', 'second 2026-03-03', 'third 2026-03-03']);
  const { rows } = await books
    .tx((tx) =>
      tx.rows<{ part: string }>(
        sql`select part from organization_days where organization_id = ${books.organizationId}`,
      ),
    )
    .then((each) => ({ rows: each }));
  assert.equal(rows.length, 6);
});
