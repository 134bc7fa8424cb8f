import * as api from '#features/credit-memos/api.ts';
import { listCreditMemos } from '#features/credit-memos/queries.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

export const creditMemosFile = listFile({
  list: api.listCreditMemos,
  title: 'Credit memos',
  read: ({ tx, organization, query }) => listCreditMemos(tx, organization.id, camel(query)),
})([
  ['Number', 'text', (row) => row.number],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Date', 'date', (row) => row.memo_date],
  ['Reason', 'text', (row) => row.reason],
  currency,
  money('Subtotal', (row) => row.subtotal),
  money('Tax', (row) => row.tax),
  money('Total', (row) => row.total),
  money('Applied', (row) => row.applied),
  money('Available', (row) => row.available),
  ['Issued', 'date', (row) => row.issued_at],
  ['Voided', 'date', (row) => row.voided_at],
]);
