import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import { lockCustomers, lockMethodsOf, usableMethod } from '#features/schedules/lock-for-schedules.ts';
import { type Series, seriesRefusal, startRefusal } from '#features/schedules/rules.ts';
import { totalsOfTemplate } from '#features/schedules/template-rules.ts';
import { writeAgreement } from '#features/schedules/write-agreement.ts';
import {
  factsOf,
  type NewSchedule,
  type ScheduleToWrite,
  writeSchedules,
} from '#features/schedules/write-schedules.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Make schedules: from their first date on, invoices or payments come by themselves. */
export async function createSchedules(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; schedules: readonly NewSchedule[] },
  now: Date,
): Promise<{ scheduleIds: string[] }> {
  const { organizationId, schedules } = input;
  const seller = await readOrganization(tx, organizationId);
  const today = dateIn(seller.timeZone, now);
  const customerIds = schedules.map(({ customerId }) => customerId);
  await lockCustomers(tx, organizationId, customerIds);
  const methodIds = schedules.flatMap((each) => (each.kind === 'payment' ? [each.paymentMethodId] : []));
  const methods = await lockMethodsOf(tx, organizationId, methodIds);
  const rows: ScheduleToWrite[] = [];
  for (const schedule of schedules) {
    refuseSeries(schedule, today);
    const common = { id: newId('schedule'), currency: seller.currency };
    if (schedule.kind === 'invoice') {
      const { total } = totalsOfTemplate(schedule.document, seller.currency);
      rows.push({ ...schedule, ...common, amount: total });
      continue;
    }
    const { agreement, customerId } = schedule;
    const method = usableMethod(methods.get(schedule.paymentMethodId), customerId, schedule.startsOn);
    const agreed = { ...schedule, currency: seller.currency };
    const authorizationId =
      'authorizationId' in agreement
        ? agreement.authorizationId
        : await writeAgreement(
            tx,
            actor,
            { organizationId, customerId, seller, method, agreed, agreement },
            now,
          );
    rows.push({ ...schedule, ...common, authorizationId });
  }
  await writeSchedules(tx, organizationId, rows, now);
  const events = rows.map((row) => ({
    type: 'schedule.created',
    subjectId: row.id,
    customerId: row.customerId,
    data: factsOf(row),
  }));
  await record(tx, { actor, organizationId, now }, events);
  return { scheduleIds: rows.map(({ id }) => id) };
}

export function refuseSeries(series: Series, today: CalendarDate): void {
  const start = startRefusal(series.startsOn, today);
  const refusal = start ? { param: 'starts_on', message: start } : seriesRefusal(series);
  if (refusal) throw new Refusal('invalid_request', refusal);
}
