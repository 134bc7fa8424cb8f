import type pg from 'pg';
import { newId } from '#lib/ids.ts';

export type Row = { invoiceId: string; customerId: string; amount: bigint };

const batch = 100;

/**
 * The reference: the same rows by one hand-written statement a batch of 100, on two connections, as their owner and so
 * without row-level security. Locks, checks what fits, writes payment, application, invoice, entry, lines, events, job.
 */
const statement = `
with inp as (select * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    with ordinality as u(invoice_id, customer_id, amount, payment_id, application_id, entry_id, event_id, event2_id, request_key, ord)),
locked as materialized (select i.id, i.customer_id, i.balance_due - i.reserved as payable from invoices i
  where i.organization_id = $1 and i.id = any($2) order by i.id for update),
good as materialized (select inp.* from inp join locked l on l.id = inp.invoice_id and l.customer_id = inp.customer_id where l.payable >= inp.amount),
p as (insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, applied, currency, received_on,
    reference, send_receipt, requested_at, posted_at, settled_at)
  select $1, payment_id, customer_id, request_key, 'check', 'api', 'settled', amount, amount, 'USD', '2026-11-20', '1001', true, now(), now(), now()
  from good on conflict (organization_id, request_key) do nothing returning id),
a as (insert into payment_applications (organization_id, id, payment_id, invoice_id, amount, state, created_at, applied_at)
  select $1, application_id, payment_id, invoice_id, amount, 'applied', now(), now() from good),
u as (update invoices i set applied = i.applied + g.amount, updated_at = now(), closed_at = case when i.balance_due = g.amount then now() end
  from good g where i.organization_id = $1 and i.id = g.invoice_id),
e as (insert into journal_entries (organization_id, id, entry_date, kind, source_id, revision, created_at)
  select $1, entry_id, '2026-11-20', 'payment_posted', payment_id, 0, now() from good),
l as (insert into journal_lines (organization_id, entry_id, line_no, account, customer_id, invoice_id, debit, credit, currency)
  select $1, entry_id, v.n, v.account, customer_id, v.invoice_id, v.debit, v.credit, 'USD' from good
  cross join lateral (values (1, 'undeposited_funds', null::text, amount, 0::bigint), (2, 'accounts_receivable', invoice_id, 0::bigint, amount))
    v(n, account, invoice_id, debit, credit)),
ev as (insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, actor_id, data, occurred_at)
  select $1, v.id, v.type, v.subject_id, customer_id, 'api_key', $11, v.data, now()
  from good cross join lateral (values
    (event_id, 'payment.recorded', payment_id, jsonb_build_object('amount', amount, 'currency', 'USD', 'kind', 'check', 'reference', '1001')),
    (event2_id, 'invoice.payment_applied', invoice_id, jsonb_build_object('payment_id', payment_id, 'amount', amount, 'currency', 'USD', 'kind', 'check')))
    v(id, type, subject_id, data)),
j as (select graphile_worker.add_job('react', json_build_object('organizationId', $1::text, 'eventIds', array_agg(event_id) || array_agg(event2_id))) from good)
select (select count(*) from good)::int as written, (select count(*) from j) as jobs`;

const parameters = (organizationId: string, rows: readonly Row[], keyId: string): unknown[] => [
  organizationId,
  rows.map((row) => row.invoiceId),
  rows.map((row) => row.customerId),
  rows.map((row) => row.amount),
  rows.map(() => newId('payment')),
  rows.map(() => newId('paymentApplication')),
  rows.map(() => newId('journalEntry')),
  rows.map(() => newId('event')),
  rows.map(() => newId('event')),
  rows.map(() => newId('request')),
  keyId,
];

async function write(
  pool: pg.Pool,
  organizationId: string,
  rows: readonly Row[],
  keyId: string,
): Promise<void> {
  const { rows: answer } = await pool.query<{ written: number }>({
    name: 'bench-batch',
    text: statement,
    values: parameters(organizationId, rows, keyId),
  });
  if (answer[0]?.written !== rows.length) throw new Error(`wrote ${answer[0]?.written} of ${rows.length}`);
}

export async function batchedSql(pool: pg.Pool, organizationId: string, rows: readonly Row[]): Promise<void> {
  const keyId = newId('apiKey');
  const batches = Array.from({ length: Math.ceil(rows.length / batch) }, (_, at) =>
    rows.slice(at * batch, at * batch + batch),
  );
  let next = 0;
  await Promise.all(
    [1, 2].map(async () => {
      for (let mine = batches[next++]; mine; mine = batches[next++])
        await write(pool, organizationId, mine, keyId);
    }),
  );
}

/** The same work one payment at a time, one statement and one commit each, by as many callers. */
export async function oneByOneSql(
  pool: pg.Pool,
  organizationId: string,
  rows: readonly Row[],
  callers: number,
): Promise<void> {
  const keyId = newId('apiKey');
  let next = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let row = rows[next++]; row; row = rows[next++]) await write(pool, organizationId, [row], keyId);
    }),
  );
}
