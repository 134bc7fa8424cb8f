import { sql } from 'kysely';
import { chasingRests } from '#db/chasing-rests.ts';
import { makePromise } from '#features/collections/make-promise.ts';
import { openDispute } from '#features/collections/open-dispute.ts';
import { tellDesk as tell } from '#features/collections/tell-desk.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { type Books, later } from './given.ts';

export const day_s = 86_400;
// Books begin on 2026-03-02; an invoice is due 30 days later.
export const promiseOf = (books: Books, invoiceId: string, promisedOn: string, amount?: bigint) =>
  books.tx((tx) =>
    makePromise(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId, promisedOn, amount, note: '' },
      books.now,
    ),
  );
export const disputeOf = (books: Books, invoiceId: string, restsUntil: string | null = null) =>
  books.tx((tx) =>
    openDispute(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        invoiceId,
        reason: 'Wrong hours',
        restsUntil,
        byCustomer: true,
      },
      books.now,
    ),
  );
export const today = (days: number) => ({
  today: new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10),
  now: later(days * day_s),
});
export const workDay = (books: Books, days: number) =>
  workPromises({ db: books.db }, { organizationId: books.organizationId, ...today(days) });
export const promiseState = async (books: Books, invoiceId: string) =>
  (
    await books.tx((tx) =>
      tx.rows<{ state: string }>(sql`select state from promises_to_pay
        where organization_id = ${books.organizationId} and invoice_id = ${invoiceId} order by id`),
    )
  ).map(({ state }) => state);
export const tasksOf = (books: Books, customerId: string) =>
  books.tx((tx) =>
    tx.rows<{ id: string; kind: string; title: string; dueOn: string; doneAt: Date | null }>(sql`
      select id, kind, title, due_on, done_at from tasks
      where organization_id = ${books.organizationId} and customer_id = ${customerId} order by id`),
  );
export const rests = async (books: Books, invoiceId: string, days: number) =>
  (
    await books.tx((tx) =>
      tx.row<{ rests: boolean }>(sql`select ${chasingRests('i', today(days).today)} as rests from invoices i
        where i.organization_id = ${books.organizationId} and i.id = ${invoiceId}`),
    )
  )?.rests;
export const listed = async (books: Books, customerId: string) =>
  books.tx((tx) =>
    tx.row<{ rank: bigint; kinds: string[]; amount: bigint }>(sql`select rank, kinds, amount from worklist
      where organization_id = ${books.organizationId} and customer_id = ${customerId}`),
  );
export const tellDesk = (books: Books, subjectId: string) =>
  books.tx((tx) =>
    tell(tx, books.actor, { organizationId: books.organizationId, subjectId, ...today(0) }, books.now),
  );
