import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { newSandboxKeys } from '#connectors/gateways/sandbox/keys.ts';
import { type Database, openDatabase, systemActor } from '#db/db.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createOrganization } from '#features/organizations/create-organization.ts';
import { systemNow } from '#lib/dates.ts';
import { makeSecrets } from '#lib/secrets.ts';

export type Bench = { db: Database; config: pg.PoolConfig; organizationId: string };

/** A durable database of its own, with one organization in it, gone afterwards. */
export async function withDatabase<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'owed-bench-'));
  const server = await startEmbedded({ dataDir, durable: true });
  try {
    await migrate(server.connection);
    const db = openDatabase({ ...server.connection, max: 20 });
    const organizationId = await newOrganization(db);
    const result = await work({ db, config: server.connection, organizationId });
    await db.close();
    return result;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export async function newOrganization(db: Database): Promise<string> {
  const actor = systemActor('bench');
  const { organizationId } = await db.transaction(actor, (tx) =>
    createOrganization(
      tx,
      actor,
      {
        name: 'Bench',
        mode: 'sandbox',
        currency: 'USD',
        timeZone: 'UTC',
        secrets: makeSecrets(Buffer.alloc(32, 1)),
        sandboxKeys: newSandboxKeys(),
      },
      systemNow(),
    ),
  );
  return organizationId;
}

/** An id of the right shape for generated rows, in SQL: prefix and a number in 22 digits. */
export const sqlId = (prefix: string, number: string): string =>
  `'${prefix}_' || lpad((${number})::text, 22, '0')`;

/** Customers and open invoices by the set, as their owner: what a workload starts from. */
export async function fill(
  pool: pg.Pool,
  organizationId: string,
  size: { customers: number; invoices: number; open: number; tag: number },
): Promise<void> {
  const { customers, invoices, open, tag } = size;
  const id = (number: string) => `(${tag}::bigint * 100000000 + ${number})`;
  await pool.query(
    `insert into customers (organization_id, id, display_name, email, allow_card, allow_bank_account,
      allow_partial_payments, portal_show_children, portal_edit_profile, portal_edit_methods, portal_edit_autopay, created_at, updated_at)
    select $1, ${sqlId('cus', id('n'))}, 'Customer ' || n || ' of ' || ${tag}, 'c' || n || '@example.test', true, true, true, false, true, true,
      true, now() - n * interval '1 minute', now() from generate_series(1, ${customers}) n`,
    [organizationId],
  );
  await pool.query(
    `insert into invoices (organization_id, id, customer_id, number, currency, invoice_date, due_date, subtotal, total,
      applied, issued_at, closed_at, created_at, updated_at)
    select $1, ${sqlId('inv', id('n'))}, ${sqlId('cus', id(`1 + n % ${customers}`))}, 'B-' || n, 'USD', date '2026-11-01' - (n::bigint * 7919 % 700)::int,
      date '2026-12-01' - (n::bigint * 7919 % 700)::int, t, t, case when n <= ${open} then 0 else t end, now(),
      case when n <= ${open} then null else now() end, now(), now()
    from generate_series(1, ${invoices}) n cross join lateral (select 10000 + (n::bigint * 104729 % 900000) as t) x`,
    [organizationId],
  );
  await pool.query('analyze customers, invoices');
}
