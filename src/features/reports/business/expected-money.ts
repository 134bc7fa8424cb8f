import { type RawBuilder, sql } from 'kysely';
import { owingOf } from '#features/autopay/find-due.ts';
import type { Desk } from '#features/reports/report.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

/** So many paid invoices weigh a payer's own habit as much as everybody's. */
const shrinkage = 5;
export const weeks = 13;
const span_days = 7 * weeks;

/**
 * How many days late each payer pays, as known on a day: the median of its invoices paid in the year before,
 * drawn to everybody's where they are few.
 */
export const habits = (desk: Desk, on: CalendarDate): RawBuilder<unknown> => sql`
  paid as (select customer_id, (closed_at at time zone ${desk.timeZone}::text)::date - due_date as late from invoices
    where organization_id = ${desk.organizationId} and issued_at is not null and voided_at is null
      and closed_at < ${on}::date and closed_at >= ${addDays(on, -365)}::date),
  everybody as (select coalesce(percentile_cont(0.5) within group (order by late), 0) as late from paid),
  habit as (select customer_id, (count(*) * percentile_cont(0.5) within group (order by late)
      + ${shrinkage} * (select late from everybody)) / (count(*) + ${shrinkage}) as late
    from paid group by customer_id)`;

/** The day when what is due is usually paid. Later than that already: in a week, as good a guess as any. */
export function byHabit(on: CalendarDate, dueOn: RawBuilder<unknown>): RawBuilder<unknown> {
  const day = sql`${dueOn} + ceil(coalesce(h.late, (select late from everybody)))::int`;
  return sql`(case when ${day} > ${on}::date then ${day} else ${on}::date + 7 end)`;
}

/** The dates of what runs, as it comes to them if nothing fails; a failed one is tried again on its day. */
const dates = ({ organizationId }: Desk): RawBuilder<unknown> => sql`
  dates as (
    select s.kind, s.customer_id, s.applies_to, s.amount, s.currency, s.due_days, d.day
    from schedules s
      cross join lateral generate_series(0, case s.unit when 'day' then ${span_days}::int / s.every
        when 'week' then ${weeks}::int / s.every when 'month' then 3 / s.every else 0 end) as n(n)
      cross join lateral (select case when n.n = 0 then s.next_on when s.unit = 'day' then s.next_on + n.n * s.every
        when s.unit = 'week' then s.next_on + n.n * s.every * 7
        else (s.starts_on + make_interval(months => (s.next_index + n.n) * s.every))::date end as day) d
    where s.organization_id = ${organizationId} and s.state = 'running' and s.payment_plan_id is null
      and (s.kind = 'payment' or s.issues) and s.next_on is not null
      and (s.times is null or s.taken + n.n < s.times) and (s.ends_on is null or d.day <= s.ends_on)
    union all
    select s.kind, s.customer_id, s.applies_to, s.amount, s.currency, s.due_days, s.retry_on
    from schedules s where s.organization_id = ${organizationId} and s.state = 'running' and s.kind = 'payment'
      and s.payment_plan_id is null and s.retry_on is not null)`;

const fitsTerms = (amount: RawBuilder<unknown>): RawBuilder<unknown> => sql`(a.threshold_amount is null
  or case a.threshold_direction when 'at_or_below' then ${amount} <= a.threshold_amount
    else ${amount} >= a.threshold_amount end) and (a.maximum_amount is null or ${amount} <= a.maximum_amount)`;

