import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Actor } from '#db/db.ts';
import { migrate } from '#db/migrate.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { createImport } from '#features/imports/create-import.ts';
import { startImport } from '#features/imports/start-work.ts';
import { workThrough } from '#features/imports/work-through.ts';
import { systemNow } from '#lib/dates.ts';
import { type Bench, withDatabase } from './support/database.ts';
import { type BenchResult, now_ms, round } from './support/result.ts';

const invoices = 100_000;
const customers = 1000;

/** As a billing program exports them: one line an invoice, tax on every other one. */
function* csv(): Generator<string> {
  yield 'Customer external ID,External ID,Invoice number,Invoice date,Due date,Item name,Description,' +
    'Quantity,Unit price,Line amount,Taxable,Tax rate\r\n';
  for (let n = 1; n <= invoices; n += 1) {
    const [day, quantity, cents] = [String(1 + (n % 28)).padStart(2, '0'), 1 + (n % 7), 1000 + (n % 90_000)];
    const amount = (value: number) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
    const taxed = n % 2 === 0;
    yield `C-${n % customers},X-${n},INV-${n},2026-03-${day},2026-04-${day},Service ${n % 20},` +
      `Work in March,${quantity},${amount(cents)},${amount(cents * quantity)},${taxed ? 'Y,8.25%' : 'N,'}\r\n`;
  }
}

async function bringIn({
  db,
  organizationId,
}: Bench): Promise<{ whole_ms: number; commit_ms: number; most_mb: number }> {
  const actor: Actor = { kind: 'job', organizationId, name: 'bench' };
  const now = systemNow();
  await db.transaction(actor, (tx) =>
    createCustomers(
      tx,
      actor,
      {
        organizationId,
        quiet: true,
        customers: Array.from({ length: customers }, (_, n) => ({
          displayName: `Customer ${n}`,
          externalId: `C-${n}`,
        })),
      },
      now,
    ),
  );
  let most_mb = 0;
  const look = () => (most_mb = Math.max(most_mb, process.memoryUsage.rss() / 1e6));
  const begin = now_ms();
  const file = Readable.from(csv(), { objectMode: false });
  const { importId } = await db.transaction(actor, (tx) =>
    createImport(tx, actor, { organizationId, kind: 'invoices', fileName: 'bench.csv', file }, now),
  );
  look();
  const commitFrom = now_ms();
  await db.transaction(actor, (tx) => startImport(tx, actor, { organizationId, importId }, now));
  const batch = await workThrough(db, { organizationId, importId }, { onProgress: look });
  const end = now_ms();
  if (batch.createdCount !== invoices)
    throw new Error(`brought in ${batch.createdCount}: ${batch.error ?? ''}`);
  return { whole_ms: end - begin, commit_ms: end - commitFrom, most_mb };
}

const tables = ['invoices', 'invoice_lines', 'journal_entries', 'journal_lines', 'events', 'import_changes'];

async function copyOut(
  client: pg.Client,
  table: string,
): Promise<{ table: string; columns: string; bytes: Buffer[] }> {
  const { rows } = await client.query<{ list: string }>(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as list
    from information_schema.columns
    where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  const columns = rows[0]?.list ?? '';
  const only = table === 'events' ? `where type = 'invoice.issued'` : '';
  const bytes: Buffer[] = [];
  const out = client.query(copyTo(`copy (select ${columns} from ${table} ${only}) to stdout`));
  for await (const chunk of out) bytes.push(Buffer.concat([chunk as Buffer]));
  return { table, columns, bytes };
}

/**
 * The same rows by bare COPY, as their owner, into empty tables with the same constraints and indexes; one
 * commit.
 */
async function copyRows({ config }: Bench): Promise<number> {
  const from = new pg.Client(config);
  await from.connect();
  await from.query('create database reference');
  const to = new pg.Client({ ...config, database: 'reference' });
  await migrate({ ...config, database: 'reference' });
  await to.connect();
  for (const table of ['organizations', 'customers']) await copyIn(to, await copyOut(from, table));
  const copies = [];
  for (const table of tables) copies.push(await copyOut(from, table));
  await to.query('vacuum analyze');
  await to.query('checkpoint');
  const begin = now_ms();
  await to.query('begin');
  for (const copy of copies) await copyIn(to, copy);
  await to.query('commit');
  const took_ms = now_ms() - begin;
  const { rows } = await to.query<{ n: number }>('select count(*)::int as n from invoices');
  if (rows[0]?.n !== invoices) throw new Error(`copied ${rows[0]?.n}`);
  await to.end();
  await from.end();
  return took_ms;
}

async function copyIn(
  client: pg.Client,
  { table, columns, bytes }: Awaited<ReturnType<typeof copyOut>>,
): Promise<void> {
  await pipeline(Readable.from(bytes), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
}

/**
 * A file of 100,000 invoices through upload, reading, deciding and the books, against COPY of the rows it
 * ends in.
 */
export async function run(): Promise<BenchResult[]> {
  return withDatabase(async (bench) => {
    const { whole_ms, commit_ms, most_mb } = await bringIn(bench);
    const copy_ms = await copyRows(bench);
    const perSecond = (ms: number): number => round(invoices / (ms / 1000));
    const against = perSecond(copy_ms);
    const [commit_s, whole_s, copy_s] = [commit_ms, whole_ms, copy_ms].map((ms) => round(ms / 1000));
    const note = `${commit_s} of ${whole_s} s with upload; COPY ${copy_s} s; ${Math.round(most_mb)} MB`;
    return [
      {
        name: 'invoices imported (import)',
        value: perSecond(commit_ms),
        unit: 'invoices/s',
        against,
        ratio: round(copy_ms / commit_ms),
        note,
      },
      {
        name: 'invoices imported (upload and import)',
        value: perSecond(whole_ms),
        unit: 'invoices/s',
        against,
        ratio: round(copy_ms / whole_ms),
      },
    ];
  });
}
