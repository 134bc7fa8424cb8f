import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { byHabit, expectedMoney, habits, weeks } from '#features/reports/business/expected-money.ts';
import type { Desk, Report } from '#features/reports/report.ts';
import { addDays, formatDate, weekStart } from '#lib/dates.ts';

export const forecast: Report = {
  key: 'cash-forecast',
  title: 'Cash forecast',
  answers: 'What will probably come in, this week and in each of the 12 that follow?',
  group: 'coming',
  scope: 'invoices:read',
  fields: [],
  columns: () => [
    { key: 'week', title: 'Week from', kind: 'date' },
    { key: 'payments', title: 'Payments', kind: 'count', sum: true },
    { key: 'agreed', title: 'Agreed', kind: 'money', sum: true },
    { key: 'promised', title: 'Promised', kind: 'money', sum: true },
    { key: 'habit', title: 'By habit', kind: 'money', sum: true },
    { key: 'total', title: 'Expected', kind: 'money', sum: true },
  ],
  statement: (desk) => {
    // Weeks begin where the organization's do; of the first one only what is left of it is expected.
    const begins = weekStart(desk.today, desk.firstWeekday);
    const sumOf = (how: string) => sql`coalesce(sum(c.amount) filter (where c.how = ${how}), 0)::bigint`;
    return sql`${expectedMoney(desk)}
      select (${begins}::date + 7 * w.week) as week, count(c.day)::int as payments,
        ${sumOf('agreed')} as agreed, ${sumOf('promised')} as promised, ${sumOf('habit')} as habit,
        coalesce(sum(c.amount), 0)::bigint as total, coalesce(c.currency, ${desk.currency}) as currency
      from generate_series(0, ${weeks - 1}) as w(week)
        left join coming c on c.day between ${begins}::date + 7 * w.week and ${begins}::date + 7 * w.week + 6
      group by w.week, c.currency order by w.week, c.currency`;
  },
  chart: () => ({ kind: 'rows', label: 'week', value: 'total' }),
  notes: async (desk, _, tx) => [
    'Agreed: what autopay, payment schedules and payment plans charge, each on its day. Promised: on the day that the customer gave.',
    'The rest is expected when its payer usually pays: the due date and the median of days late of the year before.',
    'Invoices that schedules are still to write are in it.',
    'Where a payer has paid few, that is drawn to everybody’s. What is later than that already is expected in a week.',
    'What is expected after 13 weeks is left out.',
    await backTest(desk, tx),
  ],
};

/** The same forecast made 13 weeks ago with what was known then, beside what came. */
async function backTest(desk: Desk, tx: Tx): Promise<string> {
  const on = addDays(desk.today, -7 * weeks);
  const row = await tx.row<{ foreseen: number; came: number; missed: number }>(sql`with ${habits(desk, on)},
    earlier as (select ${byHabit(on, sql`i.due_date`)} as foreseen,
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
