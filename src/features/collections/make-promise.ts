import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockOwedInvoice } from '#features/collections/lock-invoice.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import { finishTasksOf } from '#features/collections/write-tasks.ts';
import { addDays, type CalendarDate, dateIn } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** A year is no promise any more. */
const longest_days = 365;

export type NewPromise = {
  organizationId: string;
  invoiceId: string;
  /** Left out: all that is due. */
  amount?: bigint | undefined;
  promisedOn: CalendarDate;
  note: string;
};

export async function todayOf(tx: Tx, organizationId: string, now: Date): Promise<CalendarDate> {
  const row = await tx.row<{ timeZone: string }>(
    sql`select time_zone from organizations where id = ${organizationId}`,
  );
  return dateIn(must(row, 'the organization').timeZone, now);
}

/**
 * A customer says when it will pay: reminders and late fees rest through that day. A new promise takes the
 * place of one before.
 */
export async function makePromise(
  tx: Tx,
  actor: Actor,
  input: NewPromise,
  now: Date,
): Promise<{ promiseId: string }> {
  const { organizationId, invoiceId, promisedOn, note } = input;
  const invoice = await lockOwedInvoice(tx, organizationId, invoiceId);
  const today = await todayOf(tx, organizationId, now);
  if (promisedOn < today || promisedOn > addDays(today, longest_days)) {
    throw new Refusal('invalid_request', {
      message: `A promise is for a day from today, ${today}, to a year from now.`,
      param: 'promised_on',
    });
  }
  const amount = input.amount ?? invoice.balanceDue;
  if (amount > invoice.balanceDue) {
    throw new Refusal('amount_too_large', {
      message: 'More is promised than is due. Give at most the balance due.',
      param: 'amount',
    });
  }
  const id = newId('promiseToPay');
  const about = { subjectId: invoiceId, customerId: invoice.customerId };
  const replaced = await tx.rows<{
    id: string;
  }>(sql`update promises_to_pay set state = 'withdrawn', ended_at = ${now}
    where organization_id = ${organizationId} and invoice_id = ${invoiceId} and state = 'open' returning id`);
  await tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state,
      note, paid_before, created_at)
    values (${organizationId}, ${id}, ${invoice.customerId}, ${invoiceId}, ${amount}, ${promisedOn}, 'open', ${note},
      ${invoice.applied + invoice.credited}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    ...replaced.map((old) => ({
      ...about,
      type: 'promise.withdrawn',
      data: { promise_id: old.id, number: invoice.number, replaced: true },
    })),
    {
      ...about,
      type: 'promise.made',
      data: {
        promise_id: id,
        number: invoice.number,
        amount,
        promised_on: promisedOn,
        ...(note ? { note } : {}),
      },
    },
  ]);
  await finishTasksOf(tx, actor, { organizationId, invoiceId, kinds: ['broken_promise'] }, now);
  await refreshWorklist(tx, { organizationId, customerIds: [invoice.customerId], today }, now);
  return { promiseId: id };
}

/** Take an open promise back: chasing goes on at once. */
export async function withdrawPromise(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; promiseId: string },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { organizationId, promiseId } = input;
  const promise = await tx.row<{ invoiceId: string; customerId: string; state: string; number: string }>(sql`
    select p.invoice_id, p.customer_id, p.state, i.number from promises_to_pay p
    join invoices i on i.organization_id = p.organization_id and i.id = p.invoice_id
    where p.organization_id = ${organizationId} and p.id = ${promiseId} for update of p`);
  if (!promise) throw notFound('promise to pay', promiseId);
  if (promise.state !== 'open')
    throw new Refusal('state_refused', `This promise is ${promise.state} already.`);
  const { invoiceId, customerId, number } = promise;
  await tx.run(sql`update promises_to_pay set state = 'withdrawn', ended_at = ${now}
    where organization_id = ${organizationId} and id = ${promiseId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'promise.withdrawn', subjectId: invoiceId, customerId, data: { promise_id: promiseId, number } },
  ]);
  const today = await todayOf(tx, organizationId, now);
  await refreshWorklist(tx, { organizationId, customerIds: [customerId], today }, now);
  return { invoiceId };
}
