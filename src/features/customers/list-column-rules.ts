import type { ListColumns } from '#lib/list-columns.ts';

/** The columns of the customers list, in their order. */
export const customerColumns = {
  always: 'name',
  usual: ['email', 'portal', 'past', 'open'],
  more: ['type', 'phone', 'external', 'added'],
} as const satisfies ListColumns;
