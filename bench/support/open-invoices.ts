import type pg from 'pg';
import type { Row } from './post-payment-sql.ts';

/** Half of what each open invoice is over, in no order, as payers pay. */
export async function halvesOf(pool: pg.Pool, organizationId: string): Promise<Row[]> {
  const { rows } = await pool.query<{ id: string; customerId: string; total: string }>(
    `select id, customer_id as "customerId", total::text from invoices
    where organization_id = $1 and closed_at is null order by md5(id)`,
    [organizationId],
  );
  return rows.map((row) => ({
    invoiceId: row.id,
    customerId: row.customerId,
    amount: BigInt(row.total) / 2n,
  }));
}
