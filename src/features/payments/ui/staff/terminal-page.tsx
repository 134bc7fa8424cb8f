import { Button, Checkbox, Radio, Skeleton, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createCharge, listPaymentMethods } from '#features/payments/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { readTyped } from '#lib/money.ts';
import type { Picker } from '#ui/fields.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Props = {
  customerId: string | undefined;
  onCustomer: (id: string | undefined) => void;
  pickCustomer: Picker;
};

/** A charge that is for no invoice: a deposit, a retainer. It waits as unapplied cash until one comes. */
export function TerminalPage({ customerId, onCustomer, pickCustomer }: Props) {
  return (
    <>
      <PageHead
        title="Virtual terminal"
        detail="Charge a customer without an invoice, such as for a deposit. It can be applied to invoices later."
      />
      <div className="columns">
        <Sheet>
          <div className="stack">
            {pickCustomer({ id: customerId, onChange: onCustomer, label: 'Customer', required: true })}
            {customerId && <ChargeForm key={customerId} customerId={customerId} />}
          </div>
        </Sheet>
      </div>
    </>
  );
}

function useMethods(customerId: string) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 50 } });
  return { methods, active: methods.data?.data.filter(({ state }) => state === 'active') ?? [] };
}

function ChargeForm({ customerId }: { customerId: string }) {
  const { money, currency, locale } = useFrame();
  const navigate = useNavigate();
  const act = useAct(createCharge);
  const { methods, active } = useMethods(customerId);
  const form = useFields(
    { method: '', amount: '', memo: '', send_receipt: true },
    {
      amount: (text) =>
        (readTyped(text, currency, locale) ?? 0n) > 0n ? null : 'Give the amount to charge, above zero',
    },
  );
  const chosen = active.find(({ id }) => id === form.values.method) ?? active[0];
  const amount = readTyped(form.values.amount, currency, locale) ?? 0n;
  const submit = form.submit(async ({ memo, send_receipt }) => {
    if (!chosen) return;
    const payment = await act.run({
      body: {
        customer_id: customerId,
        payment_method_id: chosen.id,
        kind: chosen.kind,
        source: 'virtual_terminal',
        amount: Number(amount),
        send_receipt,
        applications: [],
        ...(memo.trim() ? { memo: memo.trim() } : {}),
      },
    });
    await navigate({ to: `/payments/${payment.id}` });
  });
  if (methods.isPending) return <Skeleton height={160} />;
  if (methods.error) return <Problem error={methods.error} onRetry={() => void methods.refetch()} />;
  if (!chosen)
    return <p>No stored payment method yet. The customer can add one when paying, or in the portal.</p>;
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <MoneyField
        label="Amount"
        required
        currency={currency}
        value={form.values.amount}
        error={form.errors.amount}
        name="amount"
        onChange={(text) => form.set('amount', text)}
      />
      <Radio.Group label="With" value={chosen.id} onChange={(id) => form.set('method', id)}>
        <div className="stack tight choice-list">
          {active.map((method) => (
            <Radio key={method.id} value={method.id} label={methodName(method)} />
          ))}
        </div>
      </Radio.Group>
      <TextInput label="Memo" maxLength={500} {...form.text('memo')} />
      <Checkbox label="Send a receipt once it succeeds" {...form.flag('send_receipt')} />
      <Problem error={act.error} />
      <div>
        <Button type="submit" loading={act.busy}>
          Charge {money(amount, currency)}
        </Button>
      </div>
    </form>
  );
}
