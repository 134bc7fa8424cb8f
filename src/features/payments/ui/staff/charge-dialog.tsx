import { Checkbox, Radio, Skeleton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createCharge, listPaymentMethods } from '#features/payments/api.ts';
import type { InvoiceToCollect } from '#features/payments/ui/staff/collect-actions.tsx';
import type { PaymentMethod } from '#features/payments/ui/staff/payment-words.tsx';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

/** Charges a stored method. What comes back is not yet money: the payment’s page shows how it goes. */
export function ChargeDialog({ invoice, onClose }: { invoice: InvoiceToCollect; onClose: () => void }) {
  const { money, locale } = useFrame();
  const navigate = useNavigate();
  const charge = useAct(createCharge);
  const methods = useAsk(listPaymentMethods, { query: { customer_id: invoice.customer_id, limit: 50 } });
  const { currency, payable_now: due } = invoice;
  const active = methods.data?.data.filter(({ state }) => state === 'active') ?? [];
  const form = useFields(
    { method: '', amount: toTyped(due, currency, locale), send_receipt: true },
    {
      amount: (text) => {
        const amount = readTyped(text, currency, locale) ?? 0n;
        if (amount <= 0n) return `Give the amount to charge, such as ${toTyped(due, currency, locale)}`;
        return amount > due ? `At most ${money(due, currency)} can be paid on this invoice` : null;
      },
    },
  );
  const chosen = active.find(({ id }) => id === form.values.method) ?? active[0];
  const amount = readTyped(form.values.amount, currency, locale) ?? 0n;
  const submit = form.submit(async ({ send_receipt }) => {
    if (!chosen) return;
    const payment = await charge.run({
      body: {
        customer_id: invoice.customer_id,
        payment_method_id: chosen.id,
        kind: chosen.kind,
        amount: Number(amount),
        send_receipt,
        applications: [{ invoice_id: invoice.id, amount: Number(amount) }],
      },
    });
    onClose();
    await navigate({ to: `/payments/${payment.id}` });
  });
  return (
    <FormDialog
      title={`Charge ${invoice.customer_name}`}
      opened
      onClose={onClose}
      busy={charge.busy}
      error={charge.error}
      {...(chosen ? { onSubmit: () => submit(), submit: `Charge ${money(amount, currency)}` } : {})}
    >
      {methods.isPending && <Skeleton height={64} />}
      <Problem error={methods.error} />
      {methods.data && active.length === 0 && <NothingStored name={invoice.customer_name} />}
      {chosen && (
        <>
          <MethodChoice methods={active} chosen={chosen.id} onChoose={(id) => form.set('method', id)} />
          <MoneyField
            label={`Amount, for ${invoice.number}`}
            required
            currency={currency}
            value={form.values.amount}
            error={form.errors.amount}
            name="amount"
            onChange={(text) => form.set('amount', text)}
          />
          {chosen.kind === 'bank_account' && (
            <p className="note">
              A bank debit takes a few working days. Until it settles the invoice says “processing”.
            </p>
          )}
          <Checkbox label="Send a receipt once it succeeds" {...form.flag('send_receipt')} />
        </>
      )}
    </FormDialog>
  );
}

function NothingStored({ name }: { name: string }) {
  return (
    <p>
      No payment method that can be charged. Add one on the page of {name}, under payment methods, or send a
      link from there.
    </p>
  );
}

type ChoiceProps = { methods: PaymentMethod[]; chosen: string; onChoose: (id: string) => void };

function MethodChoice({ methods, chosen, onChoose }: ChoiceProps) {
  return (
    <Radio.Group label="With" value={chosen} onChange={onChoose}>
      <div className="stack tight choice-list">
        {methods.map((method) => (
          <Radio key={method.id} value={method.id} label={methodName(method)} />
        ))}
      </div>
    </Radio.Group>
  );
}
