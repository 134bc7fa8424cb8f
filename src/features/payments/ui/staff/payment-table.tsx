import type { ReactNode } from 'react';
import type { ReportColumn } from '#features/payments/report-rules.ts';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { reportCells } from '#features/payments/ui/staff/report-cells.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Payment[] | undefined;
  /** In this order; without the customer the day leads to the payment. */
  columns: readonly ReportColumn[];
  empty: ReactNode;
  selection?: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void };
};

export function PaymentTable({ rows, columns, empty, selection }: Props) {
  const frame = useFrame();
  const cells = reportCells(frame);
  const title = columns.includes('customer') ? 'customer' : 'received';
  return (
    <DataTable
      label="Payments"
      columns={columns.map((key) => ({ key, ...cells[key], ...(key === title ? { slot: 'title' } : {}) }))}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/payments/${id}`}
      toneOf={({ state }) => (state === 'voided' ? 'faint' : undefined)}
      nameOf={({ amount, currency, customer_name: name }) => `${frame.money(amount, currency)} of ${name}`}
      {...(selection ? { selection } : {})}
      empty={empty}
    />
  );
}
