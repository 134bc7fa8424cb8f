import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { todayOf } from '#features/collections/make-promise.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { refuseUnknownUser } from '#features/collections/refuse-unknown-user.ts';
import { type NewTask, writeTasks } from '#features/collections/write-tasks.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';

/** Write down what somebody has to do for a customer by a day. */
export async function makeTask(
  tx: Tx,
  actor: Actor,
  input: Omit<NewTask, 'kind' | 'cause'> & { organizationId: string },
  now: Date,
): Promise<{ taskId: string }> {
  const { organizationId, ...task } = input;
  await refuseStrangers(tx, organizationId, task);
  await refuseUnknownUser(tx, organizationId, task.assigneeId);
  const { taskIds } = await writeTasks(
    tx,
    actor,
    { organizationId, tasks: [{ ...task, kind: 'hand' }] },
    now,
  );
  await refresh(tx, organizationId, task.customerId, now);
  return { taskId: must(taskIds[0], 'the new task') };
}

/** The customer must be one of the organization's, and the invoice one of the customer's. */
export async function refuseStrangers(
  tx: Tx,
  organizationId: string,
  { customerId, invoiceId }: { customerId: string; invoiceId?: string | null | undefined },
): Promise<void> {
  const found = await tx.row<{ hasInvoice: boolean }>(sql`select exists (select from invoices i
      where i.organization_id = c.organization_id and i.customer_id = c.id and i.id = ${invoiceId ?? null}) as has_invoice
    from customers c where c.organization_id = ${organizationId} and c.id = ${customerId}`);
  if (!found) throw notFound('customer', customerId);
  if (invoiceId && !found.hasInvoice) throw notFound('invoice of this customer', invoiceId);
}

export type TaskChange = {
  done?: boolean | undefined;
  dueOn?: CalendarDate | undefined;
  title?: string | undefined;
  assigneeId?: string | null | undefined;
};
type Task = {
  customerId: string;
  title: string;
  dueOn: CalendarDate;
  assigneeId: string | null;
  doneAt: Date | null;
};

/** Finish a task, put it off, hand it to somebody, or open it again. */
export async function changeTask(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; taskId: string } & TaskChange,
  now: Date,
): Promise<void> {
  const { organizationId, taskId, done } = input;
  const task = await tx.row<Task>(sql`select customer_id, title, due_on, assignee_id, done_at from tasks
    where organization_id = ${organizationId} and id = ${taskId} for update`);
  if (!task) throw notFound('task', taskId);
  if (task.doneAt && done === undefined)
    throw new Refusal('state_refused', 'This task is done. Open it again before you change it.');
  await refuseUnknownUser(tx, organizationId, input.assigneeId);
  const after = {
    title: input.title ?? task.title,
    dueOn: input.dueOn ?? task.dueOn,
    assigneeId: input.assigneeId === undefined ? task.assigneeId : input.assigneeId,
    isDone: done ?? task.doneAt !== null,
  };
  const doneBy = actor.kind === 'user' ? actor.userId : null;
  await tx.run(sql`update tasks set title = ${after.title}, due_on = ${after.dueOn}, assignee_id = ${after.assigneeId},
      done_at = case when ${after.isDone} then coalesce(done_at, ${now}::timestamptz) end,
      done_by = case when ${after.isDone} then coalesce(done_by, ${doneBy}::text) end
    where organization_id = ${organizationId} and id = ${taskId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: eventOf(task, after),
      subjectId: taskId,
      customerId: task.customerId,
      data: { title: after.title, due_on: after.dueOn },
    },
  ]);
  await refresh(tx, organizationId, task.customerId, now);
}

function eventOf(before: Task, after: { isDone: boolean; dueOn: CalendarDate }): string {
  if (after.isDone !== (before.doneAt !== null)) return after.isDone ? 'task.done' : 'task.reopened';
  return after.dueOn > before.dueOn ? 'task.snoozed' : 'task.changed';
}

const refresh = async (tx: Tx, organizationId: string, customerId: string, now: Date): Promise<void> =>
  refreshWorklist(
    tx,
    { organizationId, customerIds: [customerId], today: await todayOf(tx, organizationId, now) },
    now,
  );
