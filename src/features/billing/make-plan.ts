import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import type { Plan } from '#features/billing/period-rules.ts';
import { problemWithPrices } from '#features/billing/price-rules.ts';
import { ratesInUse } from '#features/taxes/tax-rates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

const most = 50;
const taken = {
  billing_plans_name: { message: 'A plan of this name is offered already. Give it another.', param: 'name' },
};

export type NewPlan = Plan & { description: string; taxRateIds: readonly string[] };

/** Offer a plan to the other organizations. Its prices stay what they are; another price is another plan. */
export async function makePlan(
  tx: Tx,
  actor: Actor,
  { organizationId, plan }: { organizationId: string; plan: NewPlan },
  now: Date,
): Promise<{ planId: string }> {
  const problem = problemWithPrices(plan.meters);
  if (problem)
    throw new Refusal('invalid_request', { message: problem.message, param: `meters.${problem.at}` });
  await ratesInUse(tx, organizationId, [...plan.taxRateIds]);
  const count = await tx.row<{ n: number }>(sql`select count(*)::int as n from billing_plans
    where organization_id = ${organizationId} and retired_at is null`);
  if ((count?.n ?? 0) >= most)
    throw new Refusal('conflict', {
      message: `${most} plans are offered already. Retire one first.`,
      param: 'name',
    });
  const planId = newId('billingPlan');
  const stored = plan.meters.map(({ tiers, ...each }) => ({
    ...each,
    tiers: tiers.map(({ upTo, price }) => ({ up_to: upTo, price })),
  }));
  await refuseTaken(taken, () =>
    tx.run(sql`insert into billing_plans (organization_id, id, name, description, every, price, trial_days, meters,
        tax_rate_ids, created_at)
      values (${organizationId}, ${planId}, ${plan.name}, ${plan.description}, ${plan.every}, ${plan.price},
        ${plan.trialDays}, ${JSON.stringify(stored)}::jsonb, ${[...plan.taxRateIds]}::text[], ${now})`),
  );
  await record(tx, { actor, organizationId, now }, [
    { type: 'billing.plan_made', subjectId: planId, data: { name: plan.name } },
  ]);
  return { planId };
}
