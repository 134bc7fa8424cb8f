import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PauseReason } from '#features/schedules/pause-rules.ts';
import type { Progress, ScheduleKind, ScheduleState, ScheduleUnit } from '#features/schedules/rules.ts';
import type { InvoiceTemplate } from '#features/schedules/template-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type ScheduleRow = {
  id: string;
  customerId: string;
  kind: ScheduleKind;
  state: ScheduleState;
  description: string;
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
  retryDay: CalendarDate | null;
  retryOn: CalendarDate | null;
  pauseReason: PauseReason | null;
  document: InvoiceTemplate | null;
  dueDays: number | null;
  issues: boolean | null;
  paymentMethodId: string | null;
  authorizationId: string | null;
  appliesTo: 'oldest_invoices' | 'unapplied_cash' | null;
  paymentPlanId: string | null;
  receiptToCustomer: boolean;
  receiptToOrganization: boolean;
  endedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

export const scheduleColumns =
  sql.raw(`s.id, s.customer_id, s.kind, s.state, s.description, s.currency, s.amount,
  s.unit, s.every, s.starts_on, s.times, s.ends_on, s.taken, s.next_on, s.next_index, s.retry_day, s.retry_on,
  s.pause_reason, s.document, s.due_days, s.issues, s.payment_method_id, s.authorization_id, s.applies_to,
  s.payment_plan_id, s.receipt_to_customer, s.receipt_to_organization, s.ended_at, s.created_at, s.updated_at`);

export const progressOf = ({ taken, nextOn, nextIndex }: ScheduleRow): Progress => ({
  taken,
  next: nextOn === null ? undefined : { index: nextIndex, on: nextOn },
});

/** A schedule that a person is about to change, locked; one of a plan is changed there. */
export async function lockSchedule(tx: Tx, organizationId: string, id: string): Promise<ScheduleRow> {
  const row = await tx.row<ScheduleRow>(sql`select ${scheduleColumns} from schedules s
    where s.organization_id = ${organizationId} and s.id = ${id} for update`);
  if (!row) throw notFound('schedule', id);
  if (row.paymentPlanId)
    throw new Refusal('state_refused', 'This schedule belongs to a payment plan. Change the plan instead.');
  return row;
}
