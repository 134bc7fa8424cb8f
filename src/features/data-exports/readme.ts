import type { DataExport } from '#features/data-exports/queries.ts';

/** What whoever opens the archive in ten years needs to know. */
export const readme = (
  { withFiles, withPdfs }: DataExport,
  now: Date,
): string => `Owed: everything of one organization
Made ${now.toISOString()}

*.csv         customers, invoices and their lines, payments and what they were applied to, credit memos,
              refunds, deposits, the journal, an index of messages, notes. UTF-8, comma, amounts with a decimal point.
              A cell that a spreadsheet would run as a formula begins with an apostrophe.
import/       customers and issued invoices as the import of Owed reads them: bring customers in first, then
              invoices. Drafts and void invoices are not among them. What was paid or credited comes in as paid;
              discounts on the whole and late fees come in as lines. The same customers then owe the same.
records/      every row as it is kept, one JSON object a line; amounts in minor units (cents). Passwords, keys,
              tokens of payment methods and the texts of messages are not among them.
settings.json what the organization has set.
${withFiles ? 'files/        the files of customers and of their invoices, in a folder for each customer’s id.\n' : ''}${
  withPdfs ? 'invoices/     a PDF of each issued invoice.\n' : ''
}manifest.json each file with its length, its SHA-256 and how many rows it has. All rows are of one moment.
`;
