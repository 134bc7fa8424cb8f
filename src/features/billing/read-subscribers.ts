import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { togetherOf } from '#features/billing/period-rules.ts';
import { type Meter, meters } from '#features/billing/price-rules.ts';
import { type Host, listPlans } from '#features/billing/queries.ts';
import { presentPlan, subscriptionState } from '#features/billing/read-billing.ts';

/** The host's own plans, and how many have each. Read as the host. */
export async function readPlans(tx: Tx, host: Pick<Host, 'id' | 'currency'>) {
  const counts = await tx.rows<{ planId: string; n: number }>(sql`select plan_id, count(*)::int as n
    from billing_subscriptions where organization_id = ${host.id} and ended_on is null group by plan_id`);
  return (await listPlans(tx, host.id, true)).map((plan) => ({
    ...presentPlan(host, plan),
    tax_rate_ids: plan.taxRateIds,
    retired_at: plan.retiredAt,
    subscribers: counts.find(({ planId }) => planId === plan.id)?.n ?? 0,
  }));
}

type Row = {
  id: string;
  subscriberId: string;
  customerId: string;
  name: string;
  plan: string;
  cancels: boolean;
  isTrial: boolean;
  startsOn: string;
  endsOn: string;
};

/**
 * Who has a plan: the name its customer has in the host's books, and the totals that were counted. Read as
 * the host.
 */
export async function listSubscribers(
  tx: Tx,
  hostId: string,
  page: { limit: number; startingAfter?: string | undefined },
) {
  const rows = await tx.list<Row>(sql`
    select s.id, s.subscriber_id, s.customer_id, c.display_name as name, b.name as plan, s.cancels, p.is_trial,
      p.starts_on, p.ends_on
    from billing_subscriptions s
      join billing_periods p on p.organization_id = s.organization_id and p.subscription_id = s.id and p.closed_on is null
      join billing_plans b on b.organization_id = s.organization_id and b.id = s.plan_id
      join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
    where s.organization_id = ${hostId} and s.ended_on is null
      and (${page.startingAfter ?? null}::text is null or s.id < ${page.startingAfter ?? ''})
    order by s.id desc limit ${page.limit + 1}`);
  const shown = rows.slice(0, page.limit);
  type Used = { subscriptionId: string; meter: Meter; quantity: bigint };
  const used = await tx.list<Used>(sql`
    select s.id as subscription_id, u.meter, u.quantity
    from unnest(${shown.map(({ id }) => id)}::text[], ${shown.map((row) => row.subscriberId)}::text[],
        ${shown.map(({ startsOn }) => startsOn)}::date[]) as s(id, subscriber_id, starts_on)
      join billing_usage u on u.organization_id = ${hostId} and u.subscriber_id = s.subscriber_id and u.day >= s.starts_on`);
  return {
    object: 'list' as const,
    data: shown.map((row) => {
      const usage = togetherOf(used.filter(({ subscriptionId }) => subscriptionId === row.id));
      return {
        object: 'billing_subscriber' as const,
        id: row.id,
        customer_id: row.customerId,
        name: row.name,
        plan: row.plan,
        state: subscriptionState({
          cancels: row.cancels,
          period: { startsOn: row.startsOn, endsOn: row.endsOn, base: 0n, isTrial: row.isTrial },
        }),
        starts_on: row.startsOn,
        ends_on: row.endsOn,
        usage: meters.flatMap((meter) =>
          usage[meter] === undefined ? [] : [{ meter, quantity: Number(usage[meter]) }],
        ),
      };
    }),
    has_more: rows.length > page.limit,
  };
}
