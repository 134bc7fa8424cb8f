import { listFile } from '#features/downloads/list-file.ts';
import * as api from '#features/support/api.ts';
import { listTickets } from '#features/support/queries.ts';
import { camel } from '#lib/casing.ts';

export const ticketsFile = listFile({
  list: api.listTickets,
  title: 'Questions',
  read: ({ tx, organization, query }) =>
    listTickets(tx, { organizationId: organization.id, desk: 'organization', ...camel(query) }),
})([
  ['Number', 'text', (row) => row.number],
  ['State', 'text', (row) => row.state],
  ['Priority', 'text', (row) => row.priority],
  ['About', 'text', (row) => row.category],
  ['Subject', 'text', (row) => row.subject],
  ['Asked by', 'text', (row) => row.asker.name],
  ['E-mail', 'text', (row) => row.asker.email],
  ['Customer', 'text', (row) => row.customer_name],
  ['Invoice', 'text', (row) => row.invoice_number],
  ['Answered by', 'text', (row) => row.assignee_name],
  ['Asked', 'date', (row) => row.created_at],
  ['Last changed', 'date', (row) => row.updated_at],
]);
