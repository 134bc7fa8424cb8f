import { sql } from 'kysely';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { sendReceipts } from '#features/payments/send-receipts.ts';
import { sendReturnNotice } from '#features/payments/send-return-notice.ts';
import { type Books, given, secrets } from './given.ts';

export const outbox: Outbox = {
  baseUrl: 'https://owed.test',
  host: 'owed.test',
  hasSmtp: true,
  fromEmail: 'no-reply@owed.test',
};

type Mail = {
  kind: string;
  toEmails: string[];
  ccEmails: string[];
  subject: string;
  text: string;
  html: string;
};
export const mailsOf = (books: Books) =>
  books.tx((tx) =>
    tx.rows<Mail>(sql`
  select * from messages where organization_id = ${books.organizationId} order by id`),
  );
export const kindsOf = async (books: Books) => (await mailsOf(books)).map((mail) => mail.kind);
export const tell = (books: Books, paymentId: string) =>
  books.tx((tx) =>
    sendReceipts(tx, books.actor, { organizationId: books.organizationId, paymentId, outbox }, books.now),
  );
export const tellReturn = (books: Books, paymentId: string) =>
  books.tx((tx) =>
    sendReturnNotice(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, outbox, secrets },
      books.now,
    ),
  );

/** Ben owes 100.00, pays 40.00, and his business is told of what comes in. */
export async function ben(change: { sendReceipts?: boolean; email?: string | null } = {}) {
  const books = await given.organization();
  await books.tx((tx) =>
    tx.run(sql`update organizations set notify_emails = array['office@fern.example', 'boss@fern.example']
    where id = ${books.organizationId}`),
  );
  const customerId = await given.customer(books, {
    email: 'ben@example.com',
    ccEmails: ['books@example.com'],
    firstName: 'Ben',
    ...change,
  });
  const invoiceId = await given.invoice(books, customerId, 10_000n, {
    number: 'B-1',
    invoiceDate: '2026-03-01',
    dueDate: '2026-03-31',
  });
  const money = {
    customerId,
    amount: 4_000n,
    applications: [{ invoiceId, amount: 4_000n }],
    sendReceipt: true,
  };
  return { books, customerId, invoiceId, money };
}
