import type pg from 'pg';
import { listCustomers } from '#features/customers/queries.ts';
import { type InvoiceFilter, listInvoices } from '#features/invoices/queries.ts';
import { comparePages, type Page, type Side } from './support/compare-pages.ts';
import { newOrganization, sqlId, withDatabase } from './support/database.ts';
import { type BenchResult, median } from './support/result.ts';

const today = '2026-11-20';
const runs = 25;

const large = { customers: 100_000, invoices: 1_000_000 };
const small = { customers: 100, invoices: 1000 };
const idOf = (prefix: string, tag: number, number: number): string =>
  `${prefix}_${String(tag * 100_000_000 + number).padStart(22, '0')}`;

/**
 * Two years of invoices by the set, as their owner; a fifth is open: the recent ones, and one old one in 50.
 * Indexes are made afterwards, which is quicker and leaves them as a rebuilt database has them.
 */
async function fillBooks(pool: pg.Pool, { organizationId, tag }: Side, size: typeof large): Promise<void> {
  const client = await pool.connect();
  const id = (number: string) => `(${tag}::bigint * 100000000 + ${number})`;
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'invoices' and indexname <> 'invoices_pkey'`);
  const rebuilt = size.invoices > 100_000 ? rows : [];
  await client.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'`);
  for (const { name } of rebuilt) await client.query(`drop index ${name}`);
  await client.query(
    `insert into customers (organization_id, id, display_name, email, allow_card, allow_bank_account,
      allow_partial_payments, portal_show_children, portal_edit_profile, portal_edit_methods, portal_edit_autopay,
      created_at, updated_at)
    select $1, ${sqlId('cus', id('n'))}, (array['Acme', 'Birch', 'Cedar', 'Delta'])[1 + n % 4] || ' Works ' || n,
      'c' || n || '@example.test', true, true, true, false, true, true, true, now() - n * interval '1 minute', now()
    from generate_series(1, ${size.customers}) n`,
    [organizationId],
  );
  await client.query(
    `insert into invoices (organization_id, id, customer_id, number, currency, invoice_date, due_date, subtotal, total,
      applied, issued_at, closed_at, created_at, updated_at)
    select $1, ${sqlId('inv', id('n'))}, ${sqlId('cus', id(`1 + n % ${size.customers}`))},
      'B-' || lpad(n::text, 7, '0'), 'USD', d, d + 30, t, t, case when open then 0 else t end, d,
      case when open then null else d + 40 end, d, d
    from generate_series(1, ${size.invoices}) n
    cross join lateral (select 10000 + (n::bigint * 104729 % 900000) as t,
      date '2024-11-20' + (n * 730::bigint / ${size.invoices})::int as d) x
    cross join lateral (select d >= date '2026-07-05' or n % 50 = 0 as open) y`,
    [organizationId],
  );
  for (const { definition } of rebuilt) await client.query(definition);
  await client.query('set session_replication_role = default; reset maintenance_work_mem');
  client.release();
}

const sorts = ['-invoice_date', 'invoice_date', 'due_date', '-due_date', '-total', 'total', 'number'];

function pages(): Page[] {
  type Asked = Partial<InvoiceFilter> & { after?: number; of?: number };
  const invoices = (name: string, { after, of, ...rest }: Asked): Page => ({
    name,
    read: (tx, { organizationId, tag }) =>
      listInvoices(tx, organizationId, today, {
        limit: 25,
        status: 'open',
        sort: '-invoice_date',
        ...rest,
        startingAfter: after ? idOf('inv', tag, after) : undefined,
        customerId: of ? idOf('cus', tag, of) : undefined,
      }),
  });
  const customers = (name: string, q?: string): Page => ({
    name,
    read: (tx, { organizationId }) =>
      listCustomers(
        tx,
        { organizationId, currency: 'USD', today },
        { limit: 25, status: 'active', sort: 'display_name', q },
      ),
  });
  return [
    ...sorts.map((sort) => invoices(`open by ${sort}`, { sort })),
    ...sorts.map((sort) => invoices(`open by ${sort}, page 2`, { sort, after: 950 })),
    ...sorts.map((sort) => invoices(`past due by ${sort}`, { sort, status: 'past_due' })),
    invoices('all', { status: 'all' }),
    invoices('closed', { status: 'closed' }),
    invoices('closed by -due_date', { status: 'closed', sort: '-due_date' }),
    invoices('open of one customer', { of: 7 }),
    invoices('open due in one week', { dueFrom: '2026-11-01', dueTo: '2026-11-07', sort: 'due_date' }),
    invoices('found by number', { q: 'B-0000950', status: 'all' }),
    invoices('found by customer', { q: 'acme 48', status: 'all' }),
    invoices('found nowhere', { q: 'zzz', status: 'all' }),
    customers('customers by name'),
    customers('customers found', 'cedar 22'),
  ];
}

/** Pages of 25 at a million invoices (a fifth open) against the same pages at a thousand, in one database: p50. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db, organizationId }) => {
    const sides: [Side, Side] = [
      { organizationId, tag: 1 },
      { organizationId: await newOrganization(db), tag: 2 },
    ];
    await fillBooks(db.pool, sides[0], large);
    await fillBooks(db.pool, sides[1], small);
    await db.pool.query('vacuum analyze customers, invoices');
    const results = await comparePages(db, sides, { of: 'invoices-page', pages: pages(), runs });
    const open = results.filter(({ name }) => name.startsWith('invoices-page: open by'));
    const ratios = open.map(({ ratio }) => ratio);
    const worst = Math.max(...ratios);
    return [
      ...results,
      {
        name: 'open-invoices-page',
        value: worst,
        unit: 'worst ratio',
        against: null,
        ratio: worst,
        note: `open, any sort, pages 1 and 2; median ratio ${median(ratios)}; goal ≤ 1.5`,
      },
    ];
  });
}
