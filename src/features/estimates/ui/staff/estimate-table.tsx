import type { ReactNode } from 'react';
import { type Estimate, EstimateState } from '#features/estimates/ui/staff/estimate-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = { rows: readonly Estimate[] | undefined; ofOneCustomer?: boolean; empty: ReactNode };

export function EstimateTable({ rows, ofOneCustomer = false, empty }: Props) {
  const { money, date, can } = useFrame();
  const columns: Column<Estimate>[] = [
    {
      key: 'number',
      title: 'Estimate',
      slot: 'title',
      width: '130px',
      cell: ({ number }) => <span className="num">{number}</span>,
    },
    { key: 'customer', title: 'Customer', slot: 'detail', cell: ({ customer_name: name }) => name },
    {
      key: 'date',
      title: 'Date',
      slot: 'detail',
      width: '120px',
      cell: (estimate) => <span className="num">{date(estimate.estimate_date)}</span>,
    },
    {
      key: 'expires',
      title: 'Valid until',
      slot: 'wide-only',
      width: '120px',
      cell: (estimate) => <span className="num">{date(estimate.expires_on)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '120px',
      cell: ({ state }) => <EstimateState state={state} />,
    },
    {
      key: 'total',
      title: 'Total',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: (estimate) => money(estimate.total, estimate.currency),
    },
  ];
  return (
    <DataTable
      label="Estimates"
      columns={columns.filter(({ key }) => !ofOneCustomer || key !== 'customer')}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/estimates/${id}`}
      editOf={({ id, answer }) =>
        !answer && can('invoices:write') ? { to: `/estimates/${id}/edit` } : undefined
      }
      nameOf={({ number }) => number}
      toneOf={({ state }) => (state === 'declined' || state === 'expired' ? 'faint' : undefined)}
      empty={empty}
    />
  );
}
