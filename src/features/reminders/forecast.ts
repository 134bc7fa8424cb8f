import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { channelsOf } from '#features/correspondence/channel-rules.ts';
import { readerJoin } from '#features/invoices/read-sendable.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Alike, type Forecast, forecastOf } from '#features/reminders/forecast-rules.ts';
import type { ReminderLimit } from '#features/reminders/limit-rules.ts';
import { type DayPlan, decideAll, planDay, stepsOf } from '#features/reminders/plan-day.ts';
import { hasLeft, readFacts } from '#features/reminders/read-facts.ts';
import { type Chooses, type Policy, readPolicies } from '#features/reminders/read-policies.ts';
import { type Step, stepWords } from '#features/reminders/step-rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { makeRetold } from '#lib/retold.ts';

type Row = Chooses & Alike & { cells: string[]; isTogether: boolean };
type Days = (Forecast & { policy_id: string })[];
const mostSamples = 20;

/** What is counted from many invoices is told again for a while: by organization, day and policies. */
const manyInvoices = 5000;
const retold = makeRetold<Days>({ most: 100, for_ms: 10 * 60_000 });

/**
 * What the days to come would send by each policy, counted by the set, and who would hear from it tomorrow.
 */
export async function forecastReminders(
  tx: Tx,
  input: MailMakings & { organizationId: string; today: CalendarDate; days: number },
  now: Date,
) {
  const { organizationId, today, days } = input;
  const plan = await planDay(tx, input, now);
  const policies = await readPolicies(tx, organizationId);
  const key = JSON.stringify([organizationId, today, days, policies, plan.setting]);
  const told = retold.find(key, now);
  const counted = told?.what ?? (await countDays(tx, { plan, policies, days, key }, now));
  return {
    object: 'reminder_forecast' as const,
    live: plan.setting.isLive,
    as_of: told?.at ?? now,
    days: counted,
    tomorrow: await readTomorrow(tx, { ...plan, today: addDays(today, 1) }, policies),
  };
}

async function countDays(
  tx: Tx,
  { plan, policies, days, key }: { plan: DayPlan; policies: readonly Policy[]; days: number; key: string },
  now: Date,
): Promise<Days> {
  const { organizationId, today } = plan;
  const { limit } = plan.setting;
  const rows = await readAlike(tx, {
    ...{ organizationId, dueUpTo: addDays(plan.dueUpTo, days), since: addDays(today, -(limit?.days ?? 0)) },
    ...{
      together: limit !== null || policies.some(({ oneMessage }) => oneMessage),
      isLimited: limit !== null,
    },
  });
  const isTogether = (row: Row): boolean => limit !== null || (plan.policyOf(row)?.oneMessage ?? false);
  const ofPolicy = Map.groupBy(
    rows.filter((row) => row.isTogether === isTogether(row)),
    (row) => plan.policyOf(row),
  );
  const counted = policies.flatMap((policy) => {
    const own = [...ofPolicy].filter(([each]) => each?.id === policy.id).flatMap(([, each]) => each);
    return daysOf(policy, own, { today, days, limit }).map((each) => ({ ...each, policy_id: policy.id }));
  });
  if (rows.reduce((sum, { count }) => sum + count, 0) > manyInvoices) retold.keep(key, now, counted);
  return counted;
}

/** Steps whose type is switched off for a reader are no steps for it. */
function daysOf(
  policy: Policy,
  rows: readonly Row[],
  when: { today: CalendarDate; days: number; limit: ReminderLimit | null },
) {
  const groups = Map.groupBy(rows, ({ cells }) => cells.join(' '));
  const counted = [...groups.values()].flatMap((group) => {
    const cells = group[0]?.cells ?? [];
    const steps = stepsOf(policy, 'due').filter((step) => isOn(step, cells));
    return forecastOf(steps, group, { ...when, oneMessage: policy.oneMessage });
  });
  const byDay = Map.groupBy(counted, ({ date, type }) => `${date} ${type}`);
  return [...byDay.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, messages: same.reduce((total, each) => total + each.messages, 0) }] : [];
  });
}

