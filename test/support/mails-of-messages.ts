import { sql } from 'kysely';
import { testTemplate } from '#features/templates/test-template.ts';
import { type Books, given, later } from './given.ts';
import { agree } from './late-fees.ts';
import { mailInvoice, makings } from './mails.ts';
import { furnish } from './mails-of-money.ts';
import { reactToAll, reviseTo, setRule, workMessengerDay } from './messenger.ts';
import { live, remindDay, setSteps } from './reminders.ts';

/** What goes out by itself of two invoices: new, changed, before and after its day, and paid; a statement; a test. */
export async function mailsOfMessages(): Promise<Books> {
  const books = await live();
  await furnish(books);
  const { organizationId } = books;
  const customerId = await given.customer(books, {
    ...{ displayName: 'Ana & <b>Sons</b>', firstName: 'Ana', email: 'ana@example.com' },
  });
  const dates = { invoiceDate: '2026-03-02', dueDate: '2026-03-10' };
  const late = await given.invoice(books, customerId, 99_999_999n, {
    ...{ ...dates, number: 'A-8', poNumber: 'PO-2026-000118' },
  });
  await reactToAll(books, late);
  await mailInvoice(books, late);
  await reviseTo(books, late, { amount: 99_900_000n });
  await reactToAll(books, late);
  await agree(books, { graceDays: 10 });
  await setSteps(books, [
    { type: 'upcoming_payment', dayOffset: -5 },
    { type: 'payment_due', dayOffset: 0 },
    { type: 'payment_past_due', dayOffset: 7, isFormal: true },
    { type: 'upcoming_late_fee', dayOffset: -3 },
  ]);
  for (const day of ['05', '10', '17', '18']) await remindDay(books, `2026-03-${day}`);
  await setRule(books, sql`statement_day = 19, statements_from = '2026-03-02'`);
  const paid = await given.invoice(books, customerId, 12_050n, { number: 'A-9', dueDate: '2026-04-30' });
  await workMessengerDay(books, later(17 * 86_400));
  await mailInvoice(books, paid);
  await given.payment(books, {
    ...{ customerId, amount: 12_050n, reference: '1042' },
    applications: [{ invoiceId: paid, amount: 12_050n }],
  });
  await reactToAll(books, paid);
  const words = { subject: 'Invoice {{invoice.number}}', body: 'Hello {{customer.first_name}}' };
  const test = { type: 'payment_due', channel: 'email', ...words, to: 'ana@fern.example' } as const;
  await books.tx((tx) => testTemplate(tx, books.actor, { ...makings, organizationId, ...test }, books.now));
  return books;
}
