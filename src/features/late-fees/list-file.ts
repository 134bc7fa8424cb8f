import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/late-fees/api.ts';
import { presentLateFee } from '#features/late-fees/present.ts';
import { listLateFees } from '#features/late-fees/queries.ts';
import { camel } from '#lib/casing.ts';

export const lateFeesFile = listFile({
  list: api.listLateFees,
  title: 'Late fees',
  read: async ({ tx, organization, query }) => {
    const { rows, hasMore } = await listLateFees(tx, organization.id, camel(query));
    return { data: rows.map(presentLateFee), has_more: hasMore };
  },
})([
  ['Invoice', 'text', (row) => row.invoice_number],
  ['Which of its late fees', 'count', (row) => row.sequence],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Fell due on', 'date', (row) => row.fell_due_on],
  currency,
  money('Amount', (row) => row.amount),
  ['Reason', 'text', (row) => row.reason],
  ['Invoice of its own', 'text', (row) => row.own_invoice_number],
  ['Removed', 'date', (row) => row.removed_at],
]);
