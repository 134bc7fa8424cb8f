import type { ListColumns } from '#lib/list-columns.ts';

/** The columns of the invoices list, in their order. */
export const invoiceColumns = {
  always: 'number',
  usual: ['customer', 'issued', 'due', 'state', 'total', 'balance'],
  more: ['po', 'terms', 'paid', 'sent', 'viewed'],
} as const satisfies ListColumns;
