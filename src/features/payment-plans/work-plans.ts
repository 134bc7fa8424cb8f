import type { Database } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { chargeInstallments } from '#features/payment-plans/charge-installments.ts';
import { sweepPlans } from '#features/payment-plans/sweep-plans.ts';
import { tellUpcoming } from '#features/payment-plans/tell-upcoming.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** The day of payment plans: what was missed is caught up, the day's installments charged, the next told. */
export async function workPlans(
  deps: { db: Database; outbox: Outbox },
  day: { organizationId: string; today: CalendarDate; now: Date },
): Promise<void> {
  await sweepPlans(deps.db, day);
  await chargeInstallments(deps.db, day);
  await tellUpcoming(deps, day);
}
