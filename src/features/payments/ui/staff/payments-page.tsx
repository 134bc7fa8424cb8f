import { IconBuildingBank } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { listPayments } from '#features/payments/api.ts';
import { ExportPayments } from '#features/payments/ui/staff/export-payments.tsx';
import { PaymentTable } from '#features/payments/ui/staff/payment-table.tsx';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import type { Picker } from '#ui/fields.tsx';
import { Chips, DateRange, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type PaymentsSearch = {
  q?: string;
  status?: 'in_progress' | 'succeeded' | 'failed';
  customer_id?: string;
  from?: string;
  to?: string;
};
type Change = (change: { [K in keyof PaymentsSearch]?: PaymentsSearch[K] | undefined }) => void;
type FilterProps = { search: PaymentsSearch; onSearch: Change; pickCustomer: Picker };
type Props = FilterProps & {
  /** What can be done with chosen payments. */
  bulk: (payments: Payment[], onDone: () => void) => ReactNode;
  /** Word of what comes back, of a room that this one does not know. */
  above: ReactNode;
  below: ReactNode;
};

const views = [
  { value: 'all', label: 'All' },
  { value: 'in_progress', label: 'In progress' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
] as const;

export function PaymentsPage({ search, onSearch, pickCustomer, bulk, above, below }: Props) {
  const { can } = useFrame();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const trail = useTrail();
  const payments = useAsk(
    listPayments,
    { query: { ...search, starting_after: trail.after } },
    { keep: true },
  );
  return (
    <>
      <PageHead title="Payments" actions={<ExportPayments search={search} />} />
      {above}
      <Filters search={search} onSearch={onSearch} pickCustomer={pickCustomer} />
      <Listing asked={payments} trail={trail} noun="payment">
        <PaymentTable
          rows={payments.data?.data}
          {...(can('payments:write') ? { selection: { ids: chosen, change: setChosen } } : {})}
          empty={<NoPayments filtered={Object.values(search).some(Boolean)} />}
        />
      </Listing>
      {below}
      <SelectionBar count={chosen.size} noun="payment" onClear={() => setChosen(new Set())}>
        {bulk(
          (payments.data?.data ?? []).filter(({ id }) => chosen.has(id)),
          () => setChosen(new Set()),
        )}
      </SelectionBar>
    </>
  );
}

function NoPayments({ filtered }: { filtered: boolean }) {
  if (filtered) {
    const all = (
      <ButtonLink to="/payments" variant="default">
        Show all payments
      </ButtonLink>
    );
    return (
      <Empty title="No payment matches" action={all}>
        Loosen a filter, or look among all of them.
      </Empty>
    );
  }
  const open = (
    <ButtonLink to="/invoices" search={{ status: 'open' }}>
      Open invoices
    </ButtonLink>
  );
  return (
    <Empty title="No payments yet" icon={<IconBuildingBank size={22} stroke={1.5} />} action={open}>
      What customers pay online appears here by itself. A check, cash or a wire is recorded on its invoice.
    </Empty>
  );
}

function Filters({ search, onSearch, pickCustomer }: FilterProps) {
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  return (
    <>
      <div className="toolbar">
        <ListSearch
          label="Search payments"
          placeholder="Customer, reference or last four"
          value={search.q ?? ''}
          onChange={find}
        />
        <Chips
          label="Which payments"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <div className="toolbar second">
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
        <DateRange word="Received" from={search.from} to={search.to} onChange={onSearch} />
      </div>
    </>
  );
}
