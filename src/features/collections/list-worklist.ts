import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NoteOutcome, WorklistKind, WorklistReason } from '#features/collections/rules.ts';
import type { DoNotContact } from '#features/customers/setting-rules.ts';
import { type CalendarDate, daysBetween } from '#lib/dates.ts';

export type NextStep = { on: CalendarDate | null; words: string };
/** What Owed does next by itself about some customers: reminders know, and compose.ts hands them in. */
export type NextSteps = (
  tx: Tx,
  about: { organizationId: string; customerIds: readonly string[]; today: CalendarDate; now: Date },
) => Promise<ReadonlyMap<string, NextStep>>;

export type WorklistFilter = {
  limit: number;
  startingAfter?: string | undefined;
  kind?: WorklistKind | undefined;
  /** A user's id, or `nobody`. */
  assignee?: string | undefined;
  minAmount?: bigint | undefined;
};
type Page = { organizationId: string; currency: string; today: CalendarDate; now: Date };

type Row = {
  customerId: string;
  rank: bigint;
  reasons: WorklistReason[];
  amount: bigint;
  oldestDue: CalendarDate | null;
  assigneeId: string | null;
  assigneeName: string | null;
  displayName: string;
  phone: string | null;
  doNotContact: DoNotContact | null;
  noteAt: Date | null;
  outcome: NoteOutcome | null;
  noteText: string | null;
  messageAt: Date | null;
  subject: string | null;
  invoiceId: string | null;
  number: string | null;
  balanceDue: bigint | null;
  openInvoices: number;
};

/**
 * One page, by the index that its filter has, from the last row seen; what else a row shows is read for its
 * rows alone.
 */
export async function listWorklist(tx: Tx, page: Page, filter: WorklistFilter, nextSteps: NextSteps) {
  const { organizationId, today } = page;
  const conditions: RawBuilder<unknown>[] = [sql`w.organization_id = ${organizationId}`];
  if (filter.assignee === 'nobody') conditions.push(sql`w.assignee_id is null`);
  else if (filter.assignee) conditions.push(sql`w.assignee_id = ${filter.assignee}`);
  // Written out, one of a few words: as a parameter it would not be seen to have an index of its own.
  if (filter.kind) conditions.push(sql`${sql.lit(filter.kind)} = any(w.kinds)`);
  if (filter.minAmount !== undefined) conditions.push(sql`w.amount >= ${filter.minAmount}`);
  const after = filter.startingAfter ? await readRank(tx, organizationId, filter.startingAfter) : undefined;
  if (after !== undefined && filter.startingAfter)
    conditions.push(
      sql`w.rank <= ${after} and (w.rank < ${after} or w.customer_id > ${filter.startingAfter})`,
    );
  const rows = await tx.list<Row>(sql`
    select w.customer_id, w.rank, w.reasons, w.amount, w.oldest_due, w.assignee_id, staff_name(w.assignee_id) as assignee_name,
      c.display_name, c.phone, c.do_not_contact, n.*, m.*, i.*
    from (select * from worklist w where ${sql.join(conditions, sql` and `)}
      order by w.rank desc, w.customer_id limit ${filter.limit + 1}) w
    join customers c on c.organization_id = w.organization_id and c.id = w.customer_id
    left join lateral (select n.created_at as note_at, n.outcome, n.text as note_text from customer_notes n
      where n.organization_id = w.organization_id and n.customer_id = w.customer_id order by n.id desc limit 1) n on true
    left join lateral (select m.created_at as message_at, m.subject from messages m
      where m.organization_id = w.organization_id and m.customer_id = w.customer_id order by m.id desc limit 1) m on true
    left join lateral (select i.id as invoice_id, i.number, i.balance_due,
        (count(*) over ())::int as open_invoices from invoices i
      where i.organization_id = w.organization_id and i.customer_id = w.customer_id and i.closed_at is null
        and i.issued_at is not null order by i.due_date, i.id limit 1) i on true
    order by w.rank desc, w.customer_id`);
  const shown = rows.slice(0, filter.limit);
  const customerIds = shown.map(({ customerId }) => customerId);
  const next = await nextSteps(tx, { organizationId, customerIds, today, now: page.now });
  return {
    object: 'list' as const,
    data: shown.map((row) => present(row, page, next.get(row.customerId))),
    has_more: rows.length > filter.limit,
  };
}

/** Whoever has left the list meanwhile has no place on it: the page begins again from the top. */
async function readRank(tx: Tx, organizationId: string, customerId: string): Promise<bigint | undefined> {
  const row = await tx.row<{ rank: bigint }>(sql`select rank from worklist
    where organization_id = ${organizationId} and customer_id = ${customerId}`);
  return row?.rank;
}

function present(row: Row, { currency, today }: Page, next: NextStep | undefined) {
  return {
    object: 'worklist_row' as const,
    id: row.customerId,
    customer_name: row.displayName,
    reasons: row.reasons.map(({ kind, amount, on, count, words }) => ({
      kind,
      amount: amount === undefined ? null : BigInt(amount),
      on: on ?? null,
      count: count ?? null,
      words: words ?? null,
    })),
    amount: row.amount,
    currency,
    days_late: row.oldestDue ? Math.max(0, daysBetween(row.oldestDue, today)) : 0,
    assignee_id: row.assigneeId,
    assignee_name: row.assigneeName,
    phone: row.phone,
    do_not_contact: row.doNotContact,
    last_contact: lastContactOf(row),
    next_step: row.doNotContact ? { on: null, words: 'Messages are stopped' } : (next ?? null),
    invoice:
      row.invoiceId === null
        ? null
        : {
            id: row.invoiceId,
            number: row.number ?? '',
            balance_due: row.balanceDue ?? 0n,
            open_invoices: row.openInvoices,
          },
  };
}

/** A person's note or a message of ours, whichever came later. */
function lastContactOf({ noteAt, outcome, noteText, messageAt, subject }: Row) {
  if (noteAt && outcome && (!messageAt || noteAt >= messageAt))
    return { at: noteAt, outcome, words: noteText ?? '' };
  return messageAt ? { at: messageAt, outcome: 'message' as const, words: subject ?? '' } : null;
}
