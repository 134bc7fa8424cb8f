import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { recordForHost } from '#features/billing/choose-plan.ts';
import { closeDue } from '#features/billing/close-due.ts';
import { type Host, readPlan } from '#features/billing/queries.ts';
import { Refusal } from '#lib/errors.ts';

/** End a plan with its period, or take that back while the period runs. Nothing is locked by either. */
export async function cancelPlan(
  tx: Tx,
  actor: Actor,
  input: { host: Host; subscriberId: string; cancels: boolean },
  now: Date,
): Promise<void> {
  const { host, subscriberId, cancels } = input;
  const subscription = await closeDue(tx, host, subscriberId);
  if (!subscription) throw new Refusal('state_refused', 'There is no plan that runs. Choose one first.');
  if (subscription.cancels === cancels) return;
  await tx.run(sql`update billing_subscriptions set cancels = ${cancels}
    where organization_id = ${host.id} and id = ${subscription.id}`);
  const plan = (await readPlan(tx, host.id, subscription.planId)).name;
  await record(tx, { actor, organizationId: subscriberId, now }, [
    {
      type: cancels ? 'billing.plan_cancelled' : 'billing.plan_resumed',
      subjectId: subscriberId,
      data: { plan, host: host.name, ends_on: subscription.period.endsOn },
    },
  ]);
  await recordForHost(tx, host, subscription, { plan, change: cancels ? 'cancelled' : 'resumed' });
}
