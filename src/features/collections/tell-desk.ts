import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { endMootDisputes } from '#features/collections/end-moot-disputes.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { settlePromises } from '#features/collections/settle-promises.ts';
import { finishTasksOf } from '#features/collections/write-tasks.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { isId } from '#lib/ids.ts';

/**
 * Money came or went: a promise is kept at once, a dispute that is moot ends, and the worklist says how
 * things stand.
 */
export async function tellDesk(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; subjectId: string; today: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, subjectId, today } = input;
  const about = await tx.row<{ customerId: string; isClosed: boolean }>(sql`
    select customer_id, closed_at is not null as is_closed from invoices
      where organization_id = ${organizationId} and id = ${subjectId}
    union all select customer_id, false from payments where organization_id = ${organizationId} and id = ${subjectId}`);
  if (!about) return;
  if (isId('invoice', subjectId)) {
    await settlePromises(tx, actor, { organizationId, today, which: { invoiceId: subjectId } }, now);
    await endMootDisputes(tx, actor, { organizationId, invoiceId: subjectId, limit: 10 }, now);
    if (about.isClosed) {
      const kinds = ['broken_promise', 'dispute'] as const;
      await finishTasksOf(tx, actor, { organizationId, invoiceId: subjectId, kinds }, now);
    }
  }
  await refreshWorklist(tx, { organizationId, customerIds: [about.customerId], today }, now);
}
