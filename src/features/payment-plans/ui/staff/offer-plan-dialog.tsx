import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { listInvoices } from '#features/invoices/api.ts';
import { offerPlan, previewPlan } from '#features/payment-plans/api.ts';
import { type Cadence, cadences, cadenceWords } from '#features/payment-plans/term-rules.ts';
import { listPaymentMethods } from '#features/payments/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { addDays } from '#lib/dates.ts';
import { readTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField, MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { type Fields, filled, useFields } from '#ui/use-fields.ts';

type Values = {
  down_payment: string;
  cadence: Cadence;
  installments: number;
  first_on: string;
  isHeld: boolean;
  held_by: string;
  payment_method_id: string;
};

/** Staff offers a plan, or writes down one that the customer has signed elsewhere. */
export function OfferPlanDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const { currency, locale, today } = useFrame();
  const offer = useAct(offerPlan);
  const open = useAsk(listInvoices, { query: { customer_id: customerId, status: 'open', limit: 100 } });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const ids = (open.data?.data ?? []).map(({ id }) => id).filter((id) => !left.has(id));
  const form = useFields<Values>(
    {
      ...{ down_payment: '', cadence: 'monthly', installments: 3, first_on: addDays(today, 30) },
      ...{ isHeld: false, held_by: '', payment_method_id: '' },
    },
    {
      first_on: filled('Choose the day of the first installment'),
      held_by: (name, { isHeld }) => (!isHeld || name.trim().length > 1 ? null : 'Who has signed?'),
      payment_method_id: (id, { isHeld }) => (!isHeld || id !== '' ? null : 'Which method was agreed to?'),
    },
  );
  const { values } = form;
  const terms = {
    customer_id: customerId,
    invoice_ids: ids,
    down_payment: Number(readTyped(values.down_payment, currency, locale) ?? 0n),
    cadence: values.cadence,
    installments: values.installments,
    first_on: values.first_on,
  };
  const submit = form.submit(async ({ isHeld, held_by, payment_method_id }) => {
    await offer.run({ body: { ...terms, ...(isHeld ? { held_by, payment_method_id } : {}) } });
    onClose();
    tell(
      isHeld ? 'The plan waits for your approval' : 'The plan is offered: the customer has a mail with it',
    );
  });
  return (
    <FormDialog
      title="Offer a payment plan"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={values.isHeld ? 'Write it down' : 'Offer it'}
      busy={offer.busy}
      disabled={ids.length === 0}
      error={offer.error}
    >
      <Checkbox.Group
        label="Invoices"
        value={ids}
        onChange={(chosen) =>
          setLeft(new Set((open.data?.data ?? []).map(({ id }) => id).filter((id) => !chosen.includes(id))))
        }
      >
        <div className="stack">
          {(open.data?.data ?? []).map((each) => (
            <InvoiceTick key={each.id} {...each} />
          ))}
        </div>
      </Checkbox.Group>
      <TermFields form={form} />
      <Preview terms={terms} />
      <HeldFields form={form} customerId={customerId} />
    </FormDialog>
  );
}

function InvoiceTick({
  id,
  number,
  balance_due,
  currency,
}: {
  id: string;
  number: string;
  balance_due: bigint;
  currency: string;
}) {
  const { money } = useFrame();
  return <Checkbox value={id} label={`${number}, ${money(balance_due, currency)}`} />;
}

function TermFields({ form }: { form: Fields<Values> }) {
  const { currency, today } = useFrame();
  const { values, errors } = form;
  return (
    <div className="fields two">
      <MoneyField
        label="Down payment"
        required
        currency={currency}
        name="down_payment"
        value={values.down_payment}
        error={errors.down_payment}
        onChange={(text) => form.set('down_payment', text)}
      />
      <NumberInput
        label="Installments"
        min={1}
        max={60}
        allowDecimal={false}
        name="installments"
        value={values.installments}
        error={errors.installments}
        onChange={(count) => form.set('installments', Number(count))}
      />
      <NativeSelect
        label="How often"
        data={cadences.map((value) => ({ value, label: cadenceWords[value] }))}
        value={values.cadence}
        onChange={(event) => form.set('cadence', event.currentTarget.value as Cadence)}
      />
      <DateField
        label="First installment"
        name="first_on"
        min={addDays(today, 1)}
        value={values.first_on}
        error={errors.first_on}
        onChange={(day) => form.set('first_on', day)}
      />
    </div>
  );
}

type Terms = {
  customer_id: string;
  invoice_ids: string[];
  down_payment: number;
  cadence: Cadence;
  installments: number;
  first_on: string;
};

/** Every date and amount, by the server's own rules. */
function Preview({ terms }: { terms: Terms }) {
  const { money, date } = useFrame();
  const [settled] = useDebouncedValue(JSON.stringify(terms), 300);
  const asked = JSON.parse(settled) as Terms;
  const isWhole = asked.down_payment > 0 && asked.invoice_ids.length > 0 && asked.first_on !== '';
  const preview = useAsk(previewPlan, { body: asked }, { keep: true, enabled: isWhole });
  if (!isWhole) return null;
  if (preview.error) return <p className="note">{preview.error.message}</p>;
  if (!preview.data) return null;
  const { currency, total, installments } = preview.data;
  return (
    <p className="note" aria-live="polite">
      {money(total, currency)} in all. After the down payment:{' '}
      {installments.map(({ due_on, amount }) => `${money(amount, currency)} on ${date(due_on)}`).join('; ')}.
    </p>
  );
}

function HeldFields({ form, customerId }: { form: Fields<Values>; customerId: string }) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 100 } });
  const { values, errors } = form;
  return (
    <>
      <Checkbox
        label="The customer has signed this already, on paper that we hold"
        description="Otherwise the customer gets a mail, reads the plan in the portal and signs there."
        {...form.flag('isHeld')}
      />
      {values.isHeld && (
        <div className="fields two">
          <TextInput label="Who has signed" required maxLength={120} {...form.text('held_by')} />
          <NativeSelect
            label="Charged to"
            required
            error={errors.payment_method_id}
            data={[
              { value: '', label: 'Choose' },
              ...(methods.data?.data ?? [])
                .filter(({ state }) => state === 'active')
                .map((method) => ({ value: method.id, label: methodName(method) })),
            ]}
            value={values.payment_method_id}
            onChange={(event) => form.set('payment_method_id', event.currentTarget.value)}
          />
        </div>
      )}
    </>
  );
}
