import { IconBuildingBank } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { getCustomer, listCustomers } from '#features/customers/api.ts';
import { listPayments } from '#features/payments/api.ts';
import { PaymentTable } from '#features/payments/ui/staff/payment-table.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { call } from '#ui/call.ts';
import { DateField, PickField } from '#ui/fields.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Pager } from '#ui/pager.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type PaymentsSearch = { q?: string; status?: 'in_progress' | 'succeeded' | 'failed'; customer_id?: string; from?: string; to?: string };
type Change = (change: { [K in keyof PaymentsSearch]?: PaymentsSearch[K] | undefined }) => void;
type Props = { search: PaymentsSearch; onSearch: Change; actions?: ReactNode };

const views = [
  { value: 'all', label: 'All' }, { value: 'in_progress', label: 'In progress' }, { value: 'succeeded', label: 'Succeeded' }, { value: 'failed', label: 'Failed' },
] as const;

export function PaymentsPage({ search, onSearch, actions }: Props) {
  const trail = useTrail();
  const payments = useAsk(listPayments, { query: { ...search, starting_after: trail.after } }, { keep: true });
  const rows = payments.data?.data;
  const filtered = Object.values(search).some(Boolean);
  return (
    <>
      <PageHead title="Payments" actions={actions} />
      <Filters search={search} onSearch={onSearch} />
      <Problem error={payments.error} onRetry={() => void payments.refetch()} />
      {!payments.error && (
        <Sheet flush>
          <PaymentTable rows={rows} empty={filtered
            ? <Empty title="No payment matches" action={<ButtonLink to="/payments" variant="default">Show all payments</ButtonLink>}>Loosen a filter, or look among all of them.</Empty>
            : <Empty title="No payments yet" icon={<IconBuildingBank size={22} stroke={1.5} />} action={<ButtonLink to="/invoices" search={{ status: 'open' }}>Open invoices</ButtonLink>}>
                What customers pay online appears here by itself. A check, cash or a wire is recorded on its invoice.
              </Empty>} />
          {rows && rows.length > 0 && (
            <Pager trail={trail} lastId={rows.at(-1)?.id} hasMore={payments.data?.has_more ?? false} count={rows.length} noun="payment" />
          )}
        </Sheet>
      )}
    </>
  );
}

const findCustomers = async (letters: string) => {
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
        <ListSearch label="Search payments" placeholder="Customer, reference or last four" value={search.q ?? ''} onChange={find} />
        <Chips label="Which payments" value={search.status ?? 'all'} options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })} />
      </div>
      <div className="toolbar second">
        <div className="filter-customer">
          <PickField label="Customer" hideLabel placeholder="Any customer" source="customers" find={findCustomers} value={picked} clearable
            onChange={(choice) => onSearch({ customer_id: choice?.value })} />
        </div>
        <span className="filter-word">Received from</span>
        <DateField aria-label="Received from" value={search.from ?? ''} onChange={(from) => onSearch({ from: from || undefined })} />
        <span className="filter-word">to</span>
        <DateField aria-label="Received to" value={search.to ?? ''} onChange={(to) => onSearch({ to: to || undefined })} />
      </div>
    </>
  );
}
