import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { MethodChoice, ReceiptSwitch } from '#features/payments/ui/staff/method-choice.tsx';
import { type NewMethodSlot, useCharging } from '#features/payments/ui/staff/use-charging.ts';
import { readTyped } from '#lib/money.ts';
import type { Picker } from '#ui/fields.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useFields } from '#ui/use-fields.ts';

type Props = {
  customerId: string | undefined;
  onCustomer: (id: string | undefined) => void;
  pickCustomer: Picker;
  /** Beside the choice, for somebody who is no customer yet. */
  addCustomer: ReactNode;
  newMethod: NewMethodSlot;
  /** What everybody should know before they take its money. */
  notes: ReactNode;
  /** A charge on a date to come. */
  later: ReactNode;
};

/** A charge that is for no invoice: a deposit, a retainer. It waits as unapplied cash until one comes. */
export function TerminalPage(props: Props) {
  const { customerId, onCustomer, pickCustomer, addCustomer, newMethod, notes, later } = props;
  return (
    <>
      <PageHead
        title="Virtual terminal"
        detail="Charge a customer without an invoice, such as for a deposit. It can be applied to invoices later."
        actions={later}
      />
      <div className="columns">
        <Sheet>
          <div className="stack">
            <div className="pick-or-add">
              {pickCustomer({ id: customerId, onChange: onCustomer, label: 'Customer', required: true })}
              {addCustomer}
            </div>
            {notes}
            {customerId && <ChargeForm key={customerId} customerId={customerId} newMethod={newMethod} />}
          </div>
        </Sheet>
      </div>
    </>
  );
}

function ChargeForm({ customerId, newMethod }: { customerId: string; newMethod: NewMethodSlot }) {
  const { money, currency, locale } = useFrame();
  const navigate = useNavigate();
  const charging = useCharging(customerId);
  const form = useFields(
    { amount: '', memo: '', send_receipt: true },
    {
      amount: (text) =>
        (readTyped(text, currency, locale) ?? 0n) > 0n ? null : 'Give the amount to charge, above zero',
    },
  );
  const amount = readTyped(form.values.amount, currency, locale) ?? 0n;
  const submit = form.submit(async ({ memo, send_receipt }) => {
    const payment = await charging.charge({
      source: 'virtual_terminal',
      amount: Number(amount),
      send_receipt,
      applications: [],
      ...(memo.trim() ? { memo: memo.trim() } : {}),
    });
    if (payment) await navigate({ to: `/payments/${payment.id}` });
  });
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
      <MethodChoice charging={charging} slot={newMethod} />
      <TextInput label="Memo" maxLength={500} {...form.text('memo')} />
      <ReceiptSwitch customerId={customerId} flag={form.flag('send_receipt')} />
      <Problem error={charging.error} />
      <div>
        <Button type="submit" loading={charging.busy} disabled={!charging.isReady}>
          Charge {money(charging.totalOf(amount), currency)}
        </Button>
      </div>
    </form>
  );
}
