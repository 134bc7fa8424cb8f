import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';

export type NewTask = {
  customerId: string;
  invoiceId?: string | null | undefined;
  kind: 'hand' | 'broken_promise' | 'dispute';
  title: string;
  dueOn: CalendarDate;
  /** Left out: whoever looks after the customer. */
  assigneeId?: string | null | undefined;
  /** What makes it by itself: it is made once for each. */
  cause?: string | undefined;
};

/** Give somebody something to do; one that has been made for the same cause is not made again. */
export async function writeTasks(
  tx: Tx,
  actor: Actor,
  { organizationId, tasks }: { organizationId: string; tasks: readonly NewTask[] },
  now: Date,
): Promise<{ taskIds: string[] }> {
  if (tasks.length === 0) return { taskIds: [] };
  const rows = tasks.map((task) => ({ ...task, id: newId('task') }));
  const made = await tx.rows<{ id: string }>(sql`
    insert into tasks (organization_id, id, customer_id, invoice_id, kind, title, due_on, assignee_id, cause, created_at)
    select ${organizationId}, t.id, t.customer_id, t.invoice_id, t.kind, t.title, t.due_on::date,
      coalesce(t.assignee_id, c.collector_id), t.cause, ${now}
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map((r) => r.customerId)}::text[],
      ${rows.map((r) => r.invoiceId ?? null)}::text[], ${rows.map((r) => r.kind)}::text[],
      ${rows.map((r) => r.title.slice(0, 300))}::text[], ${rows.map((r) => r.dueOn)}::text[],
      ${rows.map((r) => r.assigneeId ?? null)}::text[], ${rows.map((r) => r.cause ?? null)}::text[])
      as t(id, customer_id, invoice_id, kind, title, due_on, assignee_id, cause)
    join customers c on c.organization_id = ${organizationId} and c.id = t.customer_id
    on conflict (organization_id, cause) where cause is not null do nothing returning id`);
  const ids = new Set(made.map(({ id }) => id));
  const written = rows.filter(({ id }) => ids.has(id));
  await record(
    tx,
    { actor, organizationId, now },
    written.map(({ id, customerId, title, dueOn, kind }) => ({
      type: 'task.made',
      subjectId: id,
      customerId,
      data: { title, due_on: dueOn, kind },
    })),
  );
  return { taskIds: written.map(({ id }) => id) };
}

/** What was asked of somebody because of an invoice is done with: it was paid, voided, or promised anew. */
export async function finishTasksOf(
  tx: Tx,
  actor: Actor,
  about: { organizationId: string; invoiceId: string; kinds: readonly ('broken_promise' | 'dispute')[] },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId, kinds } = about;
  const done = await tx.rows<{
    id: string;
    customerId: string;
    title: string;
  }>(sql`update tasks t set done_at = ${now}
    from invoices i where i.organization_id = ${organizationId} and i.id = ${invoiceId}
      and t.organization_id = i.organization_id and t.customer_id = i.customer_id and t.invoice_id = i.id
      and t.done_at is null and t.kind = any(${[...kinds]})
    returning t.id, t.customer_id, t.title`);
  await record(
    tx,
    { actor, organizationId, now },
    done.map(({ id, customerId, title }) => ({
      type: 'task.done',
      subjectId: id,
      customerId,
      data: { title },
    })),
  );
}
