import { useParams, useSearch } from '@tanstack/react-router';
import { BulkBar } from '#features/bulk-actions/ui/staff/bulk-bar.tsx';
import { AddCustomer } from '#features/customers/ui/staff/add-customer.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { InvoicesPage } from '#features/invoices/ui/staff/invoices-page.tsx';
import { NewInvoicePage } from '#features/invoices/ui/staff/new-invoice-page.tsx';
import { ItemField } from '#features/items/ui/staff/item-field.tsx';
import { SavedViews, ViewProblems } from '#features/saved-views/ui/staff/saved-views.tsx';
import { AddTaxRate } from '#features/taxes/ui/staff/add-tax-rate.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const pickCustomer: Picker = (props) => <CustomerPick {...props} />;

export function Invoices() {
  const search = useSearch({ strict: false }) as InvoicesSearch;
  const { columns: _shown, ...asked } = search;
  const { sort: _order, ...filter } = asked;
  return (
    <InvoicesPage
      search={search}
      onSearch={useSearchChange()}
      pickCustomer={pickCustomer}
      views={<SavedViews list="invoices" search={search} />}
      viewProblems={<ViewProblems list="invoices" search={search} />}
      bulk={({ ids, wholePage, onClear }) => (
        <BulkBar
          key={JSON.stringify(filter)}
          subject="invoices"
          ids={ids}
          asked={asked}
          allBy={wholePage ? { invoice_filter: filter } : undefined}
          onClear={onClear}
        />
      )}
    />
  );
}

const rooms: FormRooms = {
  pickCustomer,
  addCustomer: (onAdded) => <AddCustomer onAdded={onAdded} />,
  item: (field) => <ItemField {...field} />,
  addTaxRate: <AddTaxRate />,
};

export function NewInvoice() {
  const { customer_id: customerId, copy: copyId } = useSearch({ strict: false }) as {
    customer_id?: string;
    copy?: string;
  };
  return <NewInvoicePage customerId={customerId} copyId={copyId} rooms={rooms} />;
}

export function EditInvoice() {
  const { id = '' } = useParams({ strict: false });
  return <NewInvoicePage draftId={id} rooms={rooms} />;
}
