import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

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

/** How many runs are looked at, the newest: who has more that failed has no need of the rest. */
const mostRuns = 500;
const final_days = 30;

/** Charges of the last days that failed, are not tried again, and whose invoices are still open. */
export const finalDeclines = (organizationId: string, today: CalendarDate): RawBuilder<unknown> => sql`
  select r.* from (select * from autopay_runs where organization_id = ${organizationId} and failed_at is not null
    order by id desc limit ${mostRuns}) r
  where r.run_on >= ${addDays(today, -final_days)} and r.next_try_on is null and exists (select from autopay_tries t
    join invoices i on i.organization_id = t.organization_id and i.id = t.invoice_id
    where t.organization_id = ${organizationId} and t.run_id = r.id and i.closed_at is null)`;

type DeclineFilter = {
  limit: number;
  startingAfter?: string | undefined;
  customerId?: string | undefined;
  view: 'all' | 'final';
};

/** Charges of autopay that did not go through, newest first, with what is still open of their invoices. */
export async function listDeclines(
  tx: Tx,
  organizationId: string,
  filter: DeclineFilter,
  today: CalendarDate,
): Promise<{ rows: DeclineRow[]; hasMore: boolean }> {
  const { limit, startingAfter, customerId, view } = filter;
  const from = view === 'final' ? sql`(${finalDeclines(organizationId, today)}) f` : sql`autopay_runs`;
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
    from (select * from ${from} where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit + 1}) r
    join customers c on c.organization_id = r.organization_id and c.id = r.customer_id
    join payment_methods m on m.organization_id = r.organization_id and m.id = r.payment_method_id
    left join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    order by r.id desc`);
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}
