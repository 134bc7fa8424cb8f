import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type DeclineRow = {
  id: string;
  customerId: string;
  customerName: string;
  runOn: CalendarDate;
  amount: bigint;
  currency: string;
  paymentId: string | null;
  failedAt: Date;
  failedWhy: string;
  nextTryOn: CalendarDate | null;
  kind: 'card' | 'bank_account' | 'paypal';
  brand: string;
  last4: string;
  state: string | null;
  invoices: { id: string; number: string; balance_due: number }[];
};

/** Charges of autopay that did not go through, newest first, with what is still open of their invoices. */
export async function listDeclines(
  tx: Tx,
  organizationId: string,
  filter: { limit: number; startingAfter?: string | undefined; customerId?: string | undefined },
): Promise<{ rows: DeclineRow[]; hasMore: boolean }> {
  const { limit, startingAfter, customerId } = filter;
  const conditions = [
    sql`organization_id = ${organizationId} and failed_at is not null`,
    ...(customerId ? [sql`customer_id = ${customerId}`] : []),
    ...(startingAfter ? [sql`id < ${startingAfter}`] : []),
  ];
  const rows = await tx.list<DeclineRow>(sql`
    select r.id, r.customer_id, c.display_name as customer_name, r.run_on, r.amount, r.currency, r.payment_id,
      r.failed_at, r.failed_why, r.next_try_on, m.kind, m.brand, m.last4, p.state,
      coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'number', i.number, 'balance_due', i.balance_due)
          order by i.id) from (select invoice_id from autopay_tries where organization_id = r.organization_id
          and run_id = r.id order by invoice_id limit 20) t
        join invoices i on i.organization_id = r.organization_id and i.id = t.invoice_id), '[]') as invoices
    from (select * from autopay_runs where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit + 1}) r
    join customers c on c.organization_id = r.organization_id and c.id = r.customer_id
    join payment_methods m on m.organization_id = r.organization_id and m.id = r.payment_method_id
    left join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    order by r.id desc`);
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}
