import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { foundCustomers, wordsOf } from '#db/found-customers.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { progressOf, type ScheduleRow, scheduleColumns } from '#features/schedules/read-schedule.ts';
import { nextDates } from '#features/schedules/rules.ts';
import { totalsOfTemplate } from '#features/schedules/template-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

export type ShownSchedule = ScheduleRow & {
  customerName: string;
  methodKind: string | null;
  methodBrand: string | null;
  methodLast4: string | null;
};

const shown = sql.raw(`c.display_name as customer_name, m.kind as method_kind, m.brand as method_brand,
  m.last4 as method_last4`);
const joins = sql.raw(`join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
  left join payment_methods m on m.organization_id = s.organization_id and m.id = s.payment_method_id`);

export async function readSchedule(tx: Tx, organizationId: string, id: string): Promise<ShownSchedule> {
  const row = await tx.row<ShownSchedule>(sql`select ${scheduleColumns}, ${shown} from schedules s ${joins}
    where s.organization_id = ${organizationId} and s.id = ${id}`);
  if (!row) throw notFound('schedule', id);
  return row;
}

export const presentSchedule = (row: ShownSchedule) => ({
  object: 'schedule' as const,
  id: row.id,
  kind: row.kind,
  state: row.state,
  pause_reason: row.pauseReason,
  description: row.description,
  customer_id: row.customerId,
  customer_name: row.customerName,
  payment_plan_id: row.paymentPlanId,
  amount: row.amount,
  currency: row.currency,
  unit: row.unit,
  every: row.every,
  starts_on: row.startsOn,
  times: row.times,
  ends_on: row.endsOn,
  taken: row.taken,
  next_on: row.nextOn,
  retry_on: row.retryOn,
  next_dates: nextDates(row, progressOf(row), 5),
  invoice: presentTemplate(row),
  payment_method:
    row.paymentMethodId === null
      ? null
      : {
          id: row.paymentMethodId,
          kind: row.methodKind ?? '',
          brand: row.methodBrand ?? '',
          last4: row.methodLast4 ?? '',
        },
  authorization_id: row.authorizationId,
  applies_to: row.appliesTo,
  receipt_to_customer: row.receiptToCustomer,
  receipt_to_organization: row.receiptToOrganization,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

function presentTemplate({ document, currency, dueDays, issues }: ShownSchedule) {
  if (!document) return null;
  const lines = totalsOfTemplate(document, currency).lines.map((line) => ({
    item_name: line.itemName,
    description: line.description,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    amount: line.amount,
    taxable: line.taxable,
    tax_rate: line.taxRate,
    discount: line.discount ?? '',
    service_date: line.serviceDate ?? null,
    taxes: [...(line.taxes ?? [])],
  }));
  const { terms, poNumber, memo, discountTerms: discount = '' } = document;
  return { lines, terms, po_number: poNumber, memo, discount, due_days: dueDays ?? 0, issue: issues ?? true };
}

export type ScheduleFilter = {
  q?: string | undefined;
  customerId?: string | undefined;
  status: 'running' | 'paused' | 'stopped' | 'all';
  sort: 'next_on' | '-next_on' | 'amount' | '-amount';
};
type Page = { limit: number; startingAfter?: string | undefined };

const sorts = {
  next_on: { column: sql.raw('s.listed_on'), ascending: true },
  '-next_on': { column: sql.raw('s.listed_on'), ascending: false },
  amount: { column: sql.raw('s.amount'), ascending: true },
  '-amount': { column: sql.raw('s.amount'), ascending: false },
};

/** A page of schedules, from where the last one ended. */
export async function readScheduleRows(
  tx: Tx,
  organizationId: string,
  filter: ScheduleFilter & Page,
): Promise<ShownSchedule[]> {
  const { column, ascending } = sorts[filter.sort];
  const conditions = [sql`s.organization_id = ${organizationId}`];
  if (filter.status === 'stopped')
    conditions.push(sql`s.state = 'paused' and s.pause_reason <> 'by_hand' and s.payment_plan_id is null`);
  else if (filter.status !== 'all') conditions.push(sql`s.state = ${sql.lit(filter.status)}`);
  if (filter.customerId) conditions.push(sql`s.customer_id = ${filter.customerId}`);
  if (filter.startingAfter) {
    const after = await readSchedule(tx, organizationId, filter.startingAfter);
    const value = filter.sort.endsWith('amount') ? after.amount : (after.nextOn ?? '9999-12-31');
    const cast = filter.sort.endsWith('amount') ? sql`${value}::bigint` : sql`${value}::date`;
    conditions.push(sql`(${column}, s.id) ${sql.raw(ascending ? '>' : '<')} (${cast}, ${after.id})`);
  }
  const way = sql.raw(ascending ? 'asc' : 'desc');
  const from = filter.q ? search(organizationId, filter.q) : sql`schedules s`;
  return tx.list<ShownSchedule>(sql`
    select ${scheduleColumns}, ${shown} from (select s.* from ${from} where ${sql.join(conditions, sql` and `)}
      order by ${column} ${way}, s.id ${way} limit ${filter.limit}) s ${joins}
    order by ${column} ${way}, s.id ${way}`);
}

const mostFound = 1000;

/** By the description and the rhythm, or by the customer: few, gathered by their own indexes, then sorted. */
function search(organizationId: string, q: string): RawBuilder<unknown> {
  return sql`(
    select f.id from found_schedules(${organizationId}, ${wordsOf(q) ?? ''}, ${mostFound}) f
    union
    (select n.id from schedules n where n.organization_id = ${organizationId} and n.customer_id in (
      ${foundCustomers(organizationId, q, 100)}) limit ${mostFound})) f
    cross join lateral (select * from schedules n where n.organization_id = ${organizationId} and n.id = f.id offset 0) s`;
}

export async function listSchedules(tx: Tx, organizationId: string, filter: ScheduleFilter & Page) {
  const rows = await readScheduleRows(tx, organizationId, { ...filter, limit: filter.limit + 1 });
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(presentSchedule),
    has_more: rows.length > filter.limit,
  };
}

type OccurrenceRow = {
  day: CalendarDate;
  state: 'made' | 'failed' | 'skipped' | 'missed';
  tries: number;
  reason: string | null;
  workedAt: Date;
  invoiceId: string | null;
  number: string | null;
  paymentId: string | null;
  paymentState: PaymentState | null;
  paymentKind: PaymentKind | null;
  paymentAmount: bigint | null;
};

/** What became of the days of a schedule, newest first. */
export async function listOccurrences(
  tx: Tx,
  organizationId: string,
  about: { id: string; limit: number; startingAfter?: string | undefined },
) {
  await readSchedule(tx, organizationId, about.id);
  const after = about.startingAfter ? sql`and o.day < ${about.startingAfter}::date` : sql``;
  const rows = await tx.rows<OccurrenceRow>(sql`
    select o.day, o.state, o.tries, o.reason, o.worked_at, o.invoice_id, i.number, o.payment_id,
      p.state as payment_state, p.kind as payment_kind, p.amount as payment_amount
    from schedule_occurrences o
    left join invoices i on i.organization_id = o.organization_id and i.id = o.invoice_id
    left join payments p on p.organization_id = o.organization_id and p.id = o.payment_id
    where o.organization_id = ${organizationId} and o.schedule_id = ${about.id} ${after}
    order by o.day desc limit ${about.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, about.limit).map((row) => ({
      object: 'schedule_occurrence' as const,
      day: row.day,
      state: row.state,
      tries: row.tries,
      reason: row.reason,
      invoice: row.invoiceId === null ? null : { id: row.invoiceId, number: row.number ?? '' },
      payment:
        row.paymentId === null
          ? null
          : {
              id: row.paymentId,
              state: row.paymentState ?? '',
              kind: row.paymentKind ?? '',
              amount: row.paymentAmount ?? 0n,
            },
      worked_at: row.workedAt,
    })),
    has_more: rows.length > about.limit,
  };
}
