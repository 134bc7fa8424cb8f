import type pg from 'pg';
import type { Side } from './compare-pages.ts';
import type { Size } from './console-books.ts';
import { desk } from './console-collectors.ts';
import { maker } from './console-maker.ts';
import { money } from './console-money.ts';
import { office } from './console-office.ts';
import { standing } from './console-standing.ts';
import { fillTable } from './past-payments.ts';
import { personOf } from './person-of.ts';

/**
 * What else two years leave behind beside invoices and payments: estimates, schedules, plans, autopay, the collectors'
 * desk, tickets, replies, credit, fees, deposits, chargebacks, bulk actions, views, notices. As many of each as a busy
 * company of that size has.
 */
export async function fillConsoleDesk(
  pool: pg.Pool,
  { organizationId, tag }: Side,
  size: Size,
): Promise<void> {
  const client = await pool.connect();
  await client.query(`set session_replication_role = replica; set synchronous_commit = off;
    set maintenance_work_mem = '512MB'; set work_mem = '128MB'`);
  const tables = { ...people(organizationId, tag), ...statements(organizationId, tag, size) };
  for (const [table, insert] of Object.entries(tables)) {
    if (size.invoices > 10_000 && !['users', 'organization_users'].includes(table))
      await fillTable(client, table, insert);
    else await client.query(insert);
  }
  await client.query('reset all');
  client.release();
}

const people = (organizationId: string, tag: number): Record<string, string> => ({
  users: `insert into users (id, email, first_name, last_name, password_hash, operator, created_at)
    values ('${personOf(tag)}', 'person${tag}@example.test', 'Ada', 'Lee', 'x', true, now())`,
  organization_users: `insert into organization_users (organization_id, user_id, roles, created_at)
    values ('${organizationId}', '${personOf(tag)}', '{superuser}', '2024-01-01')`,
});

function statements(organizationId: string, tag: number, size: Size): Record<string, string> {
  const make = maker(organizationId, tag, size);
  return { ...standing(make), ...desk(make), ...money(make), ...office(make) };
}
