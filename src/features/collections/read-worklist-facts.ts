import { sql } from 'kysely';
import { chasingRests } from '#db/chasing-rests.ts';
import type { Tx } from '#db/db.ts';
import { isPastDue } from '#db/past-due.ts';
import type { WorklistFacts } from '#features/collections/rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

export type CustomerFacts = WorklistFacts & { customerId: string; collectorId: string | null };
type About = { organizationId: string; customerIds: readonly string[]; today: CalendarDate };

/** How long a failed payment, or a bounce, is news. */
const news_days = 14;
const lately_days = 90;

/** Past due and not resting, by age: only these are chased today. */
const lateness = (today: CalendarDate) => {
  const late = (
    from: number,
    to: number | undefined,
  ) => sql`coalesce(sum(i.balance_due - i.reserved) filter (where
    i.chased and i.due_date < ${addDays(today, -from)}::date
    ${to === undefined ? sql`` : sql`and i.due_date >= ${addDays(today, -to)}::date`}), 0)::bigint`;
  return sql`${late(0, 30)} as late30, ${late(30, 60)} as late60, ${late(60, 90)} as late90,
    ${late(90, undefined)} as late_older, min(i.due_date) filter (where i.chased) as oldest_due,
    coalesce(sum(i.balance_due), 0)::bigint as open`;
};

/** All that the desk ranks customers by, of some customers, in one statement. */
export async function readWorklistFacts(tx: Tx, about: About): Promise<CustomerFacts[]> {
  const { organizationId, today } = about;
  const own = (table: string) =>
    sql.raw(`${table}.organization_id = c.organization_id and ${table}.customer_id = c.id`);
  return tx.rows<CustomerFacts>(sql`
    select c.id as customer_id, c.collector_id, i.*, p.*, d.*, t.*, n.last_contact_on, f.*, e.bounced_on
    from unnest(${[...about.customerIds]}::text[]) as asked(id)
    join customers c on c.organization_id = ${organizationId} and c.id = asked.id
    left join lateral (select ${lateness(today)} from (
      select i.balance_due, i.reserved, i.due_date, ${isPastDue('i', today)} and not ${chasingRests('i', today)} as chased
      from invoices i where ${own('i')} and i.closed_at is null and i.issued_at is not null) i) i on true
    left join lateral (select
        coalesce(sum(p.amount) filter (where p.state = 'open' and p.promised_on <= ${today}::date), 0)::bigint as promises_due,
        min(p.promised_on) filter (where p.state = 'open') as promised_on,
        count(*) filter (where p.state = 'broken' and p.promised_on >= ${addDays(today, -lately_days)}::date)::int
          as broken_lately
      from promises_to_pay p where ${own('p')}) p on true
    left join lateral (select count(*)::int as disputes, coalesce(sum(di.balance_due), 0)::bigint as disputed
      from disputes d join invoices di on di.organization_id = d.organization_id and di.id = d.invoice_id
      where ${own('d')} and d.state = 'open' and (d.rests_until is null or d.rests_until <= ${today}::date)) d on true
    left join lateral (select count(*) filter (where t.kind = 'broken_promise')::int as broken_tasks,
        count(*) filter (where t.kind <> 'broken_promise')::int as tasks,
        min(t.due_on) filter (where t.kind <> 'broken_promise') as task_due,
        (array_agg(t.title order by t.due_on, t.id) filter (where t.kind <> 'broken_promise'))[1] as task_title
      from tasks t where ${own('t')} and t.done_at is null and t.due_on <= ${today}::date) t on true
    left join lateral (select (n.created_at at time zone o.time_zone)::date as last_contact_on
      from customer_notes n join organizations o on o.id = n.organization_id
      where ${own('n')} and n.outcome in ('reached', 'promised') order by n.id desc limit 1) n on true
    left join lateral ${failures(today)} f on true
    left join lateral (select (e.since at time zone 'UTC')::date as bounced_on from email_problems e
      where e.organization_id = c.organization_id and e.email = c.email_key
        and e.since >= ${addDays(today, -news_days)}::date) e on true
    order by c.id`);
}

/** The latest payments alone: one that failed is old news once another has come in. */
const failures = (today: CalendarDate) => sql`(select
    coalesce(max(x.amount) filter (where x.failed and x.turn = 1), 0)::bigint as failed,
    max(x.received_on) filter (where x.failed and x.turn = 1) as failed_on,
    count(*) filter (where x.state = 'returned')::int as returned_lately
  from (select y.*, row_number() over (order by y.id desc) as turn,
      y.state in ('declined', 'returned') and y.received_on >= ${addDays(today, -news_days)}::date as failed
    from (select y.id, y.amount, y.state, y.received_on from payments y
      where y.organization_id = c.organization_id and y.customer_id = c.id order by y.id desc limit 20) y
    where y.received_on >= ${addDays(today, -lately_days)}::date) x)`;
