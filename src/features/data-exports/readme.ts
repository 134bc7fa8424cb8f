import type { DataExport } from '#features/data-exports/queries.ts';

const filesWords = `files/        the files of customers and of their invoices, in a folder for each customer’s id.
messages/     every message as it was written, by month (UTC) and by the ID that messages.csv and records/ name:
              e-mails as .eml with all that they carried, which mail programs open; texts as .txt; letters as
              .html, with the PDF that was printed. Those that were held back or wait are among them: the head of
              each says its state. The words of messages are without their links, which open payers’ accounts, and
              without what tells whether a mail was read. PDFs are as they went, with their link and its code:
              keep the archive where you would keep those.
replies/      what customers sent along with their answers, by the ID of the reply.
tickets/      the files of their questions, by the ID of the ticket.
agreements/   what payers agreed to, word for word, by customer and by the ID of the authorization; the SHA-256 of
              each is its hash in records/authorizations.jsonl. Drawn signatures stand beside it as .png.
formal-reminders/  formal reminders as they went, by customer.
chargebacks/  evidence that was sent, by the ID of the chargeback.
branding/     logo and icon.
`;

const partsWords = `              A folder with very many files goes on in archives of its own, such as messages-2.zip, each with
              the next 2000 and a manifest of them.
`;

/** What whoever opens the archive in ten years needs to know. */
export const readme = (
  { withFiles, withPdfs }: DataExport,
  now: Date,
): string => `Owed: everything of one organization
Made ${now.toISOString()}

*.csv         customers, invoices and their lines, payments and what they were applied to, credit memos,
              refunds, deposits, the journal, an index of messages, notes. UTF-8, comma, amounts with a decimal point.
              A cell that a spreadsheet would run as a formula begins with an apostrophe.
import/       customers, items and issued invoices as the import of Owed reads them: bring customers in first, then
              items, then invoices. The tax rates that items name must be there. Drafts and void invoices are not
              among them. What was paid or credited comes in as paid; discounts on the whole and late fees come
              in as lines. The same customers then owe the same.
records/      every row as it is kept, one JSON object a line; amounts in minor units (cents). Passwords, keys,
              tokens of payment methods and the texts of messages are not among them.
settings.json what the organization has set.
${withFiles ? filesWords : ''}${withPdfs ? 'invoices/     a PDF of each issued invoice.\n' : ''}${
  withFiles || withPdfs ? partsWords : ''
}unreadable.csv  what could not be taken along, or is not what it was, each with the reason. It has one line, its
              heading, where everything is here.
manifest.json each file with its length, its SHA-256 and how many rows it has. All rows are of one moment.
`;
