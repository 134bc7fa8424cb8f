import { Button } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCallback, useState } from 'react';
import { listCustomers } from '#features/customers/api.ts';
import { customerColumns } from '#features/customers/list-column-rules.ts';
import { useCustomerColumns } from '#features/customers/ui/staff/customer-columns.tsx';
import { CustomerDrawer } from '#features/customers/ui/staff/customer-drawer.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { ColumnChooser, chosenColumns } from '#ui/column-chooser.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type CustomersSearch = {
  q?: string;
  status?: 'inactive' | 'all';
  customer_type?: string;
  sort?: '-created_at';
  /** Which columns are shown; undefined: the usual ones. */
  columns?: string;
  add?: 'yes';
};

type Props = {
  search: CustomersSearch;
  onSearch: (change: { [K in keyof CustomersSearch]?: CustomersSearch[K] | undefined }) => void;
  /** What can be done with chosen customers; `wholePage` where there are more like them on other pages. */
  bulk: (choice: { ids: string[]; wholePage: boolean; onClear: () => void }) => ReactNode;
  inviteAll: ReactNode;
  /** Saved views of this list, and what is wrong with the one that is shown. */
  views: ReactNode;
  viewProblems: ReactNode;
  pickType: ReactNode;
};

const views = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'all', label: 'All' },
] as const;

export function CustomersPage({ search, onSearch, bulk, ...rooms }: Props) {
  const { can } = useFrame();
  const trail = useTrail();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const all = useCustomerColumns();
  const { add: adding, columns, ...filters } = search;
  const add = () => onSearch({ add: 'yes' });
  const customers = useAsk(
    listCustomers,
    { query: { ...filters, starting_after: trail.after } },
    { keep: true },
  );
  const rows = customers.data?.data ?? [];
  return (
    <>
      <PageHead
        title="Customers"
        actions={
          <>
            {rooms.views}
            <ColumnChooser
              list={customerColumns}
              columns={all}
              said={columns}
              onChange={(next) => onSearch({ columns: next })}
            />
            <ExportList list="customers" search={filters} />
            {can('customers:write') && rooms.inviteAll}
            {can('customers:write') && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
                Add customer
              </Button>
            )}
          </>
        }
      />
      <Filters search={search} onSearch={onSearch} pickType={rooms.pickType} />
      {rooms.viewProblems}
      <Listing asked={customers} trail={trail} noun="customer">
        <div className="table-scroll">
          <DataTable
            label="Customers"
            columns={chosenColumns(all, columns, customerColumns)}
            rows={customers.data?.data}
            idOf={({ id }) => id}
            linkOf={({ id }) => `/customers/${id}`}
            editOf={({ id }) =>
              can('customers:write') ? { to: `/customers/${id}`, search: { edit: '1' } } : undefined
            }
            nameOf={(customer) => customer.display_name}
            toneOf={({ active }) => (active ? undefined : 'faint')}
            sort={{
              by: search.sort ?? 'display_name',
              change: (by) => onSearch({ sort: by === '-created_at' ? by : undefined }),
            }}
            selection={{ ids: chosen, change: setChosen }}
            empty={<NoCustomers search={search} onAdd={add} />}
          />
        </div>
      </Listing>
      {bulk({
        ids: [...chosen],
        wholePage: Boolean(customers.data?.has_more || trail.prev) && rows.every(({ id }) => chosen.has(id)),
        onClear: () => setChosen(new Set()),
      })}
      <CustomerDrawer opened={adding === 'yes'} onClose={() => onSearch({ add: undefined })} />
    </>
  );
}

function Filters({ search, onSearch, pickType }: Pick<Props, 'search' | 'onSearch' | 'pickType'>) {
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  return (
    <div className="toolbar">
      <ListSearch
        label="Search customers"
        placeholder="Name, e-mail or your id"
        value={search.q ?? ''}
        onChange={find}
      />
      <Chips
        label="Which customers"
        value={search.status ?? 'active'}
        options={views}
        onChange={(status) => onSearch({ status: status === 'active' ? undefined : status })}
      />
      {pickType}
    </div>
  );
}

function NoCustomers({ search, onAdd }: { search: CustomersSearch; onAdd: () => void }) {
  const { can } = useFrame();
  if (search.q || search.status || search.customer_type)
    return (
      <Empty
        title="No customer matches"
        action={
          <ButtonLink to="/customers" search={{ status: 'all' }} variant="default">
            Show all customers
          </ButtonLink>
        }
      >
        Try fewer letters, or look among all of them.
      </Empty>
    );
  return (
    <Empty
      title="No customers yet"
      icon={<IconUsers size={22} stroke={1.5} />}
      action={
        can('customers:write') && (
          <>
            <ButtonLink to="/imports/new" search={{ kind: 'customers' }}>
              Import a file
            </ButtonLink>
            <Button variant="default" onClick={onAdd}>
              Add one by hand
            </Button>
          </>
        )
      }
    >
      Bring them in from the system you use today, or add the first by hand. An invoice needs a customer to go
      to.
    </Empty>
  );
}
