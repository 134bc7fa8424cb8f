import * as api from '#features/correspondence/api.ts';
import { listMessages } from '#features/correspondence/queries.ts';
import { listFile } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

/**
 * Who was written to about what; the words themselves are in the export of everything. Everyone who may read
 * messages can fetch the file, so it is read as nobody in particular: no mail of the host’s desk is in it.
 */
export const messagesFile = listFile({
  list: api.listMessages,
  title: 'Messages',
  perPage: 50,
  read: ({ tx, organization, query }) => {
    const actor = { kind: 'job', organizationId: organization.id, name: 'list-file' } as const;
    return listMessages(tx, { actor, organization }, camel(query));
  },
})([
  ['Id', 'text', (row) => row.id],
  ['Written', 'date', (row) => row.created_at],
  ['Sent', 'date', (row) => row.sent_at],
  ['Channel', 'text', (row) => row.channel],
  ['Kind', 'text', (row) => row.kind],
  ['State', 'text', (row) => row.state],
  ['To', 'text', (row) => row.to.join('; ')],
  ['Copies to', 'text', (row) => row.cc.join('; ')],
  ['Subject', 'text', (row) => row.subject],
  ['Held back by', 'text', (row) => row.suppressed_by],
  ['What went wrong', 'text', (row) => row.last_error],
  ['Files', 'count', (row) => row.attachments.length],
  ['Customer id', 'text', (row) => row.customer_id],
  ['Invoice id', 'text', (row) => row.invoice_id],
  ['Payment id', 'text', (row) => row.payment_id],
]);
