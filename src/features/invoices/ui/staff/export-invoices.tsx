import { listInvoices } from '#features/invoices/api.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { toDecimal } from '#lib/money.ts';
import { call } from '#ui/call.ts';
import type { ExportColumn } from '#ui/export-button.tsx';
import { ExportButton } from '#ui/export-button.tsx';

const columns: ExportColumn<Invoice>[] = [
  ['Number', ({ number }) => number],
  ['Customer', ({ customer_name: name }) => name],
  ['State', ({ state }) => state],
  ['Invoice date', ({ invoice_date: date }) => date],
  ['Due date', ({ due_date: date }) => date],
  ['Days late', ({ days_late: days }) => String(days)],
  ['PO number', ({ po_number: number }) => number ?? ''],
  ['Currency', ({ currency }) => currency],
  ['Total', ({ total, fees, currency }) => toDecimal(total + fees, currency)],
  ['Paid', ({ applied, currency }) => toDecimal(applied, currency)],
  ['Balance due', ({ balance_due: due, currency }) => toDecimal(due, currency)],
];

export function ExportInvoices({ search }: { search: InvoicesSearch }) {
  return (
    <ExportButton
      fileName="invoices.csv"
      columns={columns}
      page={(after) => call(listInvoices, { query: { ...search, limit: 100, starting_after: after } })}
    />
  );
}
