import { IconBuildingBank } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ExportChosen } from '#features/downloads/ui/staff/export-chosen.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listPayments } from '#features/payments/report/api.ts';
import { columnsOfView } from '#features/payments/report-rules.ts';
import { PaymentFilters, type PaymentsSearch } from '#features/payments/ui/staff/payment-filters.tsx';
import { PaymentTable } from '#features/payments/ui/staff/payment-table.tsx';
import { PaymentTotals } from '#features/payments/ui/staff/payment-totals.tsx';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Props = {
  search: PaymentsSearch;
  onSearch: (change: { [K in keyof PaymentsSearch]?: PaymentsSearch[K] | undefined }) => void;
  /** Of rooms that this one does not know. */
  pickCustomer: Picker;
  pickGateway: Picker;
  /** What can be done with chosen payments. */
  bulk: (payments: Payment[], onDone: () => void) => ReactNode;
  /** Saved views of this list. */
  views: ReactNode;
  /** Word of what comes back. */
  above: ReactNode;
  below: ReactNode;
};

const none: ReadonlySet<string> = new Set();

/** The report of all payments, whatever their source: what they came to, and what is to be done. */
export function PaymentsPage({ search, bulk, views, above, below, ...filters }: Props) {
  const { can } = useFrame();
  // With another filter nothing is ticked: what is not seen is neither acted on nor in the file.
  const filter = JSON.stringify(search);
  const [ticked, setTicked] = useState<{ filter: string; ids: ReadonlySet<string> }>();
  const chosen = ticked?.filter === filter ? ticked.ids : none;
  const setChosen = (ids: ReadonlySet<string>): void => setTicked({ filter, ids });
  const trail = useTrail();
  const payments = useAsk(
    listPayments,
    { query: { ...search, starting_after: trail.after } },
    { keep: true },
  );
  const rows = payments.data?.data;
  return (
    <>
      <PageHead
        title="Payments"
        actions={
          <>
            {views}
            <ExportList
              list="payments"
              search={search}
              parts={{
                list: 'refunds',
                word: 'Refunds',
                search: { customer_id: search.customer_id, from: search.from, to: search.to },
              }}
            />
          </>
        }
      />
      {above}
      <PaymentFilters search={search} {...filters} />
      <Listing asked={payments} trail={trail} noun="payment">
        {rows && rows.length > 0 && <PaymentTotals search={search} />}
        <PaymentTable
          rows={rows}
          columns={columnsOfView[search.status ?? 'all']}
          selection={{ ids: chosen, change: setChosen }}
          empty={<NoPayments search={search} />}
        />
      </Listing>
      {below}
      <SelectionBar count={chosen.size} noun="payment" onClear={() => setChosen(none)}>
        {can('payments:write') &&
          bulk(
            (rows ?? []).filter(({ id }) => chosen.has(id)),
            () => setChosen(none),
          )}
        <ExportChosen list="payments" search={search} ids={[...chosen]} />
      </SelectionBar>
    </>
  );
}

const nothing: Partial<Record<NonNullable<PaymentsSearch['status']>, [title: string, text: string]>> = {
  in_progress: [
    'Nothing is under way',
    'Bank debits wait here until they settle, and charges until the gateway answers.',
  ],
  unanswered: ['The gateway answered every charge', 'A charge that it was asked about in vain stands here.'],
  rejected: [
    'Nothing was rejected',
    'Declined cards and returned bank debits appear here, with what to do about each.',
  ],
  voided: ['Nothing was voided', 'Payments that were taken back before they settled appear here.'],
};

function NoPayments({ search }: { search: PaymentsSearch }) {
  const { status, ...narrower } = search;
  const isFiltered = Object.values(narrower).some(Boolean);
  const quiet = status && !isFiltered ? nothing[status] : undefined;
  if (quiet) return <Empty title={quiet[0]}>{quiet[1]}</Empty>;
  if (status || isFiltered) {
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
