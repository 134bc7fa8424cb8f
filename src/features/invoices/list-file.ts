import { currency, type ListAsk, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/invoices/api.ts';
import { linesOfInvoices } from '#features/invoices/lines-of-invoices.ts';
import { listInvoices, presentInvoice } from '#features/invoices/queries.ts';
import type { Line } from '#features/invoices/rules.ts';
import { camel } from '#lib/casing.ts';
import { toDecimal } from '#lib/money.ts';

async function read({ tx, organization, today, query, ids }: ListAsk<typeof api.listInvoices>) {
  const { rows, hasMore } = await listInvoices(tx, organization.id, today, { ...camel(query), ids });
  return { data: rows.map((row) => presentInvoice(row, today)), has_more: hasMore };
}

export const invoicesFile = listFile({ list: api.listInvoices, title: 'Invoices', choosable: true, read })([
  ['Number', 'text', (row) => row.number],
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Invoice date', 'date', (row) => row.invoice_date],
  ['Due date', 'date', (row) => row.due_date],
  ['Days late', 'count', (row) => row.days_late],
  ['PO number', 'text', (row) => row.po_number],
  currency,
  money('Total', (row) => row.total + row.fees),
  money('Paid', (row) => row.applied),
  money('Credited', (row) => row.credited),
  money('Balance due', (row) => row.balance_due),
  ['Last sent', 'date', (row) => row.last_sent_at],
  ['Last viewed', 'date', (row) => row.last_viewed_at],
]);

/** An older line has a rate without a name. */
function taxesSaid({ taxable, taxRate, taxes = [] }: Line): string {
  if (!taxable) return '';
  if (taxes.length > 0) return taxes.map(({ name, percent }) => `${name} ${percent}%`).join('; ');
  return Number(taxRate) === 0 ? '' : `${taxRate}%`;
}

/** The lines of the invoices that the list shows, in its order: one row a line. */
export const invoiceLinesFile = listFile({
  list: api.listInvoices,
  title: 'Invoice lines',
  choosable: true,
  perPage: 100,
  read,
  rowsOf: ({ tx, organization }, invoices) => linesOfInvoices(tx, organization.id, invoices),
})([
  ['Invoice', 'text', (row) => row.invoice.number],
  ['Customer', 'text', (row) => row.invoice.customer_name],
  ['Invoice date', 'date', (row) => row.invoice.invoice_date],
  ['State', 'text', (row) => row.invoice.state],
  ['Line', 'count', (row) => row.lineNo],
  ['Item', 'text', (row) => row.itemName],
  ['Description', 'text', (row) => row.description],
  ['Service date', 'date', (row) => row.serviceDate],
  ['Quantity', 'number', (row) => row.quantity],
  ['Price', 'number', (row) => row.unitPrice],
  ['Discount', 'text', (row) => row.discount],
  ['Taxes', 'text', taxesSaid],
  ['Currency', 'text', (row) => row.invoice.currency],
  ['Amount', 'money', (row) => toDecimal(row.amount, row.invoice.currency)],
]);
