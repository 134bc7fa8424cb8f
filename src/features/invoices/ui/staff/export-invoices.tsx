import { invoicesCsv, invoicesXlsx } from '#features/invoices/list-files/api.ts';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { urlOf } from '#ui/call.ts';
import { ExportLinks } from '#ui/export-links.tsx';

export const ExportInvoices = ({ search }: { search: InvoicesSearch }) => (
  <ExportLinks csv={urlOf(invoicesCsv, { query: search })} xlsx={urlOf(invoicesXlsx, { query: search })} />
);
