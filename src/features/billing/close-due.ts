import type { Database, Tx } from '#db/db.ts';
import { systemActor } from '#db/db.ts';
import { firstUncounted, keepUsage } from '#features/billing/count-usage.ts';
import { periodEnd } from '#features/billing/period-rules.ts';
import {
  type Host,
  readHost,
  readPlan,
  readSubscription,
  type SubscriptionRow,
  subscribersAfter,
} from '#features/billing/queries.ts';
import { type Next, turnPeriod } from '#features/billing/turn-period.ts';
import type { LocalDay } from '#features/days/work-day.ts';

const perBatch = 200;

/**
 * The part of a host's day that counts what its subscribers used and bills the periods that have ended,
 * each in a transaction of its own. An organization that hosts nobody has nothing to do here.
 */
export async function workBilling(db: Database, { organizationId }: LocalDay): Promise<void> {
  const actor = systemActor('billing');
  const host = await db.transaction(actor, (tx) => readHost(tx));
  if (host?.id !== organizationId) return;
  const failures: unknown[] = [];
  for (let after = ''; ; ) {
    const page = await db.transaction(actor, (tx) =>
      subscribersAfter(tx, host.id, { after, limit: perBatch }),
    );
    // One that cannot be billed, for a tax rate that is gone, holds up none of the others.
    for (const { subscriberId } of page)
      await db
        .transaction(actor, (tx) => closeDue(tx, host, subscriberId))
        .catch((error: unknown) => failures.push(error));
    if (page.length < perBatch) break;
    after = page.at(-1)?.id ?? '';
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} plans could not be billed`);
}

/**
 * Count a subscriber's days up to yesterday, and bill whatever has ended by today, one period after the
 * other.
 */
export async function closeDue(
  tx: Tx,
  host: Host,
  subscriberId: string,
): Promise<SubscriptionRow | undefined> {
  for (;;) {
    const subscription = await readSubscription(tx, host.id, subscriberId, true);
    if (!subscription) return undefined;
    await countSettled(tx, host, subscription);
    const on = subscription.period.endsOn;
    if (on > host.today) return subscription;
    const next = subscription.cancels ? undefined : await nextOf(tx, host, subscription);
    await turnPeriod(tx, host, { subscription, on, next });
  }
}

async function countSettled(tx: Tx, host: Host, { subscriberId, period }: SubscriptionRow): Promise<void> {
  const span = {
    hostId: host.id,
    subscriberId,
    timeZone: host.timeZone,
    from: period.startsOn,
    to: host.today < period.endsOn ? host.today : period.endsOn,
  };
  await keepUsage(tx, { ...span, from: await firstUncounted(tx, span) });
}

/** The period that follows one which has run to its end: the same plan, in its rhythm. */
export async function nextOf(tx: Tx, host: Host, subscription: SubscriptionRow): Promise<Next> {
  const plan = await readPlan(tx, host.id, subscription.planId);
  const { isTrial, endsOn } = subscription.period;
  const anchor = isTrial ? endsOn : subscription.anchorOn;
  return {
    plan,
    period: {
      startsOn: endsOn,
      endsOn: periodEnd(anchor, plan.every, endsOn),
      base: plan.price,
      isTrial: false,
    },
  };
}
