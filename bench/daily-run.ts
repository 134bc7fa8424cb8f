import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type pg from 'pg';
import type { Database } from '#db/db.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
import { type BenchResult, median, now_ms, round } from './support/result.ts';

/** `-- daily-run --large` adds a million; it takes a quarter of an hour. */
const sizes = process.argv.includes('--large') ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
const runs = 3;
const today = '2026-11-20';
const now = new Date(`${today}T12:00:00Z`);
const makings = {
  secrets: makeSecrets(Buffer.alloc(32, 1)),
  outbox: {
    baseUrl: 'http://bench.test',
    host: 'bench.test',
    hasSmtp: false,
    fromEmail: 'no-reply@bench.test',
  },
};

/**
 * What finds the invoices and all that a decision on them rests on, as one statement by hand, into plain
 * rows. All of them are in memory at once here, which the daily run never does.
 */
const bareQuery = `select i.id, i.customer_id, i.number, i.currency, i.due_date, i.issued_at, i.voided_at, i.balance_due,
    i.reserved, i.written_off, i.reminders_off, i.last_reminded_on, c.id, c.display_name, c.send_reminders,
    c.deactivated_at, c.message_cells, c.email, c.phone, c.billing_address, c.customer_type, c.dunning_policy_id,
    e.reason, d.id, d.rests_until, p.promised_on
  from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  left join email_problems e on e.organization_id = i.organization_id and e.email = lower(c.email)
  left join disputes d on d.organization_id = i.organization_id and d.invoice_id = i.id and d.state = 'open'
  left join promises_to_pay p on p.organization_id = i.organization_id and p.invoice_id = i.id and p.state = 'open'
  where i.organization_id = $1 and i.closed_at is null and i.issued_at is not null and i.due_date <= $2`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The middle of some runs, in milliseconds. */
async function timed(work: () => Promise<unknown>, times = runs): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const began = now_ms();
    await work();
    took.push(now_ms() - began);
  }
  return median(took);
}

/** How far the live heap rises during a run: looked at after each tenth batch, garbage taken out. */
async function liveHeap(db: Database, day: (of: Database) => Promise<void>): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  let batches = 0;
  let most = 0;
  await day({
    ...db,
    transaction: async (actor, work) => {
      const result = await db.transaction(actor, work);
      batches += 1;
      if (batches % 10 === 0) {
        collect();
        most = Math.max(most, process.memoryUsage().heapUsed - before);
      }
      return result;
    },
  });
  return most / 1e6;
}

async function company(db: Database, invoices: number, tag: number): Promise<string> {
  const organizationId = await newOrganization(db);
  await fill(db.pool, organizationId, { customers: invoices / 20, invoices, open: invoices, tag });
  await db.pool.query(`update organizations set automatic_messages_since = '2020-01-01' where id = $1`, [
    organizationId,
  ]);
  await db.pool.query('update invoices set due_date = due_date - 12 where organization_id = $1', [
    organizationId,
  ]);
  await db.pool.query('vacuum analyze invoices, customers');
  return organizationId;
}

const set = (pool: pg.Pool, text: string, organizationId: string) => pool.query(text, [organizationId]);

/**
 * A day’s reminders where every open invoice is due for a decision, against the bare query that finds them:
 * each held by a rule, which is deciding and nothing else; each said already; and, at the smallest size,
 * each sent, where the writing of the messages is nearly all of it.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db }) => {
    const results: BenchResult[] = [];
    for (const [at, size] of sizes.entries()) results.push(...(await runSize(db, size, at)));
    return results;
  });
}

async function runSize(db: Database, size: number, tag: number): Promise<BenchResult[]> {
  const organizationId = await company(db, size, tag + 1);
  const { pool } = db;
  const dayOn = (of: Database) => remindersOfDay({ ...makings, db: of }).run({ organizationId, today, now });
  const day = () => dayOn(db);
  const bare = await timed(() =>
    pool.query({ text: bareQuery, values: [organizationId, today], rowMode: 'array' }),
  );
  const result = (name: string, ms: number, note: string): BenchResult => ({
    ...{ name: `daily-run ${size}: ${name}`, value: Math.round(ms), unit: 'ms', against: Math.round(bare) },
    ...{ ratio: round(ms / bare), note },
  });
  const results: BenchResult[] = [];
  await set(pool, 'update customers set send_reminders = false where organization_id = $1', organizationId);
  results.push(result('each held, first day', await timed(day, 1), 'a row written for each'));
  await pool.query('vacuum analyze invoices, customers, reminders');
  const held = await timed(day);
  const heap = round(await liveHeap(db, dayOn), 2);
  results.push(result('each held', held, `live heap +${heap} MB; every rule decided; goal ≤ 5 at 100,000`));
  await set(pool, 'update customers set send_reminders = true where organization_id = $1', organizationId);
  if (size <= 10_000) results.push(result('each sent', await timed(day, 1), 'a message each'));
  await set(
    pool,
    `update invoices set last_reminded_on = '${today}' where organization_id = $1`,
    organizationId,
  );
  await pool.query('vacuum analyze invoices, customers, reminders');
  results.push(result('each said already', await timed(day), 'a walk along the open invoices'));
  return results;
}
