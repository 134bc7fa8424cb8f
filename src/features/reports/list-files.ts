import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/reports/api.ts';
import { listHeldMail } from '#features/reports/held-mail.ts';
import { listBouncedEmails, listEmailConflicts } from '#features/reports/queries.ts';
import { camel } from '#lib/casing.ts';

export const emailConflictsFile = listFile({
  list: api.listEmailConflicts,
  title: 'E-mail conflicts',
  read: ({ tx, organization, query }) =>
    listEmailConflicts(tx, { organizationId: organization.id, ...camel(query) }),
})([
  ['Customer', 'text', (row) => row.display_name],
  ['Phone', 'text', (row) => row.phone],
  ['Parent', 'text', (row) => row.parent?.display_name],
  ['Sub-customers', 'count', (row) => row.sub_customers],
  ['Open invoices', 'count', (row) => row.open_invoices],
  ['Oldest due date', 'date', (row) => row.oldest_due_date],
  currency,
  money('Open', (row) => row.open_balance),
]);

export const bouncedEmailsFile = listFile({
  list: api.listBouncedEmails,
  title: 'Bounced e-mails',
  read: ({ tx, organization, query }) =>
    listBouncedEmails(tx, { organizationId: organization.id, ...camel(query) }),
})([
  ['Customer', 'text', (row) => row.customer?.display_name],
  ['Did not reach', 'text', (row) => row.emails.join('; ')],
  ['Held back', 'text', (row) => row.held_back.join('; ')],
  ['Kind', 'text', (row) => row.kind],
  ['Subject', 'text', (row) => row.subject],
  ['Invoice', 'text', (row) => row.invoice?.number],
  ['State', 'text', (row) => row.state],
  ['Reason', 'text', (row) => row.reason],
  ['On', 'date', (row) => row.at],
]);

export const heldMailFile = listFile({
  list: api.listHeldMail,
  title: 'Held-back mail',
  read: ({ tx, organization, query }) =>
    listHeldMail(tx, { organizationId: organization.id, ...camel(query) }),
})([
  ['Customer', 'text', (row) => row.display_name],
  ['E-mail', 'text', (row) => row.email],
  ['Mails', 'count', (row) => row.mails],
  ['Newest', 'date', (row) => row.newest_at],
]);
