import { sql } from 'kysely';
import { workDay } from '#features/days/work-day.ts';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { messengerJobs } from '#features/messenger/jobs.ts';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import { dateIn } from '#lib/dates.ts';
import { reactsTo } from '#subscriptions.ts';
import { type Books, given } from './given.ts';
import { makings } from './mails.ts';

/** Books whose messages go out by themselves, from long before. */
export async function liveBooks(): Promise<Books> {
  const books = await given.organization();
  await setRule(books, sql`automatic_messages_since = '2020-01-01'`);
  return books;
}

export const setRule = (books: Books, assignment: ReturnType<typeof sql>) =>
  books.tx((tx) => tx.run(sql`update organizations set ${assignment} where id = ${books.organizationId}`));

export const setCustomer = (books: Books, id: string, assignment: ReturnType<typeof sql>) =>
  books.tx((tx) =>
    tx.run(
      sql`update customers set ${assignment} where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );

/** The messenger's parts of a day, as the worker does them; both at a given moment. */
export async function workMessengerDay(books: Books, now: Date): Promise<void> {
  const { db, organizationId } = books;
  const deps = { ...makings, db };
  const parts = [
    { name: 'new_invoices', run: (day: Parameters<typeof workNewInvoices>[1]) => workNewInvoices(deps, day) },
    { name: 'statements', run: (day: Parameters<typeof workStatements>[1]) => workStatements(deps, day) },
  ];
  await workDay(db, parts, organizationId, now);
}

/** The same without the record of what is done: a doubled scheduler. */
export async function workMessengerAgain(books: Books, now: Date): Promise<void> {
  const deps = { ...makings, db: books.db };
  const day = { organizationId: books.organizationId, now, today: dateIn('America/New_York', now) };
  await workNewInvoices(deps, day);
  await workStatements(deps, day);
}

/** What an invoice says, with one line over another amount or with other fields. */
export async function reviseTo(
  books: Books,
  invoiceId: string,
  change: { amount?: bigint; dueDate?: string; memo?: string },
): Promise<void> {
  const { organizationId, actor, now } = books;
  await books.tx(async (tx) => {
    const [before] = await readRevisable(tx, organizationId, { ids: [invoiceId] }, true);
    const { amount, ...rest } = change;
    const [line] = before?.lines ?? [];
    if (!before || !line) throw new Error('no such invoice');
    const sums =
      amount === undefined ? {} : { total: amount, subtotal: amount, lines: [{ ...line, amount }] };
    const revisions = [{ invoiceId, document: { ...before, ...rest, ...sums } }];
    const [verdict] = await reviseInvoices(tx, actor, { organizationId, revisions }, now);
    if (!verdict?.ok) throw new Error(verdict?.reason);
  });
}

/** What the worker does of the messenger's reactions to everything that has happened to an invoice. */
export async function reactToAll(books: Books, invoiceId: string): Promise<void> {
  const { db, organizationId } = books;
  const jobs = messengerJobs({ ...makings, db });
  const events = await books.tx((tx) =>
    tx.rows<{ id: string; type: string }>(sql`select id, type from events
      where organization_id = ${organizationId} and subject_id = ${invoiceId} order by id`),
  );
  for (const { id, type } of events)
    for (const job of reactsTo(type)) {
      const run = (jobs as Record<string, (payload: object) => Promise<unknown>>)[job];
      await run?.({ organizationId, eventId: id, subjectId: invoiceId });
    }
}
