import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { Ask, BulkSettings, Chosen } from '#features/bulk-actions/read-chosen.ts';
import { type BulkAction, type Rule, ruleWords, type Subject } from '#features/bulk-actions/rules.ts';
import type { CustomerConditions } from '#features/customers/queries.ts';
import { type DownloadRow, presentDownload } from '#features/downloads/read-download.ts';
import type { InvoiceConditions } from '#features/invoices/queries.ts';
import { notFound } from '#lib/errors.ts';

export type BulkActionRow = {
  id: string;
  subject: Subject;
  action: BulkAction;
  settings: BulkSettings;
  chosen: string[] | null;
  filter: InvoiceConditions | CustomerConditions | null;
  state: 'running' | 'done' | 'cancelled';
  total: number;
  done: number;
  refused: number;
  doneThrough: string;
  userId: string | null;
  askedBy: string | null;
  askedOn: string;
  createdAt: Date;
  finishedAt: Date | null;
  download: DownloadRow | null;
  downloadId: string | null;
};

const columns =
  sql.raw(`b.id, b.subject, b.action, b.settings, b.chosen, b.filter, b.state, b.total, b.done, b.refused,
  b.done_through, b.user_id, staff_name(b.user_id) as asked_by, b.asked_on, b.created_at, b.finished_at, b.download_id`);

export async function readBulkAction(
  tx: Tx,
  organizationId: string,
  id: string,
  lock = false,
): Promise<BulkActionRow> {
  const row = await tx.row<BulkActionRow>(sql`select ${columns} from bulk_actions b
    where b.organization_id = ${organizationId} and b.id = ${id} ${lock ? sql`for no key update` : sql``}`);
  if (!row) throw notFound('bulk action', id);
  return row;
}

/** As it was asked: the rows that were chosen, or the filter. */
export function askOf(organizationId: string, work: BulkActionRow): Ask {
  const chosen = (
    work.chosen ? { subject: work.subject, ids: work.chosen } : { subject: work.subject, filter: work.filter }
  ) as Chosen;
  return { organizationId, action: work.action, chosen, settings: work.settings, today: work.askedOn };
}

/** In the name of whoever asked, where that is known. */
export const actorOf = (
  organizationId: string,
  { userId }: Pick<BulkActionRow, 'userId'>,
): Actor & {
  organizationId: string;
} =>
  userId
    ? { kind: 'user', organizationId, userId, roles: [] }
    : { kind: 'job', organizationId, name: 'bulk-action' };

async function downloadsOf(tx: Tx, organizationId: string, rows: readonly BulkActionRow[]) {
  const ids = rows.flatMap(({ downloadId }) => downloadId ?? []);
  if (ids.length === 0) return new Map<string, DownloadRow>();
  const found =
    await tx.rows<DownloadRow>(sql`select id, file_name, scopes, size_bytes, hash, ready_at, expires_at
    from downloads where organization_id = ${organizationId} and id = any(${ids}) and ready_at is not null`);
  return new Map(found.map((row) => [row.id, row]));
}

async function present(tx: Tx, organizationId: string, rows: readonly BulkActionRow[]) {
  const downloads = await downloadsOf(tx, organizationId, rows);
  return rows.map((row) => {
    const download = downloads.get(row.downloadId ?? '');
    return {
      object: 'bulk_action' as const,
      id: row.id,
      subject: row.subject,
      action: row.action,
      state: row.state,
      total: row.total,
      done: row.done,
      refused: row.refused,
      asked_by: row.askedBy,
      created_at: row.createdAt,
      finished_at: row.finishedAt,
      download: download ? presentDownload(download) : null,
    };
  });
}

export async function presentBulkAction(tx: Tx, organizationId: string, id: string) {
  const [shown] = await present(tx, organizationId, [await readBulkAction(tx, organizationId, id)]);
  if (!shown) throw notFound('bulk action', id);
  const counted = await tx.rows<{ rule: Rule; reason: string; count: number }>(sql`
    select rule, min(reason) as reason, count(*)::int as count from bulk_action_rows
    where organization_id = ${organizationId} and bulk_action_id = ${id} and rule is not null
    group by rule, case when rule = 'refused' then reason end order by count desc, rule limit 50`);
  return {
    ...shown,
    left_out: counted.map((each) => ({ ...each, reason: each.reason ?? ruleWords[each.rule] })),
  };
}

type Page = { limit: number; startingAfter?: string | undefined };

export async function listBulkActions(
  tx: Tx,
  organizationId: string,
  page: Page & { subject?: Subject | undefined },
) {
  const rows = await tx.list<BulkActionRow>(sql`select ${columns} from bulk_actions b
    where b.organization_id = ${organizationId} ${page.startingAfter ? sql`and b.id < ${page.startingAfter}` : sql``}
      ${page.subject ? sql`and b.subject = ${page.subject}` : sql``} order by b.id desc limit ${page.limit + 1}`);
  const data = await present(tx, organizationId, rows.slice(0, page.limit));
  return { object: 'list' as const, data, has_more: rows.length > page.limit };
}

export async function listRefusals(tx: Tx, organizationId: string, id: string, page: Page) {
  await readBulkAction(tx, organizationId, id);
  const rows = await tx.list<{ id: string; label: string; rule: string; reason: string }>(sql`
    select row_id as id, label, rule, reason from bulk_action_rows where organization_id = ${organizationId}
      and bulk_action_id = ${id} and rule is not null and row_id > ${page.startingAfter ?? ''}
    order by row_id limit ${page.limit + 1}`);
  return { object: 'list' as const, data: rows.slice(0, page.limit), has_more: rows.length > page.limit };
}
