import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockOwedInvoice } from '#features/collections/lock-invoice.ts';
import { todayOf } from '#features/collections/make-promise.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { finishTasksOf } from '#features/collections/write-tasks.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type NewDispute = {
  organizationId: string;
  invoiceId: string;
  reason: string;
  /** The day on which chasing goes on by itself; null: only when a person ends it. */
  restsUntil: CalendarDate | null;
  byCustomer: boolean;
};

/** Note that a customer objects to an invoice: reminders and late fees rest until it is settled. */
export async function openDispute(
  tx: Tx,
  actor: Actor,
  input: NewDispute,
  now: Date,
): Promise<{ disputeId: string; number: string; customerId: string }> {
  const { organizationId, invoiceId, reason, restsUntil, byCustomer } = input;
  const { customerId, number } = await lockOwedInvoice(tx, organizationId, invoiceId);
  const today = await todayOf(tx, organizationId, now);
  refusePastDay(restsUntil, today);
  const open = await tx.row(sql`select 1 as open from disputes
    where organization_id = ${organizationId} and invoice_id = ${invoiceId} and state = 'open'`);
  if (open) throw new Refusal('state_refused', `Invoice ${number} is in dispute already.`);
  const id = newId('dispute');
  await tx.run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, rests_until, state,
      by_customer, created_at)
    values (${organizationId}, ${id}, ${customerId}, ${invoiceId}, ${reason}, ${restsUntil}, 'open', ${byCustomer}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'dispute.opened',
      subjectId: invoiceId,
      customerId,
      data: { dispute_id: id, number, reason, rests_until: restsUntil, by_customer: byCustomer },
    },
  ]);
  await refreshWorklist(tx, { organizationId, customerIds: [customerId], today }, now);
  return { disputeId: id, number, customerId };
}

function refusePastDay(restsUntil: CalendarDate | null, today: CalendarDate): void {
  if (restsUntil === null || restsUntil > today) return;
  throw new Refusal('invalid_request', {
    message: `Chasing can rest until a day after today, ${today}.`,
    param: 'rests_until',
  });
}

type Row = { invoiceId: string; customerId: string; state: string; number: string };
type OneDispute = { organizationId: string; disputeId: string };

async function lockOpen(tx: Tx, { organizationId, disputeId }: OneDispute): Promise<Row> {
  const row = await tx.row<Row>(sql`select d.invoice_id, d.customer_id, d.state, i.number from disputes d
    join invoices i on i.organization_id = d.organization_id and i.id = d.invoice_id
    where d.organization_id = ${organizationId} and d.id = ${disputeId} for update of d`);
  if (!row) throw notFound('dispute', disputeId);
  if (row.state !== 'open') throw new Refusal('state_refused', `This dispute is ${row.state} already.`);
  return row;
}

/** Settle a dispute, or note that the customer took it back: chasing goes on. */
export async function endDispute(
  tx: Tx,
  actor: Actor,
  input: OneDispute & { state: 'resolved' | 'withdrawn'; outcome: string },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, disputeId, state, outcome } = input;
  const { invoiceId, customerId, number } = await lockOpen(tx, input);
  await tx.run(sql`update disputes set state = ${state}, outcome = ${outcome}, ended_at = ${now}
    where organization_id = ${organizationId} and id = ${disputeId}`);
  await finishTasksOf(tx, actor, { organizationId, invoiceId, kinds: ['dispute'] }, now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: state === 'resolved' ? 'dispute.resolved' : 'dispute.withdrawn',
      subjectId: invoiceId,
      customerId,
      data: { dispute_id: disputeId, number, outcome },
    },
  ]);
  const today = await todayOf(tx, organizationId, now);
  await refreshWorklist(tx, { organizationId, customerIds: [customerId], today }, now);
  return { invoiceId };
}

/** Let chasing rest until another day, or until a person ends the dispute. */
export async function restDispute(
  tx: Tx,
  actor: Actor,
  input: OneDispute & { restsUntil: CalendarDate | null },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, disputeId, restsUntil } = input;
  const { invoiceId, customerId, number } = await lockOpen(tx, input);
  const today = await todayOf(tx, organizationId, now);
  refusePastDay(restsUntil, today);
  await tx.run(sql`update disputes set rests_until = ${restsUntil}
    where organization_id = ${organizationId} and id = ${disputeId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'dispute.rest_changed',
      subjectId: invoiceId,
      customerId,
      data: { dispute_id: disputeId, number, rests_until: restsUntil },
    },
  ]);
  await refreshWorklist(tx, { organizationId, customerIds: [customerId], today }, now);
  return { invoiceId };
}
