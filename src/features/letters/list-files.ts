import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/letters/api.ts';
import { listPaperConflicts, readLettersToPrint } from '#features/letters/queries.ts';
import { camel } from '#lib/casing.ts';

export const lettersToPrintFile = listFile({
  list: api.listLettersToPrint,
  title: 'Letters to print',
  // A file is only read: what is not true any more is held back where the pile is looked at or printed.
  read: ({ tx, organization, query }) => readLettersToPrint(tx, organization.id, camel(query)),
})([
  ['Id', 'text', (row) => row.id],
  ['Subject', 'text', (row) => row.subject],
  ['Name', 'text', (row) => row.name],
  ['Address', 'text', (row) => row.address_lines.join(', ')],
  ['Written', 'date', (row) => row.created_at],
]);

export const paperConflictsFile = listFile({
  list: api.listPaperConflicts,
  title: 'Addresses to confirm',
  read: ({ tx, organization, query }) =>
    listPaperConflicts(
      tx,
      { organizationId: organization.id, currency: organization.currency },
      camel(query),
    ),
})([
  ['Customer', 'text', (row) => row.display_name],
  ['Address', 'text', (row) => row.address_lines.join(', ')],
  ['Finding', 'text', (row) => row.finding?.finding],
  ['Why', 'text', (row) => row.finding?.reason],
  ['Letters waiting', 'count', (row) => row.letters_waiting],
  ['Open invoices', 'count', (row) => row.open_invoices],
  currency,
  money('Open', (row) => row.open_balance),
]);
