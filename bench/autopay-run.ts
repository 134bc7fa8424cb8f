import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Database } from '#db/db.ts';
import { workAutopay } from '#features/autopay/work-autopay.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
import { type BenchResult, now_ms, round } from './support/result.ts';

/** `-- autopay-run --large` has a hundred thousand payers; else a twentieth of that. So many owe today either way. */
const isLarge = process.argv.includes('--large');
const due = isLarge ? 20_000 : 1_000;
const sizes = isLarge ? [20_000, 100_000] : [1_000, 5_000];
const today = '2026-11-20';
const now = new Date(`${today}T12:00:00Z`);
const makings = {
  secrets: makeSecrets(Buffer.alloc(32, 1)),
  outbox: {
    baseUrl: 'https://owed.bench',
    host: 'owed.bench',
    hasSmtp: false,
    fromEmail: 'no-reply@owed.bench',
  },
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Payers whose cards autopay charges on due dates: so many have an invoice due today, each has one in a month. */
async function company(db: Database, size: number, tag: number): Promise<string> {
  const organizationId = await newOrganization(db);
  await fill(db.pool, organizationId, { customers: size, invoices: 2 * size, open: 2 * size, tag });
  const own = `'${organizationId}'`;
  for (const text of [
    `update organizations set automatic_messages_since = '2026-01-01' where id = ${own}`,
    `update invoices i set issued_at = '2026-11-01', invoice_date = '2026-11-01',
       due_date = case when n.place <= ${due} then date '${today}' else date '2027-01-20' end
     from (select id, row_number() over (order by id) as place from invoices where organization_id = ${own}) n
     where i.organization_id = ${own} and i.id = n.id`,
    `insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4, funding,
       stored_token, added_by, created_at, expiry_year, expiry_month)
     select ${own}, 'pmt_' || substr(c.id, 5), c.id, g.id, 'card', 'visa', '4242', 'debit', 'sm_' || c.id, 'payer', now(), 2039, 12
     from customers c join gateway_accounts g on g.organization_id = c.organization_id where c.organization_id = ${own}`,
    `insert into authorizations (organization_id, id, customer_id, kind, text, hash, accepted_at)
     select ${own}, 'aut_' || substr(id, 5), id, 'autopay', 'Charge it.', 'x', '2026-10-01'
     from customers where organization_id = ${own}`,
    `insert into autopays (organization_id, customer_id, payment_method_id, authorization_id, charge_when, notice_days,
       since, set_at)
     select ${own}, id, 'pmt_' || substr(id, 5), 'aut_' || substr(id, 5), 'due_date', 0, '2026-10-01', '2026-10-01'
     from customers where organization_id = ${own}`,
  ])
    await db.pool.query(text);
  await db.pool.query('vacuum analyze autopays, invoices, payment_methods, customers');
  return organizationId;
}

/** How far the live heap rises during a run: looked at after each twentieth batch, garbage taken out. */
async function measured(db: Database, organizationId: string): Promise<{ ms: number; heap: number }> {
  collect();
  const before = process.memoryUsage().heapUsed;
  let [batches, most, looking] = [0, 0, 0];
  const began = now_ms();
  const watched: Database = {
    ...db,
    transaction: async (actor, work) => {
      const result = await db.transaction(actor, work);
      batches += 1;
      if (batches % 20 === 0) {
        const at = now_ms();
        collect();
        most = Math.max(most, process.memoryUsage().heapUsed - before);
        looking += now_ms() - at;
      }
      return result;
    },
  };
  await workAutopay({ db: watched, ...makings }, { organizationId, today, now });
  return { ms: now_ms() - began - looking, heap: most / 1e6 };
}

/** The same by hand: one query for what is due, and one insert or update for each table that a run writes. */
async function bare(db: Database, organizationId: string): Promise<number> {
  const client = await db.pool.connect();
  const began = now_ms();
  const own = `'${organizationId}'`;
  try {
    await client.query('begin');
    await client.query(
      `create temp table due on commit drop as select row_number() over () as n, i.id, i.customer_id, i.balance_due,
         a.payment_method_id, a.authorization_id, m.gateway_account_id,
         'pay_' || lpad((row_number() over ())::text, 22, 'z') as payment_id,
         'apr_' || lpad((row_number() over ())::text, 22, 'z') as run_id
       from autopays a join invoices i on i.organization_id = $1 and i.customer_id = a.customer_id
         and i.closed_at is null and i.due_date <= $2
       join payment_methods m on m.organization_id = $1 and m.id = a.payment_method_id
       where a.organization_id = $1 and a.ended_at is null`,
      [organizationId, today],
    );
    for (const text of [
      `insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, currency,
         received_on, gateway_account_id, payment_method_id, authorization_id, requested_at)
       select ${own}, payment_id, customer_id, 'bare ' || n, 'card', 'autopay', 'pending', balance_due, 'USD', '${today}',
         gateway_account_id, payment_method_id, authorization_id, now() from due`,
      `insert into payment_applications (organization_id, id, payment_id, invoice_id, amount, state, created_at)
       select ${own}, 'app_' || lpad(n::text, 22, 'z'), payment_id, id, balance_due, 'reserved', now() from due`,
      `update invoices i set reserved = d.balance_due from due d where i.organization_id = ${own} and i.id = d.id`,
      `insert into autopay_runs (organization_id, id, customer_id, payer_id, payment_method_id, authorization_id, run_on,
         amount, currency, payment_id, created_at)
       select ${own}, run_id, customer_id, customer_id, payment_method_id, authorization_id, '${today}', balance_due, 'USD',
         payment_id, now() from due`,
      `insert into autopay_tries (organization_id, invoice_id, try_no, run_id, customer_id)
       select ${own}, id, 1, run_id, customer_id from due`,
      `insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, actor_id, data, occurred_at)
       select ${own}, 'evt_' || lpad(n::text, 22, 'z'), 'payment.requested', payment_id, customer_id, 'job', 'bare', '{}',
         now() from due`,
    ])
      await client.query(text);
    await client.query('rollback');
  } finally {
    client.release();
  }
  return now_ms() - began;
}

/** A day of autopay, the same number of payers owing among few and among many. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db }) => {
    const results: BenchResult[] = [];
    for (const [tag, size] of sizes.entries()) {
      const organizationId = await company(db, size, tag + 1);
      const against = await bare(db, organizationId);
      await db.pool.query('vacuum invoices, autopay_runs, payments');
      const { ms, heap } = await measured(db, organizationId);
      const { rows } = await db.pool.query<{ made: number }>(
        `select count(*)::int as made from payments where organization_id = $1 and source = 'autopay'`,
        [organizationId],
      );
      if (rows[0]?.made !== due) throw new Error(`${rows[0]?.made} of ${due} were charged`);
      results.push({
        ...{ name: `autopay-run ${due} of ${size}`, value: Math.round(ms), unit: 'ms' },
        ...{ against: Math.round(against), ratio: round(ms / against) },
        note: `live heap +${round(heap, 2)} MB`,
      });
    }
    return results;
  });
}
