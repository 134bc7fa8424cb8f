import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/estimates/api.ts';
import { listEstimates } from '#features/estimates/queries.ts';
import { camel } from '#lib/casing.ts';

export const estimatesFile = listFile({
  list: api.listEstimates,
  title: 'Estimates',
  read: ({ tx, organization, today, query }) => listEstimates(tx, organization.id, today, camel(query)),
})([
  ['Number', 'text', (row) => row.number],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Date', 'date', (row) => row.estimate_date],
  ['Expires on', 'date', (row) => row.expires_on],
  ['PO number', 'text', (row) => row.po_number],
  currency,
  money('Subtotal', (row) => row.subtotal),
  money('Discount', (row) => row.discount),
  money('Tax', (row) => row.tax),
  money('Total', (row) => row.total),
  money('Deposit', (row) => row.deposit),
  ['Billed, percent', 'number', (row) => row.billed_bps / 100],
  ['Sent', 'date', (row) => row.sent_at],
  ['Viewed', 'date', (row) => row.viewed_at],
  ['Answered', 'date', (row) => row.answered_at],
  ['Answered by', 'text', (row) => row.answered_by],
  ['Reason', 'text', (row) => row.reason],
]);
