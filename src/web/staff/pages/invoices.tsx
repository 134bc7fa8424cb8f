import { useSearch } from '@tanstack/react-router';
import { InvoicesPage } from '#features/invoices/ui/staff/invoices-page.tsx';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { NewInvoicePage } from '#features/invoices/ui/staff/new-invoice-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Invoices() {
  const search = useSearch({ strict: false }) as InvoicesSearch;
  return <InvoicesPage search={search} onSearch={useSearchChange()} />;
}

export function NewInvoice() {
  const { customer_id: customerId } = useSearch({ strict: false }) as { customer_id?: string };
  return <NewInvoicePage customerId={customerId} />;
}
