import { type RawBuilder, sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { ScheduleKind, ScheduleUnit } from '#features/schedules/rules.ts';
import type { InvoiceTemplate } from '#features/schedules/template-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

const batchSize = 500;

const isDue = (kind: ScheduleKind) =>
  sql`kind = ${sql.lit(kind)} and state = 'running' and payment_plan_id is null`;

async function earliestDue(
  tx: Tx,
  at: { organizationId: string; kind: ScheduleKind; today: CalendarDate },
): Promise<CalendarDate | undefined> {
  const row = await tx.row<{ workOn: CalendarDate }>(sql`select work_on from schedules
    where organization_id = ${at.organizationId} and ${isDue(at.kind)} and work_on <= ${at.today}::date
    order by work_on limit 1`);
  return row?.workOn;
}

function findBatch(
  tx: Tx,
  at: { organizationId: string; kind: ScheduleKind; day: CalendarDate; after: string },
): Promise<{ id: string }[]> {
  return tx.list<{ id: string }>(sql`select id from schedules
    where organization_id = ${at.organizationId} and ${isDue(at.kind)} and work_on = ${at.day}::date and id > ${at.after}
    order by id limit ${batchSize}`);
}

type Work = (tx: Tx, ids: readonly string[]) => Promise<void>;

/**
 * Every running schedule that is due by today, the oldest day first, a batch a transaction, so that neither
 * memory nor locks grow with them. `work` moves each of them on; one whose next date is due too comes again.
 */
export async function workDue(
  db: Database,
  actor: Actor,
  at: { organizationId: string; kind: ScheduleKind; today: CalendarDate; work: Work },
): Promise<void> {
  let done = '';
  for (;;) {
    const day = await db.transaction(actor, (tx) => earliestDue(tx, at));
    if (day === undefined) return;
    if (day <= done) throw new Error(`schedules of ${day} were worked and are still due`);
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      after = await db.transaction(actor, async (tx) => {
        const ids = (await findBatch(tx, { ...at, day, after: from })).map(({ id }) => id);
        if (ids.length > 0) await at.work(tx, ids);
        return ids.length < batchSize ? undefined : ids.at(-1);
      });
    }
    done = day;
  }
}

export type DueSchedule = {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  unit: ScheduleUnit;
  every: number;
  startsOn: CalendarDate;
  times: number | null;
  endsOn: CalendarDate | null;
  taken: number;
  nextOn: CalendarDate | null;
  nextIndex: number;
  isActive: boolean;
};

export type DueInvoice = DueSchedule & {
  document: InvoiceTemplate;
  dueDays: number;
  issues: boolean;
  taxExemptReason: string | null;
};

export type DuePayment = DueSchedule & {
  description: string;
  retryDay: CalendarDate | null;
  retryOn: CalendarDate | null;
  /** How often the day that is to be tried again was charged. */
  tries: number;
  paymentMethodId: string;
  authorizationId: string | null;
  appliesTo: 'oldest_invoices' | 'unapplied_cash';
  receiptToCustomer: boolean;
  /** What the agreement allows at most, and whether it stands. */
  agreedAmount: bigint | null;
  isRevoked: boolean;
};

/** Of those found, the ones that are still due, locked in the order of their ids. */
function lockDue<Row extends DueSchedule>(
  tx: Tx,
  at: { organizationId: string; day: CalendarDate; ids: readonly string[] },
  more: { columns: RawBuilder<unknown>; joins: RawBuilder<unknown> },
): Promise<Row[]> {
  return tx.rows<Row>(sql`
    select s.id, s.customer_id, s.currency, s.amount, s.unit, s.every, s.starts_on, s.times, s.ends_on, s.taken,
      s.next_on, s.next_index, c.deactivated_at is null as is_active, ${more.columns}
    from schedules s join customers c on c.organization_id = s.organization_id and c.id = s.customer_id ${more.joins}
    where s.organization_id = ${at.organizationId} and s.id = any(${[...at.ids]}::text[]) and s.state = 'running'
      and s.work_on <= ${at.day}::date
    order by s.id for update of s`);
}

export const lockDueInvoices = (tx: Tx, at: Parameters<typeof lockDue>[1]): Promise<DueInvoice[]> =>
  lockDue<DueInvoice>(tx, at, {
    columns: sql`s.document, s.due_days, s.issues, c.tax_exempt_reason`,
    joins: sql``,
  });

export const lockDuePayments = (tx: Tx, at: Parameters<typeof lockDue>[1]): Promise<DuePayment[]> =>
  lockDue<DuePayment>(tx, at, {
    columns: sql`s.description, s.retry_day, s.retry_on, coalesce(o.tries, 0) as tries, s.payment_method_id,
      s.authorization_id, s.applies_to, s.receipt_to_customer, (a.terms->>'amount')::bigint as agreed_amount,
      r.authorization_id is not null as is_revoked`,
    joins: sql`
      left join schedule_occurrences o on o.organization_id = s.organization_id and o.schedule_id = s.id
        and o.day = s.retry_day
      left join authorizations a on a.organization_id = s.organization_id and a.id = s.authorization_id
      left join authorization_revocations r on r.organization_id = s.organization_id
        and r.authorization_id = s.authorization_id`,
  });
