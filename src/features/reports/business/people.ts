import { sql } from 'kysely';
import { isPastDue } from '#db/past-due.ts';
import { kindWords, knownKinds } from '#features/audit-log/event-rules.ts';
import { areaOf, areas } from '#features/audit-log/kind-rules.ts';
import { userFilters, usersOf } from '#features/reports/business/features-used.ts';
import { type Field, type Filter, periodFields, periodOf } from '#features/reports/filter-fields.ts';
import type { Desk, Report } from '#features/reports/report.ts';

const days = (desk: Desk, filter: Filter) => {
  const { from, to } = periodOf(filter, desk);
  return sql`between ${from} and ${to}`;
};
const localDay = (column: string, desk: Desk) =>
  sql`(${sql.raw(column)} at time zone ${desk.timeZone}::text)::date`;

const show: Field = {
  name: 'show',
  label: 'Show',
  kind: 'choice',
  options: [
    { value: 'all', label: 'All' },
    { value: 'owing', label: 'Who owe' },
    { value: 'no_email', label: 'Without an e-mail address' },
    { value: 'autopay', label: 'With autopay' },
    { value: 'portal', label: 'Registered in the portal' },
    { value: 'no_portal', label: 'Not in the portal' },
    ...userFilters,
  ],
};
const shown: Record<string, ReturnType<typeof sql>> = {
  owing: sql`and b.invoices > 0`,
  no_email: sql`and c.email is null`,
  autopay: sql`and a.customer_id is not null`,
  portal: sql`and m.customer_id is not null`,
  no_portal: sql`and m.customer_id is null`,
};

const shownBy = (show: string) => shown[show] ?? usersOf(show) ?? sql``;

export const customers: Report = {
  key: 'customers',
  title: 'Customers',
  answers: 'Who are our customers, what do they owe, and how do they pay?',
  group: 'customers',
  scope: 'customers:read',
  fields: [show],
  columns: () => [
    { key: 'customer', title: 'Customer', kind: 'text' },
    { key: 'type', title: 'Type', kind: 'text' },
    { key: 'email', title: 'E-mail', kind: 'text' },
    { key: 'autopay', title: 'Autopay', kind: 'text' },
    { key: 'portal', title: 'Portal', kind: 'text' },
    { key: 'invoices', title: 'Open invoices', kind: 'count', sum: true },
    { key: 'pastDue', title: 'Past due', kind: 'money', sum: true },
    { key: 'balance', title: 'Balance', kind: 'money', sum: true },
  ],
  statement: (desk, filter) => sql`select c.display_name as customer, c.customer_type as type, c.email,
      case when a.customer_id is not null then 'Yes' else 'No' end as autopay,
      case when m.customer_id is not null then 'Yes' else 'No' end as portal,
      coalesce(b.invoices, 0) as invoices, coalesce(b.past_due, 0)::bigint as past_due,
      coalesce(b.balance, 0)::bigint as balance, coalesce(b.currency, ${desk.currency}) as currency,
      '/customers/' || c.id as link
    from customers c
      left join (select customer_id, currency, count(*)::int as invoices, sum(balance_due) as balance,
          sum(balance_due) filter (where ${isPastDue('invoices', desk.today)}) as past_due from invoices
        where organization_id = ${desk.organizationId} and closed_at is null and issued_at is not null
        group by customer_id, currency) b on b.customer_id = c.id
      left join autopays a on a.organization_id = ${desk.organizationId} and a.customer_id = c.id and a.ended_at is null
      left join (select distinct customer_id from portal_memberships
        where organization_id = ${desk.organizationId} and revoked_at is null) m on m.customer_id = c.id
    where c.organization_id = ${desk.organizationId} and c.deactivated_at is null ${shownBy(filter.show ?? '')}
    order by c.name_key, c.id, b.currency`,
};

