import * as api from '#features/chargebacks/api.ts';
import { listChargebacks } from '#features/chargebacks/queries.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

export const chargebacksFile = listFile({
  list: api.listChargebacks,
  title: 'Chargebacks',
  read: ({ tx, organization, query }) => listChargebacks(tx, organization.id, camel(query)),
})([
  ['Reference', 'text', (row) => row.gateway_reference],
  ['Customer', 'text', (row) => row.customer_name],
  ['Payment', 'text', (row) => row.payment_id],
  ['Gateway account', 'text', (row) => row.gateway_name],
  ['State', 'text', (row) => row.state],
  currency,
  money('Amount', (row) => row.amount),
  ['Code', 'text', (row) => row.code],
  ['Reason', 'text', (row) => row.reason],
  ['Opened', 'date', (row) => row.opened_at],
  ['Evidence until', 'date', (row) => row.evidence_due_at],
  ['Evidence sent', 'date', (row) => row.evidence_sent_at],
  ['Closed', 'date', (row) => row.closed_at],
]);
