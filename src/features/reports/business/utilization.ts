import { type RawBuilder, sql } from 'kysely';
import { type Feature, features } from '#features/reports/business/features-used.ts';
import type { Desk, Report } from '#features/reports/report.ts';

const mostNamed = 3;

const localDay = (column: string, desk: Desk) =>
  sql`(${sql.raw(column)} at time zone ${desk.timeZone}::text)::date`;

/** Everybody of the staff who has done anything: from one to the next by the index of who did what. */
const people = (organizationId: string): RawBuilder<unknown> => {
  const next = (after: RawBuilder<unknown>) => sql`(select e.actor_id from events e
    where e.organization_id = ${organizationId} and e.actor_kind in ('user', 'api_key') ${after}
    order by e.actor_id limit 1)`;
  return sql`people(id) as (
      ${next(sql``)}
      union all
      select ${next(sql`and e.actor_id > people.id`)} from people where people.id is not null),
    staff as (select id, name from people cross join lateral staff_name(id) n(name) where name is not null)`;
};

/** Of each feature: who of the staff uses it, the latest first, by one look at an index for each act. */
const usedBy = ({ organizationId }: Desk): RawBuilder<unknown> => {
  const acts = features.flatMap(({ acts: types }, place) => types.map((type) => ({ place, type })));
  return sql`used_by as (
    select place, string_agg(name, ', ' order by turn) filter (where turn <= ${mostNamed}::int)
        || case when count(*) > ${mostNamed}::int then ' and ' || count(*) - ${mostNamed}::int || ' more' else '' end as names
    from (select place, name, row_number() over (partition by place order by at desc, id) as turn from (
        select a.place, s.id, s.name, max(l.at) as at from staff s
          cross join unnest(${acts.map(({ place }) => place)}::int[], ${acts.map(({ type }) => type)}::text[])
            as a(place, type)
          cross join lateral (select e.occurred_at as at from events e where e.organization_id = ${organizationId}
            and e.actor_kind in ('user', 'api_key') and e.actor_id = s.id and e.type = a.type
            order by e.occurred_at desc limit 1) l
        group by a.place, s.id, s.name) w) r
    group by place)`;
};

function countsOf({ key, title, uses, page }: Feature, at: number, desk: Desk): RawBuilder<unknown> {
  const days = sql`min(${localDay('at', desk)}) as first, max(${localDay('at', desk)}) as last`;
  if (page)
    return sql`select ${at}::int as place, ${title}::text as feature, count(*)::int as uses, null::int as customers,
      ${days}, ${page}::text as link from (${uses}) x`;
  const link = `/reports/customers?show=uses_${key}`;
  return sql`select ${at}::int, ${title}::text, count(*)::int, count(distinct c.id)::int, ${days}, ${link}::text
    from (${uses}) x left join customers c on c.organization_id = ${desk.organizationId} and c.id = x.customer_id
      and c.deactivated_at is null`;
}

/** What is used: by whom of the staff, by how many active customers, since when and until when. */
export const utilization: Report = {
  key: 'feature-utilization',
  title: 'Feature utilization',
  answers: 'Which features are used, by whom, for how many customers, since when?',
  group: 'customers',
  scope: 'customers:read',
  fields: [],
  columns: () => [
    { key: 'feature', title: 'Feature', kind: 'text' },
    { key: 'uses', title: 'Uses', kind: 'count' },
    { key: 'customers', title: 'Customers', kind: 'count' },
    { key: 'share', title: 'Share of customers', kind: 'percent' },
    { key: 'usedBy', title: 'Used by', kind: 'text' },
    { key: 'first', title: 'First used', kind: 'date' },
    { key: 'last', title: 'Last used', kind: 'date' },
  ],
  statement: (desk) => {
    // The first names the columns: it is one of the house, which places then move to the end.
    const each = features.map((one, at) => countsOf(one, at, desk)).reverse();
    return sql`with recursive ${people(desk.organizationId)}, ${usedBy(desk)},
      uses as (${sql.join(each, sql` union all `)})
      select u.feature, u.uses, u.customers,
        round(100.0 * u.customers / nullif(c.all, 0), 1)::float8 as share, b.names as used_by, u.first, u.last, u.link
      from uses u left join used_by b on b.place = u.place
        cross join (select count(*) as all from customers where organization_id = ${desk.organizationId}
          and deactivated_at is null) c
      order by u.place`;
  },
  notes: () => [
    'Used by names staff who set the feature up or worked with it, the latest first; customers open the list of them.',
  ],
};
