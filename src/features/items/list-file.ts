import { listFile } from '#features/downloads/list-file.ts';
import * as api from '#features/items/api.ts';
import { listItems } from '#features/items/read-items.ts';
import { camel } from '#lib/casing.ts';

export const itemsFile = listFile({
  list: api.listItems,
  title: 'Items',
  read: async ({ tx, organization, query }) => {
    const { rows, hasMore } = await listItems(tx, organization.id, camel(query));
    return { data: rows.map((row) => ({ ...row, currency: organization.currency })), has_more: hasMore };
  },
})([
  ['Name', 'text', (row) => row.name],
  ['Description', 'text', (row) => row.description],
  ['Currency', 'text', (row) => row.currency],
  ['Unit price', 'number', (row) => row.unitPrice],
  ['Taxable', 'text', (row) => (row.taxable ? 'Y' : 'N')],
  ['Active', 'text', (row) => (row.active ? 'Y' : 'N')],
]);
