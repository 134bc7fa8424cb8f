import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NoteOutcome, PromiseState } from '#features/collections/rules.ts';
import { snake } from '#lib/casing.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

type PromiseRow = {
  id: string;
  invoiceId: string;
  customerId: string;
  number: string;
  amount: bigint;
  currency: string;
  promisedOn: CalendarDate;
  state: PromiseState;
  note: string;
  createdAt: Date;
  endedAt: Date | null;
};
type DisputeRow = {
  id: string;
  invoiceId: string;
  customerId: string;
  number: string;
  reason: string;
  restsUntil: CalendarDate | null;
  state: 'open' | 'resolved' | 'withdrawn';
  outcome: string;
  byCustomer: boolean;
  createdAt: Date;
  endedAt: Date | null;
};
type Which = { id: string } | { invoiceId: string };

const those = (which: Which) =>
  'id' in which ? sql`x.id = ${which.id}` : sql`x.invoice_id = ${which.invoiceId}`;
const joined = sql.raw('join invoices i on i.organization_id = x.organization_id and i.id = x.invoice_id');

async function readPromises(tx: Tx, organizationId: string, which: Which) {
  const rows =
    await tx.rows<PromiseRow>(sql`select x.id, x.invoice_id, x.customer_id, i.number, x.amount, i.currency,
      x.promised_on, x.state, x.note, x.created_at, x.ended_at from promises_to_pay x ${joined}
    where x.organization_id = ${organizationId} and ${those(which)} order by x.id desc limit 50`);
  return rows.map((row) => ({ object: 'promise_to_pay' as const, ...snake(row) }));
}

async function readDisputes(tx: Tx, organizationId: string, which: Which, today: CalendarDate) {
  const rows =
    await tx.rows<DisputeRow>(sql`select x.id, x.invoice_id, x.customer_id, i.number, x.reason, x.rests_until,
      x.state, x.outcome, x.by_customer, x.created_at, x.ended_at from disputes x ${joined}
    where x.organization_id = ${organizationId} and ${those(which)} order by x.id desc limit 50`);
  return rows.map((row) => ({
    object: 'dispute' as const,
    ...snake(row),
    resting: row.state === 'open' && (row.restsUntil === null || row.restsUntil > today),
  }));
}

export async function readPromise(tx: Tx, organizationId: string, id: string) {
  const [found] = await readPromises(tx, organizationId, { id });
  if (!found) throw notFound('promise to pay', id);
  return found;
}

export async function readDispute(tx: Tx, organizationId: string, id: string, today: CalendarDate) {
  const [found] = await readDisputes(tx, organizationId, { id }, today);
  if (!found) throw notFound('dispute', id);
  return found;
}

export async function readHolds(tx: Tx, organizationId: string, invoiceId: string, today: CalendarDate) {
  const known = await tx.row(sql`select 1 as known from invoices
    where organization_id = ${organizationId} and id = ${invoiceId}`);
  if (!known) throw notFound('invoice', invoiceId);
  return {
    object: 'invoice_holds' as const,
    promises: await readPromises(tx, organizationId, { invoiceId }),
    disputes: await readDisputes(tx, organizationId, { invoiceId }, today),
  };
}

type NoteRow = {
  id: string;
  customerId: string;
  invoiceId: string | null;
  outcome: NoteOutcome;
  text: string;
  userName: string | null;
  pinned: boolean;
  createdAt: Date;
};

export async function listNotes(
  tx: Tx,
  organizationId: string,
  page: {
    customerId: string;
    limit: number;
    startingAfter?: string | undefined;
    id?: string;
    pinned?: 'true' | undefined;
  },
) {
  await refuseUnknown(tx, organizationId, page.customerId);
  const after = page.startingAfter ?? null;
  const rows =
    await tx.rows<NoteRow>(sql`select id, customer_id, invoice_id, outcome, text, staff_name(user_id) as user_name,
      created_at, pinned_place is not null as pinned from customer_notes
    where organization_id = ${organizationId} and customer_id = ${page.customerId}
      and (${after}::text is null or id < ${after}) and (${page.id ?? null}::text is null or id = ${page.id ?? null})
      ${page.pinned ? sql`and pinned_place is not null` : sql``}
    order by ${page.pinned ? sql`pinned_place, ` : sql``}id desc limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, page.limit).map((row) => ({ object: 'note' as const, ...snake(row) })),
    has_more: rows.length > page.limit,
  };
}

type TaskRow = {
  id: string;
  customerId: string;
  customerName: string;
  invoiceId: string | null;
  kind: 'hand' | 'broken_promise' | 'dispute';
  title: string;
  dueOn: CalendarDate;
  assigneeId: string | null;
  assigneeName: string | null;
  doneAt: Date | null;
  createdAt: Date;
};
const taskColumns =
  sql.raw(`t.id, t.customer_id, c.display_name as customer_name, t.invoice_id, t.kind, t.title, t.due_on,
  t.assignee_id, staff_name(t.assignee_id) as assignee_name, t.done_at, t.created_at from tasks t
  join customers c on c.organization_id = t.organization_id and c.id = t.customer_id`);
const presentTask = (row: TaskRow) => ({ object: 'task' as const, ...snake(row) });

export async function readTask(tx: Tx, organizationId: string, id: string) {
  const row = await tx.row<TaskRow>(
    sql`select ${taskColumns} where t.organization_id = ${organizationId} and t.id = ${id}`,
  );
  if (!row) throw notFound('task', id);
  return presentTask(row);
}

/** The open ones by their day, then what was done last. */
export async function listTasks(tx: Tx, organizationId: string, page: { customerId: string; limit: number }) {
  await refuseUnknown(tx, organizationId, page.customerId);
  const of = sql`t.organization_id = ${organizationId} and t.customer_id = ${page.customerId}`;
  const open = await tx.rows<TaskRow>(sql`select ${taskColumns} where ${of} and t.done_at is null
    order by t.due_on, t.id limit ${page.limit + 1}`);
  const done = await tx.rows<TaskRow>(sql`select ${taskColumns} where ${of} and t.done_at is not null
    order by t.id desc limit 5`);
  return {
    object: 'list' as const,
    data: [...open.slice(0, page.limit), ...done].map(presentTask),
    has_more: open.length > page.limit,
  };
}

async function refuseUnknown(tx: Tx, organizationId: string, customerId: string): Promise<void> {
  const known = await tx.row(sql`select 1 as known from customers
    where organization_id = ${organizationId} and id = ${customerId}`);
  if (!known) throw notFound('customer', customerId);
}

/** Few people work for one organization; whoever has no name is known by the id alone. */
export async function listAssignees(tx: Tx, organizationId: string) {
  const rows = await tx.rows<{ id: string; name: string | null }>(sql`
    select user_id as id, staff_name(user_id) as name from organization_users
    where organization_id = ${organizationId} order by 2 nulls last, 1 limit 200`);
  return {
    object: 'list' as const,
    data: rows.map(({ id, name }) => ({ object: 'assignee' as const, id, name: name ?? 'Without a name' })),
    has_more: false,
  };
}
