import { IconFileInvoice, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listInvoices } from '#features/invoices/api.ts';
import { invoiceColumns } from '#features/invoices/list-column-rules.ts';
import { InvoiceTable, useInvoiceColumns } from '#features/invoices/ui/staff/invoice-table.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { ColumnChooser } from '#ui/column-chooser.tsx';
import type { Picker } from '#ui/fields.tsx';
import { Chips, DateRange, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { OnlyCurrency } from '#ui/only-currency.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Sort = 'invoice_date' | 'due_date' | '-due_date' | '-total' | 'total' | 'number';
export type InvoicesSearch = {
  q?: string;
  status?: 'open' | 'current' | 'past_due' | 'pending' | 'draft' | 'paid' | 'closed';
  currency?: string;
  customer_id?: string;
  due_from?: string;
  due_to?: string;
  sort?: Sort;
  /** Which columns are shown; undefined: the usual ones. */
  columns?: string;
};
type Change = (change: { [K in keyof InvoicesSearch]?: InvoicesSearch[K] | undefined }) => void;
/** What was chosen: some rows; `wholePage` where there are more like them on other pages. */
export type Choice = { ids: string[]; wholePage: boolean; onClear: () => void };
type Props = {
  search: InvoicesSearch;
  onSearch: Change;
  pickCustomer: Picker;
  bulk: (choice: Choice) => ReactNode;
  /** Saved views of this list, and what is wrong with the one that is shown. */
  views: ReactNode;
  viewProblems: ReactNode;
};

const views = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'current', label: 'Current' },
  { value: 'past_due', label: 'Past due' },
  { value: 'pending', label: 'Pending' },
  { value: 'draft', label: 'Drafts' },
  { value: 'paid', label: 'Paid' },
  { value: 'closed', label: 'Closed' },
] as const;

export function InvoicesPage({ search, onSearch, pickCustomer, bulk, views: saved, viewProblems }: Props) {
  const { can } = useFrame();
  const { columns, ...asked } = search;
  const all = useInvoiceColumns();
  const trail = useTrail();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const invoices = useAsk(listInvoices, { query: { ...asked, starting_after: trail.after } }, { keep: true });
  const rows = invoices.data?.data ?? [];
  return (
    <>
      <PageHead
        title="Invoices"
        actions={
          <>
            {saved}
            <ColumnChooser
              list={invoiceColumns}
              columns={all}
              said={columns}
              onChange={(next) => onSearch({ columns: next })}
            />
            <ExportList
              list="invoices"
              search={asked}
              parts={{ list: 'invoice_lines', word: 'Lines', search: asked }}
            />
            {can('imports:write') && (
              <ButtonLink to="/imports/new" search={{ kind: 'invoices' }} variant="default">
                Import
              </ButtonLink>
            )}
            {can('invoices:write') && (
              <ButtonLink to="/invoices/new" leftSection={<IconPlus size={16} aria-hidden />}>
                New invoice
              </ButtonLink>
            )}
          </>
        }
      />
      <Filters search={search} onSearch={onSearch} pickCustomer={pickCustomer} />
      {viewProblems}
      <Listing asked={invoices} trail={trail} noun="invoice">
        <div className="table-scroll">
          <InvoiceTable
            rows={invoices.data?.data}
            columns={columns}
            sort={{
              by: search.sort ?? '-invoice_date',
              change: (by) => onSearch({ sort: by === '-invoice_date' ? undefined : (by as Sort) }),
            }}
            selection={{ ids: chosen, change: setChosen }}
            empty={<NoInvoices search={search} />}
          />
        </div>
      </Listing>
      {bulk({
        ids: [...chosen],
        wholePage: Boolean(invoices.data?.has_more || trail.prev) && rows.every(({ id }) => chosen.has(id)),
        onClear: () => setChosen(new Set()),
      })}
    </>
  );
}

function Filters({ search, onSearch, pickCustomer }: Pick<Props, 'search' | 'onSearch' | 'pickCustomer'>) {
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  return (
    <>
      <div className="toolbar">
        <ListSearch
          label="Search invoices"
          placeholder="Number, customer or PO"
          value={search.q ?? ''}
          onChange={find}
        />
        <Chips
          label="Which invoices"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <div className="toolbar second">
        <OnlyCurrency currency={search.currency} onClear={() => onSearch({ currency: undefined })} />
        <div className="filter-customer">
          {pickCustomer({
            id: search.customer_id,
            onChange: (customer_id) => onSearch({ customer_id }),
            label: 'Customer',
            hideLabel: true,
            placeholder: 'Any customer',
            clearable: true,
          })}
        </div>
        <DateRange
          word="Due"
          from={search.due_from}
          to={search.due_to}
          onChange={({ from, to }) => onSearch({ due_from: from, due_to: to })}
        />
      </div>
    </>
  );
}

function NoInvoices({ search }: { search: InvoicesSearch }) {
  const { can } = useFrame();
  const { sort: _order, columns: _shown, ...filters } = search;
  if (Object.values(filters).some(Boolean)) {
    return (
      <Empty
        title={search.status === 'past_due' ? 'Nothing is past due' : 'No invoice matches'}
        action={
          <ButtonLink to="/invoices" variant="default">
            Show all invoices
          </ButtonLink>
        }
      >
        Loosen a filter, or look among all of them.
      </Empty>
    );
  }
  return (
    <Empty
      title="No invoices yet"
      icon={<IconFileInvoice size={22} stroke={1.5} />}
      action={
        <>
          {can('invoices:write') && <ButtonLink to="/invoices/new">Write an invoice</ButtonLink>}
          {can('imports:write') && (
            <ButtonLink to="/imports/new" search={{ kind: 'invoices' }} variant="default">
              Import a file
            </ButtonLink>
          )}
        </>
      }
    >
      Write the first one here, or bring what is already owed to you in from a file.
    </Empty>
  );
}
