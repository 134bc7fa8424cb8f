import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { wordsOf } from '#db/found-customers.ts';
import { type TicketRow, ticketColumns } from '#features/support/read-ticket.ts';
import {
  type Category,
  type Desk,
  mostPosts,
  type Priority,
  type TicketState,
} from '#features/support/rules.ts';
import { snake } from '#lib/casing.ts';
import { must, notFound } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

export type TicketFilter = {
  /** Left out: of all organizations, for the host. */
  organizationId?: string | undefined;
  desk: Desk;
  limit: number;
  startingAfter?: string | undefined;
  status?: 'all' | 'to_do' | TicketState | undefined;
  category?: Category | undefined;
  priority?: Priority | undefined;
  assigneeId?: string | undefined;
  customerId?: string | undefined;
  userId?: string | undefined;
  /** A number, the address of who asked, or words of the subject. */
  q?: string | undefined;
};

type Listed = Omit<TicketRow, 'state'> & {
  state: TicketState;
  organizationName: string;
  customerName: string | null;
  invoiceNumber: string | null;
};

const listed = sql`select ${ticketColumns}, o.name as organization_name, c.display_name as customer_name,
    i.number as invoice_number
  from tickets t join organizations o on o.id = t.organization_id
  left join customers c on c.organization_id = t.organization_id and c.id = t.customer_id
  left join invoices i on i.organization_id = t.organization_id and i.id = t.invoice_id`;

/** Newest first. Each filter has an index of its own. */
export async function listTickets(tx: Tx, filter: TicketFilter) {
  const conditions: RawBuilder<unknown>[] = [sql`t.desk = ${filter.desk}`, sql`t.state <> 'unconfirmed'`];
  if (filter.organizationId) conditions.push(sql`t.organization_id = ${filter.organizationId}`);
  if (filter.startingAfter) conditions.push(sql`t.id < ${filter.startingAfter}`);
  const { status = 'all' } = filter;
  if (status === 'to_do') conditions.push(sql`t.state in ('new', 'open')`);
  else if (status !== 'all') conditions.push(sql`t.state = ${status}`);
  if (filter.category) conditions.push(sql`t.category = ${filter.category}`);
  if (filter.priority) conditions.push(sql`t.priority = ${filter.priority}`);
  if (filter.assigneeId) conditions.push(sql`t.assignee_id = ${filter.assigneeId}`);
  if (filter.customerId) conditions.push(sql`t.customer_id = ${filter.customerId}`);
  if (filter.userId) conditions.push(sql`t.user_id = ${filter.userId}`);
  if (filter.q) conditions.push(await found(tx, filter, filter.q));
  const rows = await tx.list<Listed>(
    sql`${listed} where ${sql.join(conditions, sql` and `)} order by t.id desc limit ${filter.limit + 1}`,
  );
  const data = rows.slice(0, filter.limit).map(present);
  return { object: 'list' as const, data, has_more: rows.length > filter.limit };
}

const few = 1000;

/** A few are named one by one. So many that every page is full of them are met on the way. */
async function found(
  tx: Tx,
  { organizationId, desk }: TicketFilter,
  q: string,
): Promise<RawBuilder<unknown>> {
  const number = /^#?(\d{1,9})$/.exec(q.trim())?.[1];
  if (number) return sql`t.number = ${Number(number)}`;
  if (/^\S+@\S+$/.test(q.trim())) return sql`t.asker_key = ${q.trim().toLowerCase()}`;
  const words = wordsOf(q);
  if (!words) return sql`true`;
  const ids = await tx.rows<{ id: string }>(
    organizationId
      ? sql`select f.id from found_tickets(${organizationId}, ${desk}, ${words}, ${few + 1}) f`
      : sql`select id from tickets where desk = 'host' and search @@ to_tsquery('simple', ${words}) limit ${few + 1}`,
  );
  return ids.length > few
    ? sql`t.search @@ to_tsquery('simple', ${words})`
    : sql`t.id = any(${ids.map(({ id }) => id)}::text[])`;
}

const present = ({ userId, portalUserId, askerName, askerEmail, ...row }: Listed) => ({
  object: 'ticket' as const,
  ...snake(row),
  asker: {
    kind: userId ? ('user' as const) : portalUserId ? ('portal_user' as const) : ('visitor' as const),
    name: askerName,
    email: askerEmail,
  },
});

type PostRow = {
  id: string;
  kind: 'words' | 'note' | 'change';
  side: 'asker' | 'desk' | 'system';
  way: 'console' | 'portal' | 'link' | 'mail' | 'system';
  authorName: string;
  authorEmail: string | null;
  words: string;
  quoted: string;
  leftOut: string[];
  createdAt: Date;
};

/** One ticket with all that was said. `show`: the asker sees words alone. */
export async function getTicket(
  tx: Tx,
  ticket: Pick<TicketRow, 'organizationId' | 'id'>,
  show: { all: boolean; filesAt: string },
) {
  const { organizationId, id } = ticket;
  const row = await tx.row<Listed>(
    sql`${listed} where t.organization_id = ${organizationId} and t.id = ${id} and t.state <> 'unconfirmed'`,
  );
  return {
    ...present(must(row, `the ticket ${id}`)),
    posts: (await readPosts(tx, ticket, show.all)).map(({ files, ...post }) => ({
      object: 'ticket_post' as const,
      ...snake(post),
      files: files.map((file) => ({ ...snake(file), url: `${show.filesAt}/${file.id}` })),
    })),
  };
}

type FileRow = { id: string; postId: string; fileName: string; contentType: string; sizeBytes: number };

export async function readPosts(tx: Tx, ticket: Pick<TicketRow, 'organizationId' | 'id'>, all: boolean) {
  const { organizationId, id } = ticket;
  const posts = await tx.rows<PostRow>(sql`
    select * from (select id, kind, side, way, author_name, author_email, words, quoted, left_out, created_at
      from ticket_posts where organization_id = ${organizationId} and ticket_id = ${id}
        and (${all} or kind = 'words') order by id desc limit ${mostPosts}) p order by id`);
  const files = await tx.rows<FileRow>(sql`
    select id, post_id, file_name, content_type, size_bytes from ticket_files
    where organization_id = ${organizationId} and post_id = any(${posts.map((post) => post.id)}::text[]) order by id`);
  const ofPost = Map.groupBy(files, (file) => file.postId);
  return posts.map((post) => ({
    ...post,
    files: (ofPost.get(post.id) ?? []).map(({ postId: _post, ...file }) => file),
  }));
}

type StoredFile = {
  ticketId: string;
  fileName: string;
  contentType: string;
  hash: string;
  bytes: Buffer;
  kind: string;
};

/** Always handed over as a file, whatever it is: it was not made by us. Answers whose it is, too. */
export async function readTicketFile(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<FileReply & { ticketId: string; isNote: boolean }> {
  const file = await tx.row<StoredFile>(sql`
    select f.ticket_id, f.file_name, f.content_type, f.hash, f.bytes, p.kind from ticket_files f
    join ticket_posts p on p.organization_id = f.organization_id and p.id = f.post_id
    where f.organization_id = ${organizationId} and f.id = ${id}`);
  if (!file) throw notFound('file', id);
  return {
    ticketId: file.ticketId,
    isNote: file.kind === 'note',
    contentType: file.contentType,
    fileName: file.fileName,
    version: file.hash,
    inPlace: false,
    render: async () => file.bytes,
  };
}
