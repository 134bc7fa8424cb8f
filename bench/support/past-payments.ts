import type pg from 'pg';
import { sqlId } from './database.ts';

const customers = 1000;

type Index = { name: string; definition: string };
type Size = { payments: number; tag: number };

/**
 * So many checks, received over years and applied, with the journal and the events that each wrote: two tables at a
 * time, the largest first, their indexes built afterwards. They end as they would have by themselves.
 */
export async function fillPayments(pool: pg.Pool, organizationId: string, size: Size): Promise<void> {
  const tables = Object.entries(statements(organizationId, size));
  await Promise.all(
    [1, 2].map(async () => {
      const client = await pool.connect();
      await client.query(`set session_replication_role = replica; set synchronous_commit = off;
        set maintenance_work_mem = '1GB'; set work_mem = '256MB'`);
      for (let next = tables.shift(); next; next = tables.shift()) await fillTable(client, ...next);
      await client.query('reset all');
      client.release();
    }),
  );
}

export async function fillTable(client: pg.PoolClient, table: string, insert: string): Promise<void> {
  const { rows: indexes } = await client.query<Index>(
    `select quote_ident(i.indexname) as name, i.indexdef as definition from pg_indexes i
    where i.tablename = $1 and not exists (select 1 from pg_constraint c where c.conname = i.indexname)`,
    [table],
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await client.query(insert);
  for (const { definition } of indexes) await client.query(definition);
  await client.query(`vacuum analyze ${table}`);
}

function statements(organizationId: string, { payments, tag }: Size): Record<string, string> {
  const org = `'${organizationId}'`;
  const id = (prefix: string, n = 'n'): string => sqlId(prefix, `(${tag}::bigint * 100000000 + ${n})`);
  const customer = id('cus', `(1 + n % ${customers})`);
  const invoice = id('inv', `(1 + n / 10)`);
  const day = `(date '2020-01-01' + (n * 2400 / ${payments})::int)`;
  const at = `(timestamptz '2020-01-01' + n * interval '20 seconds')`;
  const amount = '(1000 + n * 7919 % 90000)';
  const each = `from generate_series(1::bigint, ${payments}) n`;
  return {
    events: `insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, data, occurred_at)
    select ${org}, ${id('evt', '(n * 2 + e.no)')}, e.type, case e.no when 0 then ${id('pay')} else ${invoice} end, ${customer},
      'api_key', jsonb_build_object('amount', ${amount}, 'currency', 'USD', 'kind', 'check'), ${at}
    ${each} cross join (values (0, 'payment.recorded'), (1, 'invoice.payment_applied')) as e(no, type)`,
    payments: `insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, applied, currency,
      received_on, reference, requested_at, posted_at, settled_at)
    select ${org}, ${id('pay')}, ${customer}, ${id('req')}, 'check', 'api', 'settled', ${amount}, ${amount}, 'USD', ${day},
      (n % 10000)::text, ${at}, ${at}, ${at} ${each}`,
    journal_lines: `insert into journal_lines (organization_id, entry_id, line_no, account, customer_id, invoice_id, debit, credit, currency)
    select ${org}, ${id('jen')}, l.no, l.account, ${customer}, case l.no when 2 then ${invoice} end,
      case l.no when 1 then ${amount} else 0 end, case l.no when 2 then ${amount} else 0 end, 'USD'
    ${each} cross join (values (1, 'undeposited_funds'), (2, 'accounts_receivable')) as l(no, account)`,
    payment_applications: `insert into payment_applications (organization_id, id, payment_id, invoice_id, amount, state, created_at, applied_at)
    select ${org}, ${id('pap')}, ${id('pay')}, ${invoice}, ${amount}, 'applied', ${at}, ${at} ${each}`,
    journal_entries: `insert into journal_entries (organization_id, id, entry_date, kind, source_id, created_at)
    select ${org}, ${id('jen')}, ${day}, 'payment_posted', ${id('pay')}, ${at} ${each}`,
  };
}
