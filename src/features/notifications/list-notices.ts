import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { chosenIn, listedKinds, type NoticeKind } from '#features/notifications/notice-rules.ts';
import { readChoices } from '#features/notifications/read-audience.ts';
import { snake } from '#lib/casing.ts';

export type Looker = {
  organizationId: string;
  userId: string;
  roles: readonly string[];
  scopes: ReadonlySet<string>;
};

const kindsOf = async (tx: Tx, looker: Looker): Promise<NoticeKind[]> =>
  listedKinds(looker, looker.scopes, chosenIn(await readChoices(tx, looker.organizationId)));

/** Up to where somebody has read; what happened before they came is no news to them. */
const reading = ({ organizationId, userId }: Looker) => sql`
  select coalesce(r.seen_through, '') as through, ou.created_at as joined_at from organization_users ou
  left join notice_readers r on r.organization_id = ou.organization_id and r.user_id = ou.user_id
  where ou.organization_id = ${organizationId} and ou.user_id = ${userId}`;

const isUnread = ({ organizationId, userId }: Looker) => sql`
  (n.id > w.through and n.created_at >= w.joined_at and not exists (select from notice_reads x
    where x.organization_id = ${organizationId} and x.user_id = ${userId} and x.notice_id = n.id))`;

type Row = {
  id: string;
  kind: NoticeKind;
  title: string;
  detail: string;
  path: string;
  createdAt: Date;
  read: boolean;
};

/** Each kind by its own index: a million payments do not slow the list of somebody who wants none. */
export async function listNotices(
  tx: Tx,
  looker: Looker,
  page: { limit: number; startingAfter?: string | undefined; unread: 'true' | 'false' },
) {
  const before = page.startingAfter ? sql`and n.id < ${page.startingAfter}` : sql``;
  const only = page.unread === 'true' ? sql`and ${isUnread(looker)}` : sql``;
  const rows = await tx.rows<Row>(sql`
    select n.id, n.kind, n.title, n.detail, n.path, n.created_at, not ${isUnread(looker)} as read
    from (${reading(looker)}) w cross join unnest(${await kindsOf(tx, looker)}::text[]) as k(kind)
    cross join lateral (select * from notices n where n.organization_id = ${looker.organizationId} and n.kind = k.kind
      ${before} ${only} order by n.id desc limit ${page.limit + 1}) n
    order by n.id desc limit ${page.limit + 1}`);
  const data = rows.slice(0, page.limit).map((row) => ({ object: 'notice' as const, ...snake(row) }));
  return { object: 'list' as const, data, has_more: rows.length > page.limit };
}

/** To a hundred. By age, so that the index of a kind is walked, not the whole table once a kind. */
export async function countUnread(tx: Tx, looker: Looker) {
  const row = await tx.row<{ count: number }>(sql`
    select count(*)::int as count from (select 1 from (${reading(looker)}) w
      cross join unnest(${await kindsOf(tx, looker)}::text[]) as k(kind)
      cross join lateral (select 1 from notices n where n.organization_id = ${looker.organizationId} and n.kind = k.kind
        and ${isUnread(looker)} order by n.id desc limit 100) n limit 100) x`);
  return { object: 'unread_notices' as const, count: row?.count ?? 0 };
}
