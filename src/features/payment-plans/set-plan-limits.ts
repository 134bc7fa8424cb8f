import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { PlanLimits } from '#features/payment-plans/term-rules.ts';
import { snake } from '#lib/casing.ts';

/** Say what customers may ask for from now on; plans that are there keep what was agreed to. */
export async function setPlanLimits(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; limits: PlanLimits },
  now: Date,
): Promise<void> {
  const { organizationId, limits } = input;
  await tx.run(sql`update organizations set plan_min_down_percent = ${limits.minDownPercent},
      plan_max_installments = ${limits.maxInstallments}, plan_max_months = ${limits.maxMonths},
      plan_missed_limit = ${limits.missedLimit}, plan_rise_percent = ${limits.risePercent},
      plan_move_days = ${limits.moveDays} where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'payment_plan.limits_set', subjectId: organizationId, data: snake(limits) },
  ]);
}
