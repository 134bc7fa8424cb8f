import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Database } from '#db/db.ts';
import { makeDueInvoices } from '#features/schedules/make-due-invoices.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
import { type BenchResult, now_ms, round } from './support/result.ts';

/** `-- schedules-run --large` has a million schedules; else a tenth of that. So many are due either way. */
const isLarge = process.argv.includes('--large');
const due = isLarge ? 50_000 : 5_000;
const sizes = isLarge ? [100_000, 1_000_000] : [10_000, 100_000];
const today = '2026-11-20';
const now = new Date(`${today}T12:00:00Z`);
const document = {
  lines: [
    {
      itemName: 'Rent',
      description: '',
      quantity: '1',
      unitPrice: '100',
      amount: null,
      taxable: false,
      taxRate: '0',
    },
  ],
  ...{ terms: null, poNumber: null, memo: null },
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Invoice schedules of some hundred customers, so many of them due today and the rest on later days. */
async function company(db: Database, size: number, tag: number): Promise<string> {
  const organizationId = await newOrganization(db);
  await fill(db.pool, organizationId, { customers: 500, invoices: 500, open: 500, tag });
  await db.pool.query(
    `with c as (select id, row_number() over () - 1 as place from customers where organization_id = $1)
    insert into schedules (organization_id, id, customer_id, kind, state, description, currency, amount, unit, every,
      starts_on, next_on, document, due_days, issues, created_at, updated_at)
    select $1, 'sch_' || lpad(to_hex(n), 22, '0'), c.id, 'invoice', 'running', 'Rent', 'USD', 10000, 'month', 1,
      day, day, $2, 30, true, now(), now()
    from generate_series(1, $3::int) n join c on c.place = n % 500
    cross join lateral (select $4::date + case when n % ($3::int / $5::int) = 0 then 0 else 1 + n % 300 end as day) d`,
    [organizationId, JSON.stringify(document), size, today, due],
  );
  await db.pool.query('vacuum analyze schedules');
  return organizationId;
}

/** How far the live heap rises during a run: looked at after each tenth batch, garbage taken out. */
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
      if (batches % 10 === 0) {
        const at = now_ms();
        collect();
        most = Math.max(most, process.memoryUsage().heapUsed - before);
        looking += now_ms() - at;
      }
      return result;
    },
  };
  await makeDueInvoices(watched, { organizationId, today, now });
  return { ms: now_ms() - began - looking, heap: most / 1e6 };
}

/**
 * The same by hand: one query for what is due, and one insert for each table that the run writes: invoices,
 * lines, journal entries and lines, events, occurrences, and the schedules moved on. Nothing is decided.
 */
async function bare(db: Database, organizationId: string): Promise<number> {
  const client = await db.pool.connect();
  const began = now_ms();
  try {
    await client.query('begin');
    await client.query(
      `create temp table due on commit drop as select row_number() over () as n, s.id, s.customer_id, s.amount, s.next_on,
        'inv_' || lpad((row_number() over ())::text, 22, 'z') as invoice_id,
        'jre_' || lpad((row_number() over ())::text, 22, 'z') as entry_id
      from schedules s where organization_id = $1 and kind = 'invoice' and state = 'running' and payment_plan_id is null
        and work_on <= $2`,
      [organizationId, today],
    );
    const own = `'${organizationId}'`;
    for (const text of [
      `insert into invoices (organization_id, id, customer_id, number, currency, invoice_date, due_date, subtotal, total,
        issued_at, created_at, updated_at) select ${own}, invoice_id, customer_id, 'BARE-' || n, 'USD', next_on,
        next_on + 30, amount, amount, now(), now(), now() from due`,
      `insert into invoice_lines (organization_id, invoice_id, line_no, amount) select ${own}, invoice_id, 1, amount from due`,
      `insert into journal_entries (organization_id, id, entry_date, kind, source_id, created_at)
        select ${own}, entry_id, next_on, 'invoice_issued', invoice_id, now() from due`,
      `insert into journal_lines (organization_id, entry_id, line_no, account, customer_id, invoice_id, debit, credit, currency)
        select ${own}, entry_id, l.no, l.account, customer_id, invoice_id, l.debit * amount, (1 - l.debit) * amount, 'USD'
        from due cross join (values (1, 'accounts_receivable', 1), (2, 'sales', 0)) l(no, account, debit)`,
      `insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, actor_id, data, occurred_at)
        select ${own}, 'evt_' || lpad(n::text, 22, 'z'), 'invoice.issued', invoice_id, customer_id, 'job', 'bare',
          '{"revision": 0}', now() from due`,
      `insert into schedule_occurrences (organization_id, schedule_id, day, customer_id, state, invoice_id, worked_at)
        select ${own}, id, next_on, customer_id, 'made', invoice_id, now() from due`,
      `update schedules s set taken = taken + 1, next_on = s.next_on + 30, next_index = next_index + 1 from due
        where s.organization_id = ${own} and s.id = due.id`,
    ])
      await client.query(text);
    await client.query('rollback');
  } finally {
    client.release();
  }
  return now_ms() - began;
}

/** The run of a day’s invoice schedules, the same number due among few and among many. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db }) => {
    const results: BenchResult[] = [];
    for (const [tag, size] of sizes.entries()) {
      const organizationId = await company(db, size, tag + 1);
      const against = await bare(db, organizationId);
      await db.pool.query('vacuum schedules, invoices, schedule_occurrences');
      const { ms, heap } = await measured(db, organizationId);
      results.push({
        ...{
          name: `schedules-run ${due} of ${size}`,
          value: Math.round(ms),
          unit: 'ms',
          against: Math.round(against),
        },
        ...{ ratio: round(ms / against), note: `live heap +${round(heap, 2)} MB` },
      });
    }
    return results;
  });
}
