import * as api from '#features/collections/api.ts';
import { listWorklist, type NextSteps } from '#features/collections/list-worklist.ts';
import { worklistFilter } from '#features/collections/worklist-filter.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';

/** The desk as a file; what comes next by itself is known by another room. */
export const worklistFile = ({ nextSteps }: { nextSteps: NextSteps }) =>
  listFile({
    list: api.listWorklist,
    title: 'Worklist',
    read: ({ tx, actor, organization, today, now, query }) => {
      const page = { organizationId: organization.id, currency: organization.currency, now, today };
      return listWorklist(tx, page, worklistFilter(actor, query), nextSteps);
    },
  })([
    ['Customer', 'text', (row) => row.customer_name],
    [
      'Reasons',
      'text',
      ({ reasons }) => reasons.map(({ kind, words }) => (words ? `${kind}: ${words}` : kind)).join('; '),
    ],
    ['Promised or due on', 'date', ({ reasons }) => reasons.find(({ on }) => on !== null)?.on],
    ['Days late', 'count', (row) => row.days_late],
    currency,
    money('Amount', (row) => row.amount),
    ['Oldest invoice', 'text', (row) => row.invoice?.number],
    ['Open invoices', 'count', (row) => row.invoice?.open_invoices],
    ['Looked after by', 'text', (row) => row.assignee_name],
    ['Phone', 'text', (row) => row.phone],
    ['May not be contacted', 'text', (row) => row.do_not_contact],
    ['Last contact', 'date', (row) => row.last_contact?.at],
    ['What came of it', 'text', (row) => row.last_contact?.outcome],
    ['Next step on', 'date', (row) => row.next_step?.on],
    ['Next step', 'text', (row) => row.next_step?.words],
  ]);
