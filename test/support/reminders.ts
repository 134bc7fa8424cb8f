import { sql } from 'kysely';
import type { createCustomers } from '#features/customers/create-customers.ts';
import type { InvoiceInput } from '#features/invoices/compose-draft.ts';
import { readPolicies } from '#features/reminders/read-policies.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { updatePolicy } from '#features/reminders/save-policy.ts';
import { noWords, type Step } from '#features/reminders/step-rules.ts';
import { addDays } from '#lib/dates.ts';
import { type Books, given } from './given.ts';
import { makings } from './mails.ts';

export { addDays as on };

type NewCustomer = Partial<Parameters<typeof createCustomers>[2]['customers'][0]>;

/** An organization that is live, with one customer and one open invoice. */
export async function reminded(invoice: Partial<InvoiceInput> = {}, customer: NewCustomer = {}) {
  const books = await live();
  const customerId = await given.customer(books, {
    displayName: 'Ana & Sons',
    firstName: 'Ana',
    email: 'ana@example.com',
    ...customer,
  });
  const invoiceId = await owing(books, customerId, invoice);
  return { books, customerId, invoiceId };
}

export async function live(given_: Parameters<typeof given.organization>[0] = {}): Promise<Books> {
  const books = await given.organization(given_);
  await set(books, sql`automatic_messages_since = '2020-01-01T00:00:00Z'`);
  return books;
}

export const owing = (books: Books, customerId: string, invoice: Partial<InvoiceInput> = {}) =>
  given.invoice(books, customerId, 12_050n, { invoiceDate: '2020-01-01', dueDate: '2026-03-31', ...invoice });

type Assignment = ReturnType<typeof sql>;
export const set = (books: Books, assignment: Assignment) =>
  books.tx((tx) => tx.run(sql`update organizations set ${assignment} where id = ${books.organizationId}`));
export const setCustomer = (books: Books, id: string, assignment: Assignment) =>
  books.tx((tx) =>
    tx.run(
      sql`update customers set ${assignment} where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );
export const setInvoice = (books: Books, id: string, assignment: Assignment) =>
  books.tx((tx) =>
    tx.run(
      sql`update invoices set ${assignment} where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );

/** The reminders of one day, at three in the afternoon. */
export const remindDay = (books: Books, today: string): Promise<void> =>
  remindersOfDay({ ...makings, db: books.db }).run({
    organizationId: books.organizationId,
    today,
    now: new Date(`${today}T15:00:00Z`),
  });

export type StepGiven = Pick<Step, 'type' | 'dayOffset'> & Partial<Step>;
export const step = (given_: StepGiven): Omit<Step, 'id'> => ({
  everyDays: null,
  untilDaysLate: null,
  isFormal: false,
  ...noWords,
  ...given_,
});

/** Other steps for the default policy; answers its id and those of its steps. */
export const setSteps = (books: Books, steps: readonly StepGiven[], change: { oneMessage?: boolean } = {}) =>
  books.tx(async (tx) => {
    const { organizationId } = books;
    const [policy] = await readPolicies(tx, organizationId);
    return updatePolicy(
      tx,
      books.actor,
      { organizationId, id: policy?.id ?? '', change: { ...change, steps: steps.map(step) } },
      books.now,
    );
  });

export type ReminderRow = {
  invoiceId: string;
  stepId: string;
  dueOn: string;
  messageType: string;
  state: string;
  heldBy: string | null;
  heldOn: string | null;
  sentOn: string | null;
  messageIds: string[];
};

/** Every reminder of the organization, sent or held, in the order of the days they fell due. */
export const remindersOf = (books: Books): Promise<ReminderRow[]> =>
  books.tx((tx) =>
    tx.rows<ReminderRow>(sql`select * from reminders where organization_id = ${books.organizationId}
      order by due_on, id`),
  );

/** What went, as `2026-04-07 upcoming_payment`. */
export const wentOf = async (books: Books): Promise<string[]> =>
  (await remindersOf(books))
    .filter(({ state }) => state === 'sent')
    .map(({ sentOn, messageType }) => `${sentOn} ${messageType}`)
    .sort();

/** One day after the other, up to and with the last. */
export async function remindThrough(books: Books, first: string, last: string): Promise<void> {
  for (let day = first; day <= last; day = addDays(day, 1)) await remindDay(books, day);
}
