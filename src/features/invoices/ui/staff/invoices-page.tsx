import { IconFileInvoice, IconPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { listCustomers, getCustomer } from '#features/customers/api.ts';
import { listInvoices } from '#features/invoices/api.ts';
import { InvoiceTable } from '#features/invoices/ui/staff/invoice-table.tsx';
import { SendChosen } from '#features/invoices/ui/staff/send-chosen.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { call } from '#ui/call.ts';
import { DateField, PickField } from '#ui/fields.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Pager } from '#ui/pager.tsx';
import { Problem } from '#ui/problem.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Sort = 'invoice_date' | 'due_date' | '-due_date' | '-total' | 'total' | 'number';
export type InvoicesSearch = {
  q?: string; status?: 'open' | 'past_due' | 'draft' | 'closed'; customer_id?: string; due_from?: string; due_to?: string; sort?: Sort;
};
type Change = (change: { [K in keyof InvoicesSearch]?: InvoicesSearch[K] | undefined }) => void;
type Props = { search: InvoicesSearch; onSearch: Change };

const views = [
  { value: 'all', label: 'All' }, { value: 'open', label: 'Open' }, { value: 'past_due', label: 'Past due' },
  { value: 'draft', label: 'Drafts' }, { value: 'closed', label: 'Closed' },
] as const;

export function InvoicesPage({ search, onSearch }: Props) {
  const { can } = useFrame();
  const trail = useTrail();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const invoices = useAsk(listInvoices, { query: { ...search, starting_after: trail.after } }, { keep: true });
  const rows = invoices.data?.data;
  const clear = () => setChosen(new Set());
  const sort = search.sort ?? '-invoice_date';
  return (
    <>
      <PageHead title="Invoices" actions={<>
        {can('imports:write') && <ButtonLink to="/imports/new" search={{ kind: 'invoices' }} variant="default">Import</ButtonLink>}
        {can('invoices:write') && <ButtonLink to="/invoices/new" leftSection={<IconPlus size={16} aria-hidden />}>New invoice</ButtonLink>}
      </>} />
      <Filters search={search} onSearch={onSearch} />
      <Problem error={invoices.error} onRetry={() => void invoices.refetch()} />
      {!invoices.error && (
        <Sheet flush>
          <InvoiceTable rows={rows} sort={{ by: sort, change: (by) => onSearch({ sort: by === '-invoice_date' ? undefined : by as Sort }) }}
            {...(can('invoices:write') ? { selection: { ids: chosen, change: setChosen } } : {})} empty={<NoInvoices search={search} />} />
          {rows && rows.length > 0 && (
            <Pager trail={trail} lastId={rows.at(-1)?.id} hasMore={invoices.data?.has_more ?? false} count={rows.length} noun="invoice" />
          )}
        </Sheet>
      )}
      <SelectionBar count={chosen.size} noun="invoice" onClear={clear}><SendChosen ids={[...chosen]} onDone={clear} /></SelectionBar>
    </>
  );
}

export const findCustomers = async (letters: string) => {
  const found = await call(listCustomers, { query: { q: letters || undefined, limit: 20 } });
  return found.data.map((customer) => ({ value: customer.id, label: customer.display_name }));
};

function Filters({ search, onSearch }: Props) {
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  const customer = useAsk(getCustomer, { params: { id: search.customer_id ?? '' } }, { enabled: Boolean(search.customer_id) });
  const picked = search.customer_id ? { value: search.customer_id, label: customer.data?.display_name ?? 'One customer' } : null;
  return (
    <>
      <div className="toolbar">
        <ListSearch label="Search invoices" placeholder="Number, customer or PO" value={search.q ?? ''} onChange={find} />
        <Chips label="Which invoices" value={search.status ?? 'all'} options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })} />
      </div>
      <div className="toolbar second">
        <div className="filter-customer">
          <PickField label="Customer" hideLabel placeholder="Any customer" source="customers" find={findCustomers} value={picked} clearable
            onChange={(choice) => onSearch({ customer_id: choice?.value })} />
        </div>
        <span className="filter-word">Due from</span>
        <DateField aria-label="Due from" value={search.due_from ?? ''} onChange={(due_from) => onSearch({ due_from: due_from || undefined })} />
        <span className="filter-word">to</span>
        <DateField aria-label="Due to" value={search.due_to ?? ''} onChange={(due_to) => onSearch({ due_to: due_to || undefined })} />
      </div>
    </>
  );
}

function NoInvoices({ search }: { search: InvoicesSearch }) {
  const { can } = useFrame();
  const { sort: _order, ...filters } = search;
  if (Object.values(filters).some(Boolean)) {
    return (
      <Empty title={search.status === 'past_due' ? 'Nothing is past due' : 'No invoice matches'}
        action={<ButtonLink to="/invoices" variant="default">Show all invoices</ButtonLink>}>
        Loosen a filter, or look among all of them.
      </Empty>
    );
  }
  return (
    <Empty title="No invoices yet" icon={<IconFileInvoice size={22} stroke={1.5} />} action={<>
      {can('invoices:write') && <ButtonLink to="/invoices/new">Write an invoice</ButtonLink>}
      {can('imports:write') && <ButtonLink to="/imports/new" search={{ kind: 'invoices' }} variant="default">Import a file</ButtonLink>}
    </>}>
      Write the first one here, or bring what is already owed to you in from a file.
    </Empty>
  );
}
