import { useNavigate } from '@tanstack/react-router';
import type { InvoiceToCollect } from '#features/payments/ui/staff/collect-actions.tsx';
import { MethodChoice, ReceiptSwitch } from '#features/payments/ui/staff/method-choice.tsx';
import { type NewMethodSlot, useCharging } from '#features/payments/ui/staff/use-charging.ts';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useFields } from '#ui/use-fields.ts';

type Props = { invoice: InvoiceToCollect; newMethod: NewMethodSlot; onClose: () => void };

/** Charges a method. What comes back is not yet money: the payment’s page shows how it goes. */
export function ChargeDialog({ invoice, newMethod, onClose }: Props) {
  const { money, locale } = useFrame();
  const navigate = useNavigate();
  const charging = useCharging(invoice.customer_id);
  const { currency, payable_now: due } = invoice;
  const form = useFields(
    { amount: toTyped(due, currency, locale), send_receipt: true },
    {
      amount: (text) => {
        const amount = readTyped(text, currency, locale) ?? 0n;
        if (amount <= 0n) return `Give the amount to charge, such as ${toTyped(due, currency, locale)}`;
        return amount > due ? `At most ${money(due, currency)} can be paid on this invoice` : null;
      },
    },
  );
  const amount = readTyped(form.values.amount, currency, locale) ?? 0n;
  const submit = form.submit(async ({ send_receipt }) => {
    const payment = await charging.charge({
      amount: Number(amount),
      send_receipt,
      applications: [{ invoice_id: invoice.id, amount: Number(amount) }],
    });
    if (!payment) return;
    onClose();
    await navigate({ to: `/payments/${payment.id}` });
  });
  return (
    <FormDialog
      title={`Charge ${invoice.customer_name}`}
      opened
      onClose={onClose}
      busy={charging.busy}
      disabled={!charging.isReady}
      error={charging.error}
      onSubmit={() => submit()}
      submit={`Charge ${money(charging.totalOf(amount), currency)}`}
    >
      <MoneyField
        label={`Amount, for ${invoice.number}`}
        required
        currency={currency}
        value={form.values.amount}
        error={form.errors.amount}
        name="amount"
        onChange={(text) => form.set('amount', text)}
      />
      <MethodChoice charging={charging} slot={newMethod} />
      <ReceiptSwitch customerId={invoice.customer_id} flag={form.flag('send_receipt')} />
    </FormDialog>
  );
}
