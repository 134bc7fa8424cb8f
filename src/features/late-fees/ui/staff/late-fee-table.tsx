import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { zForecastFee } from '#features/late-fees/api.ts';
import { type LateFeeShown, LateFeeState } from '#features/late-fees/ui/staff/late-fee-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { State } from '#ui/state.tsx';

type Forecast = z.output<typeof zForecastFee>;
type Named = { invoice_number: string; customer_name: string; amount: bigint; currency: string };

/** What both tables say of a fee. */
function useNaming<Row extends Named>(): Column<Row>[] {
  const { money } = useFrame();
  return [
    {
      key: 'invoice',
      title: 'Invoice',
      slot: 'title',
      width: '140px',
      cell: ({ invoice_number: number }) => <span className="num">{number}</span>,
    },
    { key: 'customer', title: 'Customer', slot: 'detail', cell: ({ customer_name: name }) => name },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: ({ amount, currency }) => <span className="num">{money(amount, currency)}</span>,
    },
  ];
}

export function LateFeeTable({
  rows,
  empty,
}: {
  rows: readonly LateFeeShown[] | undefined;
  empty: ReactNode;
}) {
  const { date } = useFrame();
  const [invoice, customer, amount] = useNaming<LateFeeShown>() as [
    Column<LateFeeShown>,
    Column<LateFeeShown>,
    Column<LateFeeShown>,
  ];
  const columns: Column<LateFeeShown>[] = [
    invoice,
    customer,
    {
      key: 'day',
      title: 'Fell due',
      slot: 'detail',
      width: '130px',
      cell: (fee) => <span className="num">{date(fee.fell_due_on)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '120px',
      cell: (fee) => <LateFeeState fee={fee} />,
    },
    { key: 'reason', title: 'Reason', slot: 'wide-only', cell: ({ reason }) => reason },
    amount,
  ];
  return (
    <DataTable
      label="Late fees"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ invoice_id: id }) => `/invoices/${id}`}
      nameOf={({ invoice_number: number }) => number}
      toneOf={({ state }) => (state === 'removed' ? 'faint' : undefined)}
      empty={empty}
    />
  );
}

export function ForecastTable({ rows, empty }: { rows: readonly Forecast[] | undefined; empty: ReactNode }) {
  const { date } = useFrame();
  const [invoice, customer, amount] = useNaming<Forecast>() as [
    Column<Forecast>,
    Column<Forecast>,
    Column<Forecast>,
  ];
  const columns: Column<Forecast>[] = [
    invoice,
    customer,
    {
      key: 'day',
      title: 'Falls due',
      slot: 'detail',
      width: '130px',
      cell: ({ on }) => <span className="num">{date(on)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '140px',
      cell: ({ waived, sequence, booking }) =>
        waived ? (
          <State tone="good">Will be waived</State>
        ) : (
          <State tone="neutral">
            {sequence === 1 ? 'First fee' : `Fee ${sequence}`}
            {booking === 'own_invoice' && ', own invoice'}
          </State>
        ),
    },
    amount,
  ];
  return (
    <DataTable
      label="Late fees to be posted"
      columns={columns}
      rows={rows}
      idOf={({ invoice_id: id, sequence }) => `${id} ${sequence}`}
      linkOf={({ invoice_id: id }) => `/invoices/${id}`}
      nameOf={({ invoice_number: number }) => number}
      empty={empty}
    />
  );
}
