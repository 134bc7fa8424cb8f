import { Select, TextInput } from '@mantine/core';
import { recordPayment } from '#features/payments/api.ts';
import type { InvoiceToCollect } from '#features/payments/ui/staff/collect-actions.tsx';
import { ReceiptSwitch } from '#features/payments/ui/staff/method-choice.tsx';
import { least, readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField, MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';
import { useFields } from '#ui/use-fields.ts';

const kinds = [
  { value: 'check', label: 'Check' },
  { value: 'cash', label: 'Cash' },
  { value: 'wire', label: 'Wire' },
  { value: 'other', label: 'Other' },
];
type Values = {
  kind: 'check' | 'cash' | 'wire' | 'other';
  amount: string;
  received_on: string;
  reference: string;
  memo: string;
  send_receipt: boolean;
};

/** Money that is already in hand. What goes beyond the invoice stays with the customer, as the form says. */
export function RecordDialog({ invoice, onClose }: { invoice: InvoiceToCollect; onClose: () => void }) {
  const { today, money, locale } = useFrame();
  const record = useAct(recordPayment);
  const { currency } = invoice;
  const form = useFields<Values>(
    {
      kind: 'check',
      amount: toTyped(invoice.payable_now, currency, locale),
      received_on: today,
      reference: '',
      memo: '',
      send_receipt: true,
    },
    {
      amount: (text) =>
        (readTyped(text, currency, locale) ?? 0n) > 0n
          ? null
          : `Give the amount received, such as ${toTyped(invoice.payable_now, currency, locale)}`,
      received_on: (date) => (date > today ? 'This day is still to come' : null),
    },
  );
  const amount = readTyped(form.values.amount, currency, locale) ?? 0n;
  const over = amount - invoice.payable_now;
  const submit = form.submit(async ({ kind, received_on, reference, memo, send_receipt }) => {
    await record.run({
      body: {
        customer_id: invoice.customer_id,
        kind,
        amount: Number(amount),
        received_on,
        send_receipt,
        applications: [{ invoice_id: invoice.id, amount: Number(least(amount, invoice.payable_now)) }],
        ...(reference.trim() ? { reference: reference.trim() } : {}),
        ...(memo.trim() ? { memo: memo.trim() } : {}),
      },
    });
    onClose();
    tell(`${money(amount, currency)} recorded`, `Applied to ${invoice.number}`);
  });
  return (
    <FormDialog
      title={`Record a payment for ${invoice.number}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={`Record ${money(amount, currency)}`}
      busy={record.busy}
      error={record.error}
    >
      <Received form={form} currency={currency} />
      <TextInput label="Memo" maxLength={500} {...form.text('memo')} />
      {over > 0n && (
        <p className="note" data-tone="warn">
          {`${money(over, currency)} more than is due on ${invoice.number}. `}
          {`It stays with ${invoice.customer_name} as unapplied cash.`}
        </p>
      )}
      <ReceiptSwitch customerId={invoice.customer_id} flag={form.flag('send_receipt')} />
    </FormDialog>
  );
}

function Received({ form, currency }: { form: Fields<Values>; currency: string }) {
  return (
    <div className="fields two">
      <MoneyField
        label="Amount"
        required
        currency={currency}
        value={form.values.amount}
        error={form.errors.amount}
        name="amount"
        onChange={(text) => form.set('amount', text)}
      />
      <DateField
        label="Received on"
        value={form.values.received_on}
        error={form.errors.received_on}
        name="received_on"
        onChange={(date) => form.set('received_on', date)}
      />
      <Select
        label="How"
        data={kinds}
        value={form.values.kind}
        onChange={(kind) => kind && form.set('kind', kind as Values['kind'])}
      />
      <TextInput
        label={form.values.kind === 'check' ? 'Check number' : 'Reference'}
        maxLength={100}
        {...form.text('reference')}
      />
    </div>
  );
}
