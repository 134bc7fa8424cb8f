import { listPayments } from '#features/payments/api.ts';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import type { PaymentsSearch } from '#features/payments/ui/staff/payments-page.tsx';
import { toDecimal } from '#lib/money.ts';
import { call } from '#ui/call.ts';
import type { ExportColumn } from '#ui/export-button.tsx';
import { ExportButton } from '#ui/export-button.tsx';

const columns: ExportColumn<Payment>[] = [
  ['Id', ({ id }) => id],
  ['Received on', ({ received_on: date }) => date],
  ['Customer', ({ customer_name: name }) => name],
  ['Kind', ({ kind }) => kind],
  ['Method', ({ method }) => [method?.brand, method?.last4].filter(Boolean).join(' ')],
  ['Reference', ({ reference }) => reference ?? ''],
  ['State', ({ state }) => state],
  ['Currency', ({ currency }) => currency],
  ['Amount', ({ amount, currency }) => toDecimal(amount, currency)],
  ['Applied', ({ applied, currency }) => toDecimal(applied, currency)],
  ['Unapplied', ({ unapplied, currency }) => toDecimal(unapplied, currency)],
];

export function ExportPayments({ search }: { search: PaymentsSearch }) {
  return (
    <ExportButton
      fileName="payments.csv"
      columns={columns}
      page={(after) => call(listPayments, { query: { ...search, limit: 100, starting_after: after } })}
    />
  );
}
