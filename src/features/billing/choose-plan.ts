import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { closeDue } from '#features/billing/close-due.ts';
import { firstPeriod, periodEnd } from '#features/billing/period-rules.ts';
import {
  type Host,
  type PlanRow,
  readPlan,
  readSubscription,
  type SubscriptionRow,
} from '#features/billing/queries.ts';
import { billFirst, billingActor, type Next, openPeriod, turnPeriod } from '#features/billing/turn-period.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Who subscribes, as the host will know it: by its name, and where bills go. */
export type Subscriber = { id: string; name: string; email: string | null };

/**
 * Take a plan, or another one than before. A new plan begins a new period today: what was billed ahead for
 * the rest of the old one comes back, and what was used of it is billed. In a trial nothing is billed.
 */
export async function choosePlan(
  tx: Tx,
  actor: Actor,
  input: { host: Host; subscriber: Subscriber; planId: string; email: string | undefined },
  now: Date,
): Promise<void> {
  const { host, subscriber } = input;
  await tx.run(sql`select 1 from organizations where id = ${subscriber.id} for update`);
  const plan = await readPlan(tx, host.id, input.planId);
  const before = await closeDue(tx, host, subscriber.id);
  if (before?.planId === plan.id && !before.cancels) return;
  if (plan.retiredAt && before?.planId !== plan.id)
    throw new Refusal('state_refused', {
      message: 'This plan is not offered any more. Choose another.',
      param: 'plan_id',
    });
  if (before) await change(tx, host, before, plan);
  else await begin(tx, input, plan);
  await record(tx, { actor, organizationId: subscriber.id, now }, [
    {
      type: before ? 'billing.plan_changed' : 'billing.subscribed',
      subjectId: subscriber.id,
      data: { plan: plan.name, host: host.name },
    },
  ]);
}

/** The period that a plan would begin today. */
export const startNow = (host: Host, plan: PlanRow): Next => ({
  plan,
  period: {
    startsOn: host.today,
    endsOn: periodEnd(host.today, plan.every, host.today),
    base: plan.price,
    isTrial: false,
  },
});

async function change(tx: Tx, host: Host, before: SubscriptionRow, plan: PlanRow): Promise<void> {
  if (before.planId === plan.id || before.period.isTrial) {
    await tx.run(sql`update billing_subscriptions set plan_id = ${plan.id}, cancels = false
      where organization_id = ${host.id} and id = ${before.id}`);
    await tx.run(sql`update billing_periods set plan_id = ${plan.id}
      where organization_id = ${host.id} and subscription_id = ${before.id} and closed_on is null`);
  } else {
    await turnPeriod(tx, host, { subscription: before, on: host.today, next: startNow(host, plan) });
  }
  await recordForHost(tx, host, before, { plan: plan.name, change: 'changed' });
}

async function begin(
  tx: Tx,
  { host, subscriber, email }: { host: Host; subscriber: Subscriber; email: string | undefined },
  plan: PlanRow,
): Promise<void> {
  const billTo = email ?? subscriber.email;
  if (!billTo)
    throw new Refusal('invalid_request', { message: 'Say where bills are to be sent.', param: 'email' });
  const known = await readCustomerOf(tx, host.id, subscriber.id);
  const customerId = known ?? (await takeOn(tx, host, { ...subscriber, email: billTo }));
  const period = firstPeriod(plan, host.today, known === undefined);
  const id = newId('billingSubscription');
  const left = await creditLeft(tx, host.id, subscriber.id);
  await tx.run(sql`update billing_subscriptions set credit = 0, net_credit = 0
    where organization_id = ${host.id} and subscriber_id = ${subscriber.id} and credit + net_credit > 0`);
  await tx.run(sql`insert into billing_subscriptions (organization_id, id, subscriber_id, customer_id, plan_id, anchor_on,
      credit, net_credit, created_at)
    values (${host.id}, ${id}, ${subscriber.id}, ${customerId}, ${plan.id}, ${host.today}, ${left.credit},
      ${left.netCredit}, ${host.now})`);
  await openPeriod(tx, host.id, { id, number: 1 }, { plan, period });
  const subscription = must(await readSubscription(tx, host.id, subscriber.id), 'the new subscription');
  if (!period.isTrial) await billFirst(tx, host, subscription, { plan, period });
  await recordForHost(tx, host, subscription, { plan: plan.name, change: 'subscribed' });
}

/** Whoever was a subscriber before is the same customer again, and has had its trial. */
export async function readCustomerOf(
  tx: Tx,
  hostId: string,
  subscriberId: string,
): Promise<string | undefined> {
  const row = await tx.row<{ customerId: string }>(sql`select customer_id from billing_subscriptions
    where organization_id = ${hostId} and subscriber_id = ${subscriberId} order by id desc limit 1`);
  return row?.customerId;
}

/** What subscriptions that have ended were too small to take: the next one has it. */
export async function creditLeft(
  tx: Tx,
  hostId: string,
  subscriberId: string,
): Promise<Pick<SubscriptionRow, 'credit' | 'netCredit'>> {
  const row = await tx.row<Pick<SubscriptionRow, 'credit' | 'netCredit'>>(sql`
    select coalesce(sum(credit), 0)::bigint as credit, coalesce(sum(net_credit), 0)::bigint as net_credit from billing_subscriptions
    where organization_id = ${hostId} and subscriber_id = ${subscriberId} and ended_on is not null`);
  return row ?? { credit: 0n, netCredit: 0n };
}

async function takeOn(tx: Tx, host: Host, subscriber: Subscriber): Promise<string> {
  const taken = await tx.row(sql`select 1 as taken from customers
    where organization_id = ${host.id} and name_key = lower(${subscriber.name})`);
  const displayName = taken ? `${subscriber.name} (${subscriber.id.slice(-6)})` : subscriber.name;
  const customers = [
    { displayName, businessName: subscriber.name, email: subscriber.email, externalId: subscriber.id },
  ];
  const by = { organizationId: host.id, customers };
  const { customerIds } = await createCustomers(tx, billingActor(host.id), by, host.now);
  return must(customerIds[0], 'the new customer');
}

export const recordForHost = (
  tx: Tx,
  host: Host,
  { id, customerId }: Pick<SubscriptionRow, 'id' | 'customerId'>,
  data: { plan: string; change: 'subscribed' | 'changed' | 'cancelled' | 'resumed' },
) =>
  record(tx, { actor: billingActor(host.id), organizationId: host.id, now: host.now }, [
    { type: 'billing.subscriber_chose', subjectId: id, customerId, data },
  ]);
