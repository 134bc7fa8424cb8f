import * as api from '#features/customers/api.ts';
import { listCustomers } from '#features/customers/queries.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

export const customersFile = listFile({
  list: api.listCustomers,
  title: 'Customers',
  choosable: true,
  read: ({ tx, organization, today, query, ids }) =>
    listCustomers(
      tx,
      { organizationId: organization.id, currency: organization.currency, today },
      { ...camel(query), ids },
    ),
})([
  ['Display name', 'text', (row) => row.display_name],
  ['Your id', 'text', (row) => row.external_id],
  ['Business name', 'text', (row) => row.business_name],
  ['First name', 'text', (row) => row.first_name],
  ['Last name', 'text', (row) => row.last_name],
  ['E-mail', 'text', (row) => row.email],
  ['Copies to', 'text', (row) => row.cc_emails.join('; ')],
  ['Phone', 'text', (row) => row.phone],
  ['Type', 'text', (row) => row.customer_type],
  ['Active', 'text', (row) => (row.active ? 'Y' : 'N')],
  ['Portal', 'text', (row) => row.portal.state],
  ['Added', 'date', (row) => row.created_at],
  currency,
  money('Open', (row) => row.open_balance),
  money('Past due', (row) => row.past_due_balance),
]);
