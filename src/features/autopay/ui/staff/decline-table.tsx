import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { zAutopayDecline } from '#features/autopay/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Decline = z.output<typeof zAutopayDecline>;

/** Charges that did not go through, with why and what comes next. */
export function DeclineTable({ rows, empty }: { rows: readonly Decline[] | undefined; empty: ReactNode }) {
  const { money, date } = useFrame();
  const columns: Column<Decline>[] = [
    { key: 'customer', title: 'Customer', slot: 'title', cell: ({ customer_name: name }) => name },
    {
      key: 'day',
      title: 'Tried',
      slot: 'detail',
      width: '120px',
      cell: ({ run_on: on }) => <span className="num">{date(on)}</span>,
    },
    {
      key: 'invoices',
      title: 'Invoices',
      slot: 'wide-only',
      cell: ({ invoices }) => invoices.map(({ number }) => number).join(', '),
    },
    { key: 'method', title: 'Method', slot: 'wide-only', cell: ({ method }) => methodName(method) },
    { key: 'reason', title: 'Why', slot: 'detail', cell: ({ reason }) => reason },
    {
      key: 'next',
      title: 'Next',
      slot: 'state',
      width: '150px',
      cell: ({ next_try_on: on, invoices }) =>
        invoices.every(({ balance_due: due }) => due === 0)
          ? 'Paid since'
          : on
            ? `Again on ${date(on)}`
            : 'Waits for payment',
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: ({ amount, currency }) => <span className="num">{money(amount, currency)}</span>,
    },
  ];
  return (
    <DataTable
      label="Autopay declines"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ payment_id: id, customer_id: customer }) =>
        id ? `/payments/${id}` : `/customers/${customer}`
      }
      nameOf={({ customer_name: name }) => name}
      empty={empty}
    />
  );
}
