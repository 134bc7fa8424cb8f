import { useParams, useSearch } from '@tanstack/react-router';
import { BulkBar } from '#features/bulk-actions/ui/staff/bulk-bar.tsx';
import type { InvoicesSearch } from '#features/invoices/ui/staff/invoices-page.tsx';
import { InvoicesPage } from '#features/invoices/ui/staff/invoices-page.tsx';
import { NewInvoicePage } from '#features/invoices/ui/staff/new-invoice-page.tsx';
import { SavedViews, ViewProblems } from '#features/saved-views/ui/staff/saved-views.tsx';
import { formRooms, pickCustomer } from '#web/staff/form-rooms.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

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

export function NewInvoice() {
  const { customer_id: customerId, copy: copyId } = useSearch({ strict: false }) as {
    customer_id?: string;
    copy?: string;
  };
  return <NewInvoicePage customerId={customerId} copyId={copyId} rooms={formRooms} />;
}

export function EditInvoice() {
  const { id = '' } = useParams({ strict: false });
  return <NewInvoicePage draftId={id} rooms={formRooms} />;
}
