import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { usageDays } from '#features/billing/count-usage.ts';
import { type Period, type Plan, togetherOf } from '#features/billing/period-rules.ts';
import type { Meter, MeterPrice, Usage } from '#features/billing/price-rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

export type Host = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  locale: string;
  now: Date;
  today: CalendarDate;
};

/** Who bills the others of this installation; undefined where nobody does. */
export async function readHost(tx: Tx): Promise<Host | undefined> {
  const row = await tx.row<Omit<Host, 'now' | 'today'> & { clockOffsetMs: bigint }>(sql`
    select id, name, mode, currency, time_zone, locale, clock_offset_ms from organizations where hosts`);
  if (!row) return undefined;
  const now = organizationNow(row);
  const { clockOffsetMs: _offset, ...host } = row;
  return { ...host, now, today: dateIn(row.timeZone, now) };
}

export type PlanRow = Plan & {
  id: string;
  description: string;
  taxRateIds: string[];
  createdAt: Date;
  retiredAt: Date | null;
};
type StoredPlan = Omit<PlanRow, 'meters'> & {
  meters: { meter: Meter; included: number; tiers: { up_to: number | null; price: string }[] }[];
};

const planColumns = sql.raw(
  'p.id, p.name, p.description, p.every, p.price, p.trial_days, p.meters, p.tax_rate_ids, p.created_at, p.retired_at',
);
const planOf = ({ meters, ...row }: StoredPlan): PlanRow => ({
  ...row,
  meters: meters.map(
    ({ tiers, ...each }): MeterPrice => ({
      ...each,
      tiers: tiers.map(({ up_to: upTo, price }) => ({ upTo, price })),
    }),
  ),
});

export async function readPlan(tx: Tx, hostId: string, planId: string): Promise<PlanRow> {
  const row = await tx.row<StoredPlan>(sql`select ${planColumns} from billing_plans p
    where p.organization_id = ${hostId} and p.id = ${planId}`);
  if (row) return planOf(row);
  throw new Refusal('not_found', { message: 'There is no such plan.', param: 'plan_id' });
}

/** Those that can be chosen, cheapest first; for the host the retired ones too. */
export async function listPlans(tx: Tx, hostId: string, isAll = false): Promise<PlanRow[]> {
  const rows = await tx.rows<StoredPlan>(sql`select ${planColumns} from billing_plans p
    where p.organization_id = ${hostId} and (p.retired_at is null or ${isAll})
    order by p.retired_at nulls first, p.price, p.name limit 100`);
  return rows.map(planOf);
}

export type SubscriptionRow = {
  id: string;
  subscriberId: string;
  customerId: string;
  planId: string;
  anchorOn: CalendarDate;
  cancels: boolean;
  credit: bigint;
  /** Given before credit was money with its tax: it lowers what is taxed. */
  netCredit: bigint;
  number: number;
  period: Period;
};
type StoredSubscription = Omit<SubscriptionRow, 'period'> & Period;

const subscriptionOf = (row: StoredSubscription): SubscriptionRow => {
  const { startsOn, endsOn, base, isTrial, ...rest } = row;
  return { ...rest, period: { startsOn, endsOn, base, isTrial } };
};

const running =
  sql.raw(`select s.id, s.subscriber_id, s.customer_id, s.plan_id, s.anchor_on, s.cancels, s.credit, s.net_credit,
    p.number, p.starts_on, p.ends_on, p.base, p.is_trial
  from billing_subscriptions s join billing_periods p on p.organization_id = s.organization_id
    and p.subscription_id = s.id and p.closed_on is null`);

/**
 * What a subscriber has now; its row stays locked until the end of the transaction where that is asked for.
 */
export async function readSubscription(
  tx: Tx,
  hostId: string,
  subscriberId: string,
  lock = false,
): Promise<SubscriptionRow | undefined> {
  if (lock)
    await tx.run(sql`select 1 from billing_subscriptions where organization_id = ${hostId}
      and subscriber_id = ${subscriberId} and ended_on is null for update`);
  const row = await tx.row<StoredSubscription>(sql`${running}
    where s.organization_id = ${hostId} and s.subscriber_id = ${subscriberId} and s.ended_on is null`);
  return row && subscriptionOf(row);
}

/** Of the running ones: those whose period has ended by a day, or all, a page at a time. */
export async function subscribersAfter(
  tx: Tx,
  hostId: string,
  page: { after: string; limit: number },
): Promise<{ id: string; subscriberId: string }[]> {
  return tx.list(sql`select id, subscriber_id from billing_subscriptions
    where organization_id = ${hostId} and ended_on is null and id > ${page.after} order by id limit ${page.limit}`);
}

/** What was used of a period up to a day, that day not counted. */
export async function usageOf(
  tx: Tx,
  host: Host,
  subscription: Pick<SubscriptionRow, 'subscriberId' | 'period'>,
  until: CalendarDate,
): Promise<Usage> {
  const { startsOn, endsOn } = subscription.period;
  const to = until < endsOn ? until : endsOn;
  const span = {
    hostId: host.id,
    subscriberId: subscription.subscriberId,
    timeZone: host.timeZone,
    from: startsOn,
    to,
  };
  return togetherOf(await usageDays(tx, span));
}
