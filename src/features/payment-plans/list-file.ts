import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/payment-plans/api.ts';
import { listPlans } from '#features/payment-plans/queries.ts';
import { camel } from '#lib/casing.ts';

export const paymentPlansFile = listFile({
  list: api.listPlans,
  title: 'Payment plans',
  read: ({ tx, organization, query }) => {
    const { pending, ...filter } = camel(query);
    return listPlans(tx, organization.id, {
      ...filter,
      ...(pending === 'true' ? { state: 'requested' } : {}),
    });
  },
})([
  ['Id', 'text', (row) => row.id],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Proposed by', 'text', (row) => (row.by_staff ? 'Staff' : 'Customer')],
  currency,
  money('Total', (row) => row.total),
  money('Down payment', (row) => row.down_payment),
  ['Cadence', 'text', (row) => row.cadence],
  ['Installments', 'count', (row) => row.installments],
  ['First on', 'date', (row) => row.first_on],
  ['Reason', 'text', (row) => row.reason],
  ['Asked for', 'date', (row) => row.created_at],
  ['Active since', 'date', (row) => row.activated_at],
  ['Ended', 'date', (row) => row.ended_at],
]);
