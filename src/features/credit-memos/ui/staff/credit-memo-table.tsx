import type { ReactNode } from 'react';
import { type CreditMemo, CreditMemoState } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = { rows: readonly CreditMemo[] | undefined; ofOneCustomer?: boolean; empty: ReactNode };

export function CreditMemoTable({ rows, ofOneCustomer = false, empty }: Props) {
  const { money, date, can } = useFrame();
  const columns: Column<CreditMemo>[] = [
    {
      key: 'number',
      title: 'Credit memo',
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
      cell: (memo) => <span className="num">{date(memo.memo_date)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '120px',
      cell: ({ state }) => <CreditMemoState state={state} />,
    },
    {
      key: 'total',
      title: 'Total',
      slot: 'wide-only',
      align: 'end',
      width: '130px',
      cell: (memo) => money(memo.total, memo.currency),
    },
    {
      key: 'available',
      title: 'Available',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: (memo) =>
        memo.available > 0n ? (
          <span className="strong">{money(memo.available, memo.currency)}</span>
        ) : (
          <span className="none">–</span>
        ),
    },
  ];
  return (
    <DataTable
      label="Credit memos"
      columns={columns.filter(({ key }) => !ofOneCustomer || key !== 'customer')}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/credit-memos/${id}`}
      editOf={({ id, state }) =>
        state === 'draft' && can('invoices:write') ? { to: `/credit-memos/${id}/edit` } : undefined
      }
      nameOf={({ number }) => number}
      toneOf={({ state }) => (state === 'void' ? 'faint' : undefined)}
      empty={empty}
    />
  );
}
