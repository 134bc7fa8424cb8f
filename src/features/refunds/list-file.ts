import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/refunds/api.ts';
import { listRefunds } from '#features/refunds/queries.ts';
import { camel } from '#lib/casing.ts';

export const refundsFile = listFile({
  list: api.listRefunds,
  title: 'Refunds',
  read: ({ tx, organization, query }) => listRefunds(tx, organization, camel(query)),
})([
  ['Id', 'text', (row) => row.id],
  ['Payment', 'text', (row) => row.payment_id],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  currency,
  money('Amount', (row) => row.amount),
  money('Of it the fee', (row) => row.fee_amount),
  money('Of it unapplied cash', (row) => row.from_unapplied),
  ['By hand', 'text', (row) => (row.by_hand ? 'Y' : 'N')],
  ['Reason', 'text', (row) => row.reason],
  ['Reference', 'text', (row) => row.reference],
  ['Refused because', 'text', (row) => row.failure?.message],
  ['Asked for', 'date', (row) => row.requested_at],
  ['Settled', 'date', (row) => row.settled_at],
]);