/** Of each step: what went, what became of it, and what of it was paid soon after. */
export const emailReminders: Report = {
  key: 'email-reminders',
  title: 'E-mail reminders',
  answers: 'Which reminders are read, and which are paid after?',
  group: 'work',
  scope: 'messages:read',
  fields: [
    ...periodFields,
    { name: 'within_days', label: 'Paid within days', kind: 'number', least: 1, most: 90, usual: 7 },
  ],
  columns: (filter) => [
    { key: 'step', title: 'Step', kind: 'text' },
    { key: 'sent', title: 'Invoices', kind: 'count', sum: true },
    { key: 'opened', title: 'Opened', kind: 'count', sum: true },
    { key: 'clicked', title: 'Clicked', kind: 'count', sum: true },
    { key: 'bounced', title: 'Bounced', kind: 'count', sum: true },
    { key: 'paid', title: `Paid within ${filter.within_days} days`, kind: 'count', sum: true },
    { key: 'amount', title: 'Amount', kind: 'money', sum: true },
  ],
  statement: (desk, filter) => sql`select p.name || ', ' || case s.message_type
        when 'payment_due' then 'on the due date' when 'upcoming_late_fee' then -s.day_offset || ' days before a late fee'
        when 'upcoming_payment' then -s.day_offset || ' days before' else s.day_offset || ' days after' end as step,
      count(*)::int as sent, count(*) filter (where m.opened)::int as opened,
      count(*) filter (where m.clicked)::int as clicked, count(*) filter (where m.bounced)::int as bounced,
      count(*) filter (where a.amount > 0)::int as paid, coalesce(sum(a.amount), 0)::bigint as amount, i.currency
    from reminders r
      join dunning_steps s on s.organization_id = ${desk.organizationId} and s.id = r.step_id
      join dunning_policies p on p.organization_id = ${desk.organizationId} and p.id = s.policy_id
      join invoices i on i.organization_id = ${desk.organizationId} and i.id = r.invoice_id
      left join lateral (select bool_or(x.opened_at is not null or x.state in ('opened', 'clicked')) as opened,
          bool_or(x.state = 'clicked') as clicked, bool_or(x.state in ('bounced', 'soft_bounced')) as bounced
        from messages x where x.organization_id = ${desk.organizationId} and x.id = any(r.message_ids)) m on true
      left join lateral (select sum(amount) as amount from payment_applications a
        where a.organization_id = ${desk.organizationId} and a.invoice_id = r.invoice_id and a.state = 'applied'
          and a.applied_at between r.sent_at and r.sent_at + make_interval(days => ${Number(filter.within_days)}::int)) a on true
    where r.organization_id = ${desk.organizationId} and r.state = 'sent' and r.sent_on ${days(desk, filter)}
    group by p.name, s.id, s.message_type, s.day_offset, i.currency order by p.name, s.day_offset, s.id`,
  notes: () => [
    'Opens and clicks are known where they are tracked. Paid after a reminder is not always paid because of it.',
    'A payment after two reminders counts for both.',
  ],
};

/** As the audit log calls acts; where they were done says which of the same name: `Invoices · Voided`. */
const actWords = Object.fromEntries(
  knownKinds.map((kind) => [kind, `${areas[areaOf(kind)].title} · ${kindWords(kind)}`]),
);
const actorWords = {
  ...{ user: 'A user', api_key: 'API key' },
  ...{ portal_user: 'Customers, in the portal', payer_link: 'Customers, by a link' },
};

export const activity: Report = {
  key: 'activity',
  title: 'Activity',
  answers: 'Who did what, and when?',
  group: 'work',
  scope: 'events:read',
  fields: [...periodFields],
  columns: () => [
    { key: 'who', title: 'Who', kind: 'text' },
    { key: 'what', title: 'What', kind: 'text' },
    { key: 'times', title: 'Times', kind: 'count', sum: true },
    { key: 'first', title: 'First', kind: 'date' },
    { key: 'last', title: 'Last', kind: 'date' },
  ],
  statement: (
    desk,
    filter,
  ) => sql`select coalesce(staff_name(e.actor_id), ${JSON.stringify(actorWords)}::jsonb ->> e.actor_kind, 'Owed') as who,
      coalesce(${JSON.stringify(actWords)}::jsonb ->> e.type, replace(replace(e.type, '.', ' '), '_', ' ')) as what,
      e.times, e.first, e.last
    from (select actor_kind, case when actor_kind = 'user' then actor_id end as actor_id, type, count(*)::int as times,
        min(${localDay('occurred_at', desk)}) as first, max(${localDay('occurred_at', desk)}) as last
      from events where organization_id = ${desk.organizationId} and ${localDay('occurred_at', desk)} ${days(desk, filter)}
      group by 1, 2, 3) e
    order by (e.actor_kind = 'user') desc, who, e.times desc, what`,
};
