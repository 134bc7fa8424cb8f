import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { decidePromise, type PromiseFacts, type PromiseState } from '#features/collections/rules.ts';
import { writeTasks } from '#features/collections/write-tasks.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Row = PromiseFacts & {
  id: string;
  invoiceId: string;
  customerId: string;
  number: string;
  paid: bigint;
  reserved: bigint;
  balanceDue: bigint;
  isVoid: boolean;
};
type Settled = Row & { state: PromiseState };

/** Of one invoice, at once when something was paid on it; or of all whose day has passed, some at a time. */
export type Which = { invoiceId: string } | { past: true; limit: number; after?: string | undefined };

/**
 * Say what has become of open promises: kept, broken, or moot. The invoice is locked with its promise, so a
 * payment that posts meanwhile is either counted or comes after and is counted then. A broken one gives
 * somebody a task.
 */
export async function settlePromises(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; which: Which; today: CalendarDate },
  now: Date,
): Promise<{ looked: number; last: string | undefined; customerIds: string[] }> {
  const { organizationId, which, today } = input;
  const those =
    'past' in which
      ? sql`p.promised_on < ${today}::date and p.id > ${which.after ?? ''}`
      : sql`p.invoice_id = ${which.invoiceId}`;
  const rows = await tx.rows<Row>(sql`
    select p.id, p.invoice_id, p.customer_id, p.amount, p.promised_on, p.paid_before, i.number,
      (i.applied + i.credited)::bigint as paid, i.reserved, i.balance_due, i.voided_at is not null as is_void
    from promises_to_pay p join invoices i on i.organization_id = p.organization_id and i.id = p.invoice_id
    where p.organization_id = ${organizationId} and p.state = 'open' and ${those}
    order by p.id limit ${'past' in which ? which.limit : 10} for update of i, p`);
  const settled = rows
    .map((row): Settled => ({ ...row, state: decidePromise(row, row, today) }))
    .filter(({ state }) => state !== 'open');
  await writeSettled(tx, actor, { organizationId, settled, today }, now);
  return {
    looked: rows.length,
    last: rows.at(-1)?.id,
    customerIds: [...new Set(settled.map(({ customerId }) => customerId))],
  };
}

async function writeSettled(
  tx: Tx,
  actor: Actor,
  {
    organizationId,
    settled,
    today,
  }: { organizationId: string; settled: readonly Settled[]; today: CalendarDate },
  now: Date,
): Promise<void> {
  if (settled.length === 0) return;
  await tx.run(sql`update promises_to_pay p set state = s.state, ended_at = ${now}
    from unnest(${settled.map(({ id }) => id)}::text[], ${settled.map(({ state }) => state)}::text[]) as s(id, state)
    where p.organization_id = ${organizationId} and p.id = s.id`);
  await record(
    tx,
    { actor, organizationId, now },
    settled.map(({ id, state, invoiceId, customerId, amount, promisedOn, number }) => ({
      type: { kept: 'promise.kept', broken: 'promise.broken', withdrawn: 'promise.withdrawn', open: '' }[
        state
      ],
      subjectId: invoiceId,
      customerId,
      data: { promise_id: id, number, amount, promised_on: promisedOn },
    })),
  );
  const broken = settled.filter(({ state }) => state === 'broken');
  const tasks = broken.map(({ id, customerId, invoiceId, number }) => ({
    ...{ customerId, invoiceId, kind: 'broken_promise' as const, dueOn: today, cause: `promise ${id}` },
    title: `${number} was promised and is not paid`,
  }));
  await writeTasks(tx, actor, { organizationId, tasks }, now);
}
