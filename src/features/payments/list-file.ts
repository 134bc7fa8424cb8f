import { type FileColumn, listFile } from '#features/downloads/list-file.ts';
import type { Payment } from '#features/payments/api.ts';
import { listPayments } from '#features/payments/list-payments.ts';
import { listPayments as list } from '#features/payments/report/api.ts';
import { fileColumns } from '#features/payments/report-rules.ts';
import { camel } from '#lib/casing.ts';

/** The columns and the order that the page shows. */
export const paymentsFile = listFile({
  list,
  title: 'Payments',
  choosable: true,
  read: ({ tx, organization, query, ids }) => listPayments(tx, organization.id, { ...camel(query), ids }),
})(({ status }) =>
  fileColumns(status === 'undeposited' ? 'all' : status).map(([heading, text, kind]): FileColumn<Payment> => {
    return [heading, kind ?? 'text', text];
  }),
);
