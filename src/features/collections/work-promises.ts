import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { endMootDisputes } from '#features/collections/end-moot-disputes.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { settlePromises } from '#features/collections/settle-promises.ts';
import { wakeDisputes } from '#features/collections/wake-disputes.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import { addDays } from '#lib/dates.ts';

const batch = 500;

type Deps = { db: Database };
type Step = { looked: number; last: string | undefined };

/**
 * The desk's part of a day: what has become of promises, disputes whose rest is over, and the worklist anew,
 * because a day older is another rank. Some at a time, so that memory does not grow.
 */
export async function workPromises({ db }: Deps, day: LocalDay): Promise<void> {
  const { organizationId, today, now } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'promises' };
  const inBatches = async (step: (tx: Tx, after: string | undefined) => Promise<Step>): Promise<void> => {
    for (let after: string | undefined; ; ) {
      const { looked, last } = await db.transaction(actor, (tx) => step(tx, after));
      if (looked < batch || last === undefined) return;
      after = last;
    }
  };
  await inBatches((tx, after) =>
    settlePromises(tx, actor, { organizationId, today, which: { past: true, limit: batch, after } }, now),
  );
  await db.transaction(actor, (tx) => endMootDisputes(tx, actor, { organizationId, limit: 10_000 }, now));
  await inBatches((tx, after) =>
    wakeDisputes(tx, actor, { organizationId, today, limit: batch, after }, now),
  );
  await inBatches(async (tx, after) => {
    const customerIds = await customersToLookAt(tx, day, after);
    await refreshWorklist(tx, { organizationId, customerIds, today }, now);
    return { looked: customerIds.length, last: customerIds.at(-1) };
  });
}

/** Those on the list, and those for whom there may be a reason: in the order of their ids, each once. */
async function customersToLookAt(tx: Tx, { organizationId, today }: LocalDay, after = ''): Promise<string[]> {
  const rows = await tx.list<{ id: string }>(sql`
    select c.id from customers c where c.organization_id = ${organizationId} and c.id > ${after} and (
      exists (select from worklist w where w.organization_id = c.organization_id and w.customer_id = c.id)
      or exists (select from invoices i where i.organization_id = c.organization_id and i.customer_id = c.id
        and i.closed_at is null and i.issued_at is not null and i.due_date < ${today}::date)
      or exists (select from tasks t where t.organization_id = c.organization_id and t.customer_id = c.id
        and t.done_at is null and t.due_on <= ${today}::date)
      or exists (select from promises_to_pay p where p.organization_id = c.organization_id and p.customer_id = c.id
        and p.state = 'open' and p.promised_on <= ${today}::date)
      or exists (select from disputes d where d.organization_id = c.organization_id and d.customer_id = c.id
        and d.state = 'open')
      or exists (select from payments y where y.organization_id = c.organization_id and y.customer_id = c.id
        and y.state in ('declined', 'returned') and y.received_on >= ${addDays(today, -14)}::date)
      or exists (select from email_problems e where e.organization_id = c.organization_id and e.email = lower(c.email)
        and e.since >= ${addDays(today, -14)}::date))
    order by c.id limit ${batch}`);
  return rows.map(({ id }) => id);
}
