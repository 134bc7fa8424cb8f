import { useSearch } from '@tanstack/react-router';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { InvoicesPage } from '#features/invoices/ui/staff/invoices-page.tsx';
import { NewInvoicePage } from '#features/invoices/ui/staff/new-invoice-page.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const pickCustomer: Picker = (props) => <CustomerPick {...props} />;

export function Invoices() {
  const search = useSearch({ strict: false }) as InvoicesSearch;
  return <InvoicesPage search={search} onSearch={useSearchChange()} pickCustomer={pickCustomer} />;
}

export function NewInvoice() {
  const { customer_id: customerId } = useSearch({ strict: false }) as { customer_id?: string };
  return <NewInvoicePage customerId={customerId} pickCustomer={pickCustomer} />;
}
