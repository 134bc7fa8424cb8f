import { sql } from 'kysely';
import type { Outbox } from '#features/correspondence/outbox.ts';
import {
  type NewMessage,
  type QueuedMessage,
  queueMessages,
} from '#features/correspondence/queue-messages.ts';
import { sendInvoice } from '#features/invoices/send-invoice.ts';
import { type Books, given, secrets } from './given.ts';

export const outbox: Outbox = {
  baseUrl: 'https://owed.test',
  host: 'owed.test',
  hasSmtp: true,
  fromEmail: 'no-reply@owed.test',
};
export const makings = { secrets, outbox };

export type StoredMail = {
  id: string;
  kind: string;
  state: string;
  toEmails: string[];
  ccEmails: string[];
  subject: string;
  html: string;
  text: string;
  invoiceId: string | null;
};

/** Every message of an organization, as it is stored, oldest first. */
export const mailsOf = (books: Books): Promise<StoredMail[]> =>
  books.tx((tx) =>
    tx.rows<StoredMail>(
      sql`select * from messages where organization_id = ${books.organizationId} order by id`,
    ),
  );

export const setOrganization = (books: Books, assignment: ReturnType<typeof sql>) =>
  books.tx((tx) => tx.run(sql`update organizations set ${assignment} where id = ${books.organizationId}`));

/** A customer whose name is a trap, with copies to the bookkeeper, and an invoice over 120.50. */
export async function invoiceOfAna(amount = 12_050n) {
  const books = await given.organization();
  const customerId = await given.customer(books, {
    displayName: 'Ana & <b>Sons</b>',
    firstName: 'Ana',
    email: 'ana@example.com',
    ccEmails: ['books@example.com', 'ANA@example.com'],
  });
  const invoiceId = await given.invoice(books, customerId, amount, {
    invoiceDate: '2026-03-01',
    dueDate: '2026-03-31',
    number: 'A-7',
  });
  return { books, customerId, invoiceId };
}

export const mailInvoice = (
  books: Books,
  invoiceId: string,
  change: Partial<Parameters<typeof sendInvoice>[2]> = {},
) =>
  books.tx((tx) =>
    sendInvoice(
      tx,
      books.actor,
      { ...makings, organizationId: books.organizationId, invoiceId, ...change },
      books.now,
    ),
  );

/** A message by hand, the least there is. */
export const queueMail = async (books: Books, change: Partial<NewMessage> = {}, box = outbox) => {
  const [queued] = await books.tx((tx) =>
    queueMessages(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        outbox: box,
        messages: [
          {
            kind: 'invoice',
            to: ['ana@example.com'],
            subject: 'Hello',
            html: '<p>Hello</p>',
            text: 'Hello',
            ...change,
          },
        ],
      },
      books.now,
    ),
  );
  return queued as QueuedMessage;
};
