import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Desk, Report } from '#features/reports/report.ts';
import { addDays, type CalendarDate, formatDate, weekStart } from '#lib/dates.ts';

/** So many paid invoices weigh a payer's own habit as much as everybody's. */
const shrinkage = 5;
const weeks = 13;

/**
 * How many days late each payer pays, as known on a day: the median of its invoices paid in the year before,
 * drawn to everybody's where they are few.
 */
const habits = (desk: Desk, on: CalendarDate) => sql`
  paid as (select customer_id, (closed_at at time zone ${desk.timeZone}::text)::date - due_date as late from invoices
    where organization_id = ${desk.organizationId} and issued_at is not null and voided_at is null
      and closed_at < ${on}::date and closed_at >= ${addDays(on, -365)}::date),
  everybody as (select coalesce(percentile_cont(0.5) within group (order by late), 0) as late from paid),
  habit as (select customer_id, (count(*) * percentile_cont(0.5) within group (order by late)
      + ${shrinkage} * (select late from everybody)) / (count(*) + ${shrinkage}) as late
    from paid group by customer_id)`;

/** Later than its habit already: in a week, as good a guess as any. */
const expected = (on: CalendarDate) => sql`(case when i.due_date + ceil(coalesce(h.late,
  (select late from everybody)))::int > ${on}::date then i.due_date + ceil(coalesce(h.late, (select late from everybody)))::int
  else ${on}::date + 7 end)`;

export const forecast: Report = {
  key: 'cash-forecast',
  title: 'Cash forecast',
  answers: 'What will probably come in, this week and in each of the 12 that follow?',
  group: 'coming',
  scope: 'invoices:read',
  fields: [],
  columns: () => [
    { key: 'week', title: 'Week from', kind: 'date' },
    { key: 'invoices', title: 'Payments', kind: 'count', sum: true },
    { key: 'agreed', title: 'Autopay and plans', kind: 'money', sum: true },
    { key: 'habit', title: 'By habit', kind: 'money', sum: true },
    { key: 'total', title: 'Expected', kind: 'money', sum: true },
  ],
  statement: (desk) => {
    const on = desk.today;
    // Weeks begin where the organization's do; of the first one only what is left of it is expected.
    const begins = weekStart(on, desk.firstWeekday);
    return sql`with ${habits(desk, on)},
      coming as (
        select case when a.customer_id is null then ${expected(on)} else greatest(i.due_date, ${on}::date) end as day,
          a.customer_id is not null as is_agreed, i.balance_due as amount, i.currency
        from invoices i left join habit h on h.customer_id = i.customer_id
          left join autopays a on a.organization_id = ${desk.organizationId} and a.customer_id = i.customer_id
            and a.ended_at is null
        where i.organization_id = ${desk.organizationId} and i.closed_at is null and i.issued_at is not null
          and i.payment_plan_id is null
        union all
        select greatest(n.due_on, ${on}::date), true, n.amount, ${desk.currency}
        from payment_plan_installments n join payment_plans p on p.organization_id = ${desk.organizationId}
          and p.id = n.payment_plan_id and p.state = 'active'
        where n.organization_id = ${desk.organizationId} and n.state in ('due', 'charging'))
      select (${begins}::date + 7 * w.week) as week, count(c.day)::int as invoices,
        coalesce(sum(c.amount) filter (where c.is_agreed), 0)::bigint as agreed,
        coalesce(sum(c.amount) filter (where not c.is_agreed), 0)::bigint as habit,
        coalesce(sum(c.amount), 0)::bigint as total, coalesce(c.currency, ${desk.currency}) as currency
      from generate_series(0, ${weeks - 1}) as w(week)
        left join coming c on c.day between ${begins}::date + 7 * w.week and ${begins}::date + 7 * w.week + 6
      group by w.week, c.currency order by w.week, c.currency`;
  },
  chart: () => ({ kind: 'rows', label: 'week', value: 'total' }),
  notes: async (desk, _, tx) => [
    'Autopay and the installments of plans stand on their dates.',
    'The rest is expected when its payer usually pays: the due date and the median of days late of the year before.',
    'Where a payer has paid few, that is drawn to everybody’s. What is later than that already is expected in a week.',
    'What is expected after 13 weeks is left out.',
    await backTest(desk, tx),
  ],
};

/** The same forecast made 13 weeks ago with what was known then, beside what came. */
async function backTest(desk: Desk, tx: Tx): Promise<string> {
  const on = addDays(desk.today, -7 * weeks);
  const row = await tx.row<{ foreseen: number; came: number; missed: number }>(sql`with ${habits(desk, on)},
    earlier as (select ${expected(on)} as foreseen,
        (i.closed_at at time zone ${desk.timeZone}::text)::date as came, i.total as amount
      from invoices i left join habit h on h.customer_id = i.customer_id
      where i.organization_id = ${desk.organizationId} and i.issued_at < ${on}::date and i.voided_at is null
        and (i.closed_at is null or i.closed_at >= ${on}::date)),
    weekly as (select w.week,
        coalesce((select sum(amount) from earlier where foreseen between ${on}::date + 7 * w.week
          and ${on}::date + 7 * w.week + 6), 0) as foreseen,
        coalesce((select sum(amount) from earlier where came between ${on}::date + 7 * w.week
          and ${on}::date + 7 * w.week + 6), 0) as came
      from generate_series(0, ${weeks - 1}) as w(week))
    select sum(foreseen)::float8 as foreseen, sum(came)::float8 as came, sum(abs(foreseen - came))::float8 as missed
    from weekly`);
  if (!row || row.came === 0)
    return 'How far it is off cannot be said yet: 13 weeks ago there was nothing open that has been paid since.';
  const percent = (part: number): number => Math.round((100 * part) / row.came);
  const day = formatDate(on, desk.locale);
  return (
    `How good it is: made on ${day}, it would have foreseen ${percent(row.foreseen)} % of what then came in ` +
    `on the invoices that were open, and missed week by week by ${percent(row.missed)} %.`
  );
}
