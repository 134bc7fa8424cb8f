import type pg from 'pg';
import { listPayments, type PaymentFilter, totalPayments } from '#features/payments/list-payments.ts';
import { comparePages, type Page, type Side } from './support/compare-pages.ts';
import { newOrganization, sqlId, withDatabase } from './support/database.ts';
import type { BenchResult } from './support/result.ts';

const runs = 15;

const large = { customers: 20_000, payments: 1_000_000 };
const small = { customers: 100, payments: 1000 };
const idOf = (prefix: string, tag: number, number: number): string =>
  `${prefix}_${String(tag * 100_000_000 + number).padStart(22, '0')}`;

const [old, current] = [idOf('gwa', 0, 1), idOf('gwa', 0, 2)];

/**
 * Two years of payments by the set: most by card in the portal; one in 50 declined; and of each facet a value
 * that only ten of all have, spread over the years, which a walk by date would look for in vain.
 */
async function fill(pool: pg.Pool, { organizationId, tag }: Side, size: typeof large): Promise<void> {
  const client = await pool.connect();
  const id = (number: string) => `(${tag}::bigint * 100000000 + ${number})`;
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'payments' and indexname <> 'payments_pkey'`);
  const rebuilt = size.payments > 100_000 ? rows : [];
  await client.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'`);
  for (const { name } of rebuilt) await client.query(`drop index ${name}`);
  await client.query(
    `insert into customers (organization_id, id, display_name, email, allow_card, allow_bank_account,
      allow_partial_payments, portal_show_children, portal_edit_profile, portal_edit_methods, portal_edit_autopay,
      created_at, updated_at)
    select $1, ${sqlId('cus', id('n'))}, (array['Acme', 'Birch', 'Cedar', 'Delta'])[1 + n % 4] || ' Works ' || n,
      'c' || n || '@example.test', true, true, true, false, true, true, true, now(), now()
    from generate_series(1, ${size.customers}) n`,
    [organizationId],
  );
  const rare = `n % ${size.payments / 10} = 7`;
  await client.query(
    `insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, currency,
      received_on, gateway_account_id, requested_at, posted_at, ended_at)
    select $1, ${sqlId('pay', id('n'))}, ${sqlId('cus', id(`1 + n % ${size.customers}`))}, 'k' || n,
      case when ${rare} then 'wire' when n % 20 = 0 then 'check' when n % 4 = 0 then 'bank_account' else 'card' end,
      case when ${rare} then 'import' when n % 20 = 0 then 'staff' when n % 5 = 0 then 'invoice_link' else 'portal' end,
      s, case when ${rare} then 77777777 else 100 + (n::bigint * 104729 % 900000) end, 'USD',
      date '2024-11-20' + (n * 730::bigint / ${size.payments})::int,
      case when ${rare} then '${old}' when n % 20 = 0 then null else '${current}' end, now(),
      case when s in ('declined', 'submitted') then null else now() end,
      case when s in ('declined', 'voided') then now() end
    from generate_series(1, ${size.payments}) n
    cross join lateral (select case when ${rare} then 'voided' when n % 50 = 1 then 'declined'
      when n % 400 = 3 then 'submitted' else 'settled' end as s) x`,
    [organizationId],
  );
  for (const { definition } of rebuilt) await client.query(definition);
  await client.query('set session_replication_role = default; reset maintenance_work_mem');
  client.release();
}

type Asked = Partial<PaymentFilter> & { after?: number };
const asked: Record<string, Asked> = {
  all: {},
  'all, deep in the list': { after: 500 },
  'in progress': { status: 'in_progress' },
  rejected: { status: 'rejected' },
  'voided, ten of all': { status: 'voided' },
  'a kind that most are of': { kind: 'card' },
  'a kind that ten are of': { kind: 'wire' },
  'a source that most have': { source: 'portal' },
  'a source that ten have': { source: 'import' },
  'a gateway that ten went to': { gatewayAccountId: old },
  'kind and source of ten': { kind: 'wire', source: 'import' },
  'common kind, rare source': { kind: 'card', source: 'import' },
  'an amount that ten have': { amountFrom: 77_777_777, amountTo: 77_777_777 },
  'amounts of a tenth': { amountFrom: 100_000, amountTo: 190_000 },
  'one week': { from: '2026-03-01', to: '2026-03-07' },
  'found by customer': { q: 'acme works 48' },
  'found nowhere': { q: 'zzz' },
};

const pages: Page[] = Object.entries(asked).flatMap(([name, { after, ...filter }]) => [
  {
    name,
    read: (tx, { organizationId, tag }) =>
      listPayments(tx, organizationId, {
        limit: 25,
        status: 'all',
        ...filter,
        startingAfter: after ? idOf('pay', tag, after) : undefined,
      }),
  },
  {
    name: `totals of ${name}`,
    read: (tx, { organizationId }) => totalPayments(tx, organizationId, { status: 'all', ...filter }),
  },
]);

/** Pages and totals of the payments report at a million payments against the same at a thousand: p50. */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async ({ db, organizationId }) => {
    const sides: [Side, Side] = [
      { organizationId, tag: 1 },
      { organizationId: await newOrganization(db), tag: 2 },
    ];
    await fill(db.pool, sides[0], large);
    await fill(db.pool, sides[1], small);
    await db.pool.query('vacuum analyze customers, payments');
    const results = await comparePages(db, sides, { of: 'payments-page', pages, runs });
    const lists = results.filter(({ name }) => !name.includes('totals'));
    const worst = Math.max(...lists.map(({ value }) => value));
    return [
      ...results,
      {
        name: 'payments-page',
        value: worst,
        unit: 'ms p50',
        against: null,
        ratio: null,
        note: 'slowest list',
      },
    ];
  });
}