/** What is open: the day of its promise, the day on which autopay charges it, what no schedule pays of it. */
const open = (desk: Desk, on: CalendarDate): RawBuilder<unknown> => sql`
  covering as (select customer_id, currency, sum(amount) as amount from dates
    where kind = 'payment' and applies_to = 'oldest_invoices' and day < ${addDays(on, span_days)} group by 1, 2),
  open as (
    select i.customer_id, i.currency, i.due_date, p.promised_on,
      case when w.customer_id is null or t.run_id is not null and r.next_try_on is null
          or exists (select from disputes d where d.organization_id = i.organization_id and d.invoice_id = i.id
            and d.state = 'open') then null
        else coalesce(r.next_try_on, case a.charge_when when 'created' then (i.issued_at at time zone
          ${desk.timeZone}::text)::date when 'invoice_date' then i.invoice_date else i.due_date end) end as charge_on,
      greatest(0, least(i.balance_due, sum(i.balance_due) over (partition by i.customer_id, i.currency
        order by i.due_date, i.id) - coalesce(c.amount, 0)))::bigint as amount
    from invoices i
      left join covering c on c.customer_id = i.customer_id and c.currency = i.currency
      left join promises_to_pay p on p.organization_id = ${desk.organizationId} and p.invoice_id = i.id
        and p.state = 'open'
      left join (owing w join autopays a on a.organization_id = ${desk.organizationId} and a.customer_id = w.payer_id
          and a.ended_at is null) on w.customer_id = i.customer_id and i.currency = ${desk.currency}
        and (i.issued_at >= a.since or i.revised_at >= a.since) and ${fitsTerms(sql`i.balance_due`)}
      left join lateral (select run_id from autopay_tries where organization_id = ${desk.organizationId}
        and w.customer_id is not null and invoice_id = i.id order by try_no desc limit 1) t on true
      left join autopay_runs r on r.organization_id = ${desk.organizationId} and r.id = t.run_id
    where i.organization_id = ${desk.organizationId} and i.closed_at is null and i.issued_at is not null
      and i.payment_plan_id is null)`;

/** Invoices that schedules will still write: autopay charges them on its day, the rest is paid by habit. */
const toBeWritten = (desk: Desk, on: CalendarDate): RawBuilder<unknown> => sql`
  select case when a.customer_id is null then ${byHabit(on, sql`(d.day + d.due_days)`)}
      when a.charge_when = 'due_date' then d.day + d.due_days else d.day end as day,
    case when a.customer_id is null then 'habit' else 'agreed' end as how, d.amount, d.currency
  from dates d left join habit h on h.customer_id = d.customer_id
    left join (owing w join autopays a on a.organization_id = ${desk.organizationId} and a.customer_id = w.payer_id
      and a.ended_at is null) on w.customer_id = d.customer_id and d.currency = ${desk.currency}
      and ${fitsTerms(sql`d.amount`)}
  where d.kind = 'invoice'`;

/** Every amount that is expected, with its day and why: agreed to, promised, or by its payer's habit. */
export const expectedMoney = (desk: Desk): RawBuilder<unknown> => {
  const { organizationId, today: on } = desk;
  const payers = sql`(select customer_id from autopays where organization_id = ${organizationId} and ended_at is null)`;
  return sql`with ${owingOf(organizationId, payers)}, ${habits(desk, on)}, ${dates(desk)}, ${open(desk, on)},
    coming as (
      select case when o.promised_on >= ${on}::date then o.promised_on when o.charge_on is not null and
          o.promised_on is null then greatest(o.charge_on, ${on}::date) else ${byHabit(on, sql`o.due_date`)} end as day,
        case when o.promised_on >= ${on}::date then 'promised' when o.charge_on is not null and o.promised_on is null
          then 'agreed' else 'habit' end as how, o.amount, o.currency
      from open o left join habit h on h.customer_id = o.customer_id where o.amount > 0
      union all
      select greatest(coalesce(n.try_on, n.due_on), ${on}::date), 'agreed', n.amount, p.currency
      from payment_plan_installments n join payment_plans p on p.organization_id = ${organizationId}
        and p.id = n.payment_plan_id and p.state = 'active'
      where n.organization_id = ${organizationId} and n.state in ('due', 'charging')
      union all
      select greatest(day, ${on}::date), 'agreed', amount, currency from dates where kind = 'payment'
      union all ${toBeWritten(desk, on)})`;
};
