import type { ReactNode } from 'react';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { methodWords, PaymentState } from '#features/payments/ui/staff/payment-words.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Payment[] | undefined;
  empty: ReactNode;
  ofOneCustomer?: boolean;
  selection?: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void };
};

export function PaymentTable({ rows, empty, ofOneCustomer = false, selection }: Props) {
  const { money, date } = useFrame();
  const columns: Column<Payment>[] = [
    { key: 'customer', title: 'Customer', slot: 'title', cell: ({ customer_name: name }) => name },
    {
      key: 'received',
      title: 'Received',
      slot: ofOneCustomer ? 'title' : 'detail',
      width: '130px',
      cell: (payment) => <span className="num">{date(payment.received_on)}</span>,
    },
    {
      key: 'method',
      title: 'Method',
      slot: 'detail',
      cell: (payment) => <span className="num">{methodWords(payment)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '160px',
      cell: ({ state, kind }) => <PaymentState state={state} kind={kind} />,
    },
    {
      key: 'unapplied',
      title: 'Unapplied',
      slot: 'wide-only',
      align: 'end',
      width: '130px',
      cell: ({ unapplied, currency }) =>
        unapplied > 0n ? money(unapplied, currency) : <span className="none">–</span>,
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '140px',
      cell: ({ amount, currency }) => <span className="strong">{money(amount, currency)}</span>,
    },
  ];
  return (
    <DataTable
      label="Payments"
      columns={columns.filter(({ key }) => !ofOneCustomer || key !== 'customer')}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/payments/${id}`}
      toneOf={({ state }) => (state === 'voided' || state === 'declined' ? 'faint' : undefined)}
      nameOf={({ amount, currency, customer_name: name }) => `${money(amount, currency)} of ${name}`}
      {...(selection ? { selection } : {})}
      empty={empty}
    />
  );
}
