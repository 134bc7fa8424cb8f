import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { foundCustomers } from '#db/found-customers.ts';
import { detailsOf } from '#features/audit-log/detail-rules.ts';
import { actorOf, knownKinds, wordsOf } from '#features/audit-log/event-rules.ts';
import { type Area, areaOf, kindsOf } from '#features/audit-log/kind-rules.ts';
import { actingAs, fromOf } from '#features/audit-log/origin-rules.ts';
import { nameOf } from '#features/audit-log/place-rules.ts';
import { formatDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

export type AuditFilter = {
  q?: string | undefined;
  area?: Area | undefined;
  kind?: string | undefined;
  actorId?: string | undefined;
  subjectId?: string | undefined;
  customerId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};
export type Asking = { id: string; currency: string; locale: string; timeZone: string };
type Page = { limit: number; startingAfter?: string | undefined };

type Row = {
  id: string;
  type: string;
  subjectId: string;
  customerId: string | null;
  customerName: string | null;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  data: Record<string, unknown>;
  requestId: string | null;
  ip: string | null;
  userAgent: string | null;
  occurredAt: Date;
};

/** Days of the organization's own zone, both included. */
function conditionsOf({ id, timeZone }: Asking, filter: AuditFilter): RawBuilder<unknown>[] {
  const { from, to, actorId, subjectId, customerId } = filter;
  return [
    sql`e.organization_id = ${id}`,
    ...(from ? [sql`e.occurred_at >= (${from}::date)::timestamp at time zone ${timeZone}`] : []),
    ...(to ? [sql`e.occurred_at < (${to}::date + 1)::timestamp at time zone ${timeZone}`] : []),
    // Its partial index knows its rows by these very words.
    ...(actorId ? [sql`e.actor_id = ${actorId} and e.actor_kind in ('user', 'api_key')`] : []),
    ...(subjectId ? [sql`e.subject_id = ${subjectId}`] : []),
    ...(customerId ? [sql`e.customer_id = ${customerId}`] : []),
  ];
}

/** Kinds to look among one by one, each by its own run of an index; undefined: all, in the order of time. */
function kindsIn({ area, kind, actorId }: AuditFilter): readonly string[] | undefined {
  if (kind) return [kind];
  if (area) return kindsOf(area);
  return actorId ? knownKinds : undefined;
}

/** The few newest of a filter. A run of the index per kind costs a page at most, of any number of rows. */
function newest(conditions: RawBuilder<unknown>[], filter: AuditFilter, limit: number): RawBuilder<unknown> {
  const where = sql.join(conditions, sql` and `);
  const kinds = filter.subjectId || filter.customerId ? undefined : kindsIn(filter);
  const order = sql`order by e.occurred_at desc, e.id desc limit ${limit}`;
  if (kinds)
    return sql`select e.* from unnest(${[...kinds]}::text[]) as k(type)
      cross join lateral (select e.* from events e where ${where} and e.type = k.type ${order}) e`;
  const narrow = kindsIn({ ...filter, actorId: undefined });
  return sql`select e.* from events e where ${where} ${narrow ? sql`and e.type = any(${[...narrow]}::text[])` : sql``}
    ${order}`;
}

const mostSubjects = 20;

/** What letters may mean: a record by id, an invoice or a credit memo by number, customers by name. */
async function searched(tx: Tx, organizationId: string, q: string): Promise<AuditFilter[]> {
  if (/^[a-z]{3}_[0-9a-z]{22}$/.test(q)) return [{ subjectId: q }];
  const rows = await tx.list<{ id: string; kind: 'subject' | 'customer' }>(sql`
    (select id::text, 'subject' as kind from invoices where organization_id = ${organizationId} and number = ${q}
      limit ${mostSubjects})
    union all
    (select id::text, 'customer' from customers where organization_id = ${organizationId}
      and id in (${foundCustomers(organizationId, q, mostSubjects)}))`);
  return rows.map(({ id, kind }) => (kind === 'subject' ? { subjectId: id } : { customerId: id }));
}

async function keyset(tx: Tx, organizationId: string, after: string | undefined) {
  if (!after) return [];
  const row = await tx.row<{ occurredAt: Date; id: string }>(sql`
    select occurred_at, id from events where organization_id = ${organizationId} and id = ${after}`);
  if (!row) throw notFound('audit entry', after);
  return [sql`(e.occurred_at, e.id) < (${row.occurredAt}::timestamptz, ${row.id})`];
}

/** A page of the log, newest first. */
export async function readAuditRows(
  tx: Tx,
  asking: Asking,
  { limit, startingAfter, ...filter }: AuditFilter & Page,
): Promise<Row[]> {
  const filters = filter.q
    ? (await searched(tx, asking.id, filter.q)).map((found) => ({ ...filter, ...found }))
    : [filter];
  if (filters.length === 0) return [];
  const after = await keyset(tx, asking.id, startingAfter);
  const parts = filters.map(
    (each) => sql`(${newest([...conditionsOf(asking, each), ...after], each, limit)})`,
  );
  return tx.list<Row>(sql`
    select e.id, e.type, e.subject_id, e.customer_id, c.display_name as customer_name, e.actor_kind, e.actor_id,
      case e.actor_kind when 'user' then staff_name(e.actor_id)
        when 'api_key' then (select k.name from api_keys k
          where k.organization_id = e.organization_id and k.id = e.actor_id) end as actor_name,
      e.data, e.request_id, o.ip, o.user_agent, e.occurred_at
    from (select * from (${sql.join(parts, sql` union `)}) e order by e.occurred_at desc, e.id desc limit ${limit}) e
    left join customers c on c.organization_id = e.organization_id and c.id = e.customer_id
    left join event_origins o on o.organization_id = e.organization_id and o.event_id = e.id
    order by e.occurred_at desc, e.id desc`);
}

/** An entry in words: the same for the page, the API and the file. */
export function presentEntry(row: Row, { currency, locale }: Asking) {
  const ink = {
    money: (amount: number) => formatMoney(BigInt(amount), currency, locale),
    date: (date: string) => formatDate(date, locale),
  };
  const actor = { kind: row.actorKind, id: row.actorId, name: row.actorName };
  const event = { type: row.type, subject_id: row.subjectId, actor, data: row.data };
  const acting = actingAs(actor);
  return {
    object: 'audit_entry' as const,
    id: row.id,
    kind: row.type,
    area: areaOf(row.type),
    says: wordsOf(event, ink).text,
    subject_id: row.subjectId,
    subject_name: nameOf(event),
    customer: row.customerId && row.customerName ? { id: row.customerId, name: row.customerName } : null,
    actor: { ...actor, name: acting?.name ?? actorOf(event), acting_as: acting?.as ?? null },
    from: fromOf({ ...row, actor }),
    details: detailsOf(row.data, ink),
    request_id: row.requestId,
    occurred_at: row.occurredAt,
  };
}

export async function listAudit(tx: Tx, asking: Asking, filter: AuditFilter & Page) {
  const rows = await readAuditRows(tx, asking, { ...filter, limit: filter.limit + 1 });
  const data = rows.slice(0, filter.limit).map((row) => presentEntry(row, asking));
  return { object: 'list' as const, data, has_more: rows.length > filter.limit };
}

/** Who can be asked for: people who work or worked here, and keys. */
export async function listActors(tx: Tx, organizationId: string) {
  const data = await tx.rows<{ id: string; kind: 'user' | 'api_key'; name: string }>(sql`
    (select user_id::text as id, 'user' as kind, coalesce(staff_name(user_id), 'Somebody') as name
      from organization_users where organization_id = ${organizationId} order by user_id limit 500)
    union all
    (select id::text, 'api_key', name from api_keys where organization_id = ${organizationId}
      order by id desc limit 100)
    order by kind desc, name`);
  return { object: 'list' as const, data, has_more: false };
}
