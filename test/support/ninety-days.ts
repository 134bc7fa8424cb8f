import { sql } from 'kysely';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { addDays } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from './given.ts';
import { makings } from './mails.ts';
import { live, owing, type StepGiven, setSteps } from './reminders.ts';

/** A customer whose ninety days are told: from 1 April to 29 June 2026. */
export type Customer = { books: Books; customerId: string; invoices: Map<string, string> };
export const firstDay = '2026-04-01';
export const lastDay = '2026-06-29';

/** A company that is live, its policy, and its customer with invoices as `number: due date`. */
export async function customerWith(
  invoices: Record<string, string>,
  policy: { steps?: readonly StepGiven[]; oneMessage?: boolean } = {},
  given_: Parameters<typeof given.customer>[1] = {},
): Promise<Customer> {
  const books = await live();
  if (policy.steps) await setSteps(books, policy.steps, { oneMessage: policy.oneMessage ?? false });
  return anotherCustomer(books, invoices, { displayName: 'Ana & Sons', email: 'ana@example.com', ...given_ });
}

export async function anotherCustomer(
  books: Books,
  invoices: Record<string, string>,
  given_: Parameters<typeof given.customer>[1],
): Promise<Customer> {
  const customerId = await given.customer(books, given_);
  const customer = { books, customerId, invoices: new Map<string, string>() };
  for (const [number, dueDate] of Object.entries(invoices))
    customer.invoices.set(number, await owing(books, customerId, { number, dueDate }));
  return customer;
}

type Days = Record<string, (customer: Customer) => Promise<unknown>>;

/**
 * Live through the days, each worked at nine in New York, after whatever people do on it. Answers what the
 * customers heard, a line a message: the day, what it said, of which invoices, how, and why it did not go.
 */
export async function ninetyDays(customer: Customer, days: Days = {}): Promise<string[]> {
  const { books } = customer;
  const lateFees: DayPart = { name: 'late_fees', run: (local) => assessLateFees(books.db, local) };
  const parts = [lateFees, remindersOfDay({ ...makings, db: books.db })];
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) {
    const now = new Date(`${day}T13:00:00Z`);
    await days[day]?.({ ...customer, books: { ...books, now } });
    await workDay(books.db, parts, books.organizationId, now);
  }
  return heard(customer);
}

async function heard({ books }: Customer): Promise<string[]> {
  const rows = await books.tx((tx) =>
    tx.rows<{ line: string }>(sql`
      select (m.created_at at time zone 'America/New_York')::date || ' ' || m.kind || ' ' || coalesce((
        select string_agg(i.number, ', ' order by i.number) from events e
        join invoices i on i.organization_id = e.organization_id and i.id = e.subject_id
        where e.organization_id = m.organization_id and e.type = 'invoice.sent' and e.data ->> 'message_id' = m.id),
        (select i.number from invoices i where i.organization_id = m.organization_id and i.id = m.invoice_id))
        || case when m.channel <> 'email' then ', by ' || m.channel else '' end
        || coalesce(', held: ' || m.suppressed_by, '')
        || coalesce((select ', ' || a.file_name from message_attachments a
          where a.organization_id = m.organization_id and a.message_id = m.id), '') as line
      from messages m where m.organization_id = ${books.organizationId} order by m.id`),
  );
  return rows.map(({ line }) => line);
}

const idOf = ({ invoices }: Customer, number: string): string => invoices.get(number) ?? '';

/** What people do in ninety days. */
export const does = {
  pay:
    (number: string, amount = 12_050n) =>
    (customer: Customer) =>
      given.payment(customer.books, {
        ...{ customerId: customer.customerId, amount },
        applications: [{ invoiceId: idOf(customer, number), amount }],
      }),
  promise:
    (number: string, day: string) =>
    ({ books, customerId, ...rest }: Customer) =>
      books.tx((tx) =>
        tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state,
          created_at) values (${books.organizationId}, ${newId('promiseToPay')}, ${customerId},
          ${idOf({ books, customerId, ...rest }, number)}, 12050, ${day}, 'open', ${books.now})`),
      ),
  dispute:
    (number: string) =>
    ({ books, customerId, ...rest }: Customer) =>
      books.tx((tx) =>
        tx.run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, state, created_at)
          values (${books.organizationId}, ${newId('dispute')}, ${customerId},
          ${idOf({ books, customerId, ...rest }, number)}, 'Never delivered', 'open', ${books.now})`),
      ),
  settleDispute: (number: string) => (customer: Customer) =>
    customer.books.tx((tx) =>
      tx.run(sql`update disputes set state = 'resolved', ended_at = ${customer.books.now}
          where organization_id = ${customer.books.organizationId} and invoice_id = ${idOf(customer, number)}`),
    ),
};
