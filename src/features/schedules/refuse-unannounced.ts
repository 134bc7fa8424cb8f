import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ScheduleRow } from '#features/schedules/read-schedule.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * The owner of a bank account hears of another amount, be it less, in time before it is debited (Regulation E
 * §1005.10(d), a row of debit_notice_rules). Whoever has agreed to the new amount has heard of it.
 */
export async function refuseUnannounced(
  tx: Tx,
  change: {
    organizationId: string;
    before: ScheduleRow;
    after: ScheduleRow;
    /** The first date on which the new amount is taken. */
    next: CalendarDate | undefined;
    today: CalendarDate;
  },
): Promise<void> {
  const { organizationId, before, after, next, today } = change;
  if (after.kind !== 'payment' || before.amount === after.amount || next === undefined) return;
  const rule = await tx.row<{ days: number }>(sql`select n.notice_days as days from debit_notice_rules n
    join payment_methods m on m.organization_id = ${organizationId} and m.id = ${after.paymentMethodId}
      and m.kind = 'bank_account'
    where n.key = 'changed_amount' and n.effective_from <= ${today}
      and (n.effective_to is null or ${today} < n.effective_to) order by n.effective_from desc limit 1`);
  if (!rule || next >= addDays(today, rule.days)) return;
  throw new Refusal('state_refused', {
    message:
      `The owner of a bank account hears of another amount ${rule.days} days before it is debited, and the next ` +
      `date is ${next}. Skip that date, change the amount after it, or say that you hold the customer’s agreement.`,
    param: 'amount',
  });
}