const isOn = ({ type }: Step, cells: readonly string[]): boolean => channelsOf(cells, type).length > 0;

type ToCount = {
  organizationId: string;
  dueUpTo: CalendarDate;
  /** Customers are counted too, each with all that it has open. */
  together: boolean;
  isLimited: boolean;
  since: CalendarDate;
};

/**
 * How many invoices are alike, and how many customers, where one message covers several or their reminders
 * are limited; those that a lasting setting holds back are left out.
 */
const readAlike = (
  tx: Tx,
  { organizationId, dueUpTo, together, isLimited, since }: ToCount,
): Promise<Row[]> =>
  tx.list<Row>(sql`
    with dated as (
      select case when ${together} then i.customer_id end as customer_id, r.customer_type, r.dunning_policy_id, r.message_cells as cells,
        jsonb_build_object('dueDate', i.due_date, 'lastOn', i.last_reminded_on) as one, count(*)::int as count
      from invoices i
      join organizations o on o.id = i.organization_id
      join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      ${readerJoin}
      where i.organization_id = ${organizationId} and i.closed_at is null and i.issued_at is not null
        and i.due_date <= ${dueUpTo} and i.reserved < i.balance_due and not i.reminders_off and r.send_reminders
        and (coalesce(c.deactivated_at, r.deactivated_at) is null or o.send_to_inactive)
        and coalesce(c.do_not_contact, r.do_not_contact) is null
      group by 1, 2, 3, 4, 5),
    reminded as (
      select customer_id, jsonb_agg(sent_on order by sent_on) as days from (
        select distinct customer_id, message_ids[1], sent_on from reminders b where ${isLimited}
          and organization_id = ${organizationId} and state = 'sent' and sent_on > ${since} and ${hasLeft}) went
      group by 1)
    select false as is_together, customer_type, dunning_policy_id, cells, jsonb_build_array(one) as open,
      null::jsonb as reminded_on, sum(count)::int as count from dated group by 2, 3, 4, one
    union all
    select true, customer_type, dunning_policy_id, cells, open, reminded_on, count(*)::int from (
      select d.customer_id, customer_type, dunning_policy_id, cells, m.days as reminded_on,
        -- Each invoice by itself: of a limit it counts how many there are.
        jsonb_agg(one order by one) as open
      from dated d left join reminded m on m.customer_id = d.customer_id
      cross join lateral generate_series(1, case when ${isLimited} then d.count else 1 end)
      where ${together} group by 1, 2, 3, 4, 5) of_customer
    group by 2, 3, 4, 5, 6`);

/** The first of those who would hear from it tomorrow, by the rules of the run itself. */
async function readTomorrow(tx: Tx, plan: Awaited<ReturnType<typeof planDay>>, policies: readonly Policy[]) {
  const offsets = policies.flatMap(({ steps }) => steps.map(({ dayOffset }) => dayOffset));
  const dates = [...new Set(offsets)].map((days) => addDays(plan.today, -days));
  const rows = await readFacts(
    tx,
    plan,
    sql`i.id in (select id from invoices where organization_id = ${plan.organizationId} and closed_at is null
      and issued_at is not null and due_date = any(${dates}::date[]) order by due_date, id limit 500)`,
  );
  const live = { ...plan, setting: { ...plan.setting, isLive: true } };
  return decideAll(live, rows)
    .flatMap(({ invoice, decision }) =>
      decision.verdict === 'send'
        ? [
            {
              invoice_id: invoice.id,
              number: invoice.number,
              customer_id: invoice.customerId,
              reader: invoice.facts.reader.name,
              type: decision.says,
              step: stepWords(decision.occurrence.step),
            },
          ]
        : [],
    )
    .slice(0, mostSamples);
}
