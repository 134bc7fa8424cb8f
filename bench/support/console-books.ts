import type pg from 'pg';
import type { Side } from './compare-pages.ts';
import { sqlId } from './database.ts';
import { fillTable } from './past-payments.ts';

/** Nearly all of it is what happens to each invoice; some of it is what people change, and little is rare. */
const eventType = `case when e = 0 then 'invoice.created' when n % 1000 = 3 then 'invoice.voided'
  when n % 100 = 1 then 'customer.updated' when n % 100 < 10 then (array['customer.created', 'invoice.revised',
    'payment.declined', 'payment.returned', 'credit_memo.issued', 'estimate.created', 'schedule.created',
    'payment_method.stored', 'message.bounced'])[1 + n % 9]
  when n % 2 = 0 then 'invoice.sent' else 'payment.settled' end`;

export type Size = { customers: number; invoices: number };

/**
 * Two years of a company at work by the set: invoices (the recent ones open, and one old one in 50), a payment for
 * each that is closed, a message and two events for each invoice. Ended as they would have by themselves, with the
 * sums by day that the triggers would have kept.
 */
export async function fillConsoleBooks(
  pool: pg.Pool,
  { organizationId, tag }: Side,
  size: Size,
): Promise<void> {
  const client = await pool.connect();
  const org = `'${organizationId}'`;
  const id = (prefix: string, number = 'n') => sqlId(prefix, `(${tag}::bigint * 100000000 + ${number})`);
  const customer = id('cus', `(1 + n % ${size.customers})`);
  const each = `from generate_series(1, ${size.invoices}) n cross join lateral (select
    10000 + (n::bigint * 104729 % 900000) as t, date '2024-11-27' + (n * 730::bigint / ${size.invoices})::int as d) x
    cross join lateral (select d >= date '2026-09-01' or n % 50 = 0 as open) y`;
  const tables: Record<string, string> = {
    customers: `insert into customers (organization_id, id, display_name, email, allow_card, allow_bank_account,
      allow_partial_payments, portal_show_children, portal_edit_profile, portal_edit_methods, portal_edit_autopay, created_at, updated_at)
      select ${org}, ${id('cus')}, (array['Acme', 'Birch', 'Cedar', 'Delta'])[1 + n % 4] || ' Works ' || n,
      case when n % 100 > 0 then 'c' || n || '@example.test' end, true, true, true, false, true, true, true,
      now() - n * interval '1 minute', now() from generate_series(1, ${size.customers}) n`,
    invoices: `insert into invoices (organization_id, id, customer_id, number, currency, invoice_date, due_date, subtotal,
      total, applied, issued_at, closed_at, created_at, updated_at)
      select ${org}, ${id('inv')}, ${customer}, 'B-' || lpad(n::text, 7, '0'), 'USD', d, d + 30, t, t,
      case when open then 0 else t end, d, case when open then null else d + 40 end, d, d ${each}`,
    payments: `insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, applied,
      currency, received_on, requested_at, posted_at, settled_at)
      select ${org}, ${id('pay')}, ${customer}, ${id('req')}, 'check', case when n % 5 = 0 then 'staff' else 'api' end,
      'settled', t, t, 'USD', least(d + 40, date '2026-11-27'), d, d, d ${each} where not open`,
    messages: `insert into messages (organization_id, id, kind, state, route, from_name, from_email, to_emails, subject,
      html, text, message_id, customer_id, invoice_id, sent_at, created_at)
      select ${org}, ${id('msg')}, 'invoice', case when n % 5000 = 7 then 'bounced' else 'sent' end, 'mailbox', 'A',
      'a@a.test', '{b@b.test}', 's', 'h', 't', ${id('msg')}, ${customer}, ${id('inv')}, d, d ${each}`,
    events: `insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, data, occurred_at)
      select ${org}, ${id('evt', '(n * 2 + e)')}, ${eventType}, ${id('inv')}, ${customer}, 'job', '{}', d ${each}
      cross join generate_series(0, 1) e`,
  };
  await client.query(`set session_replication_role = replica; set synchronous_commit = off;
    set maintenance_work_mem = '512MB'; set work_mem = '128MB'`);
  for (const [table, insert] of Object.entries(tables)) {
    if (size.invoices > 10_000) await fillTable(client, table, insert);
    else await client.query(insert);
  }
  await client.query(
    `insert into daily_sums (organization_id, figure, currency, day, amount, count, folded)
    select *, true from daily_sums_counted where organization_id = $1`,
    [organizationId],
  );
  await client.query('reset all');
  client.release();
}
