import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readPlan } from '#features/billing/queries.ts';
import { ratesInUse } from '#features/taxes/tax-rates.ts';

export type PlanChange = {
  description?: string | undefined;
  taxRateIds?: readonly string[] | undefined;
  retired?: true | undefined;
};

/**
 * A plan's words and taxes, or an end to offering it: whoever has it keeps it until it is changed or
 * cancelled.
 */
export async function changePlan(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; planId: string; change: PlanChange },
  now: Date,
): Promise<void> {
  const { organizationId, planId, change } = input;
  const plan = await readPlan(tx, organizationId, planId);
  if (change.taxRateIds) await ratesInUse(tx, organizationId, [...change.taxRateIds]);
  const retires = change.retired === true && plan.retiredAt === null;
  await tx.run(sql`update billing_plans set description = ${change.description ?? plan.description},
      tax_rate_ids = ${[...(change.taxRateIds ?? plan.taxRateIds)]}::text[],
      retired_at = case when ${retires} then ${now}::timestamptz else retired_at end
    where organization_id = ${organizationId} and id = ${planId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: retires ? 'billing.plan_retired' : 'billing.plan_edited',
      subjectId: planId,
      data: { name: plan.name, changes: Object.keys(change) },
    },
  ]);
}
