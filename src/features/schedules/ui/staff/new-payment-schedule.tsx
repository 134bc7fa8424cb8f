import { Button, Checkbox, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { createSchedule } from '#features/schedules/api.ts';
import { MethodChoice, WhereItGoes } from '#features/schedules/ui/staff/method-choice.tsx';
import {
  freshRhythm,
  type Rhythm,
  RhythmFields,
  rhythmBody,
  rhythmChecks,
} from '#features/schedules/ui/staff/rhythm-fields.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import type { Picker } from '#ui/fields.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, filled, useFields } from '#ui/use-fields.ts';

type Values = Rhythm & {
  customer_id: string;
  description: string;
  amount: string;
  payment_method_id: string;
  oldest: boolean;
  receipt_to_customer: boolean;
  receipt_to_organization: boolean;
  agreement_held: boolean;
};
type Like = {
  customerId?: string | undefined;
  amount?: bigint;
  description?: string;
};

type ButtonProps = { pickCustomer?: Picker; like?: Like; label?: string };

/** The button that opens the form, for nobody yet, for one customer, or like a charge that was made. */
export function NewPaymentSchedule({ pickCustomer, like = {}, label = 'New schedule' }: ButtonProps) {
  const { can } = useFrame();
  const [opened, door] = useDisclosure();
  if (!can('payments:write')) return null;
  const isPlain = label === 'New schedule';
  return (
    <>
      <Button
        variant={isPlain ? 'filled' : 'default'}
        leftSection={isPlain ? <IconPlus size={16} aria-hidden /> : undefined}
        onClick={door.open}
      >
        {label}
      </Button>
      {opened && <PaymentScheduleDialog like={like} pickCustomer={pickCustomer} onClose={door.close} />}
    </>
  );
}

const freshValues = (like: Like, today: string): Omit<Values, 'amount'> => ({
  ...freshRhythm(today),
  customer_id: like.customerId ?? '',
  description: like.description ?? '',
  payment_method_id: '',
  oldest: true,
  receipt_to_customer: false,
  receipt_to_organization: false,
  agreement_held: false,
});

const bodyOf = (values: Values, amount: bigint) => ({
  kind: 'payment' as const,
  customer_id: values.customer_id,
  description: values.description,
  ...rhythmBody(values),
  amount: Number(amount),
  payment_method_id: values.payment_method_id,
  applies_to: values.oldest ? ('oldest_invoices' as const) : ('unapplied_cash' as const),
  receipt_to_customer: values.receipt_to_customer,
  receipt_to_organization: values.receipt_to_organization,
  agreement_held: values.agreement_held,
});

type DialogProps = { like: Like; pickCustomer: Picker | undefined; onClose: () => void };

/** A stored method, charged on dates to come. */
function PaymentScheduleDialog({ like, pickCustomer, onClose }: DialogProps) {
  const { currency, locale, today } = useFrame();
  const navigate = useNavigate();
  const create = useAct(createSchedule);
  const read = (text: string): bigint => readTyped(text, currency, locale) ?? 0n;
  const form = useFields<Values>(
    {
      ...freshValues(like, today),
      amount: like.amount === undefined ? '' : toTyped(like.amount, currency, locale),
    },
    {
      customer_id: (id) => (id ? null : 'Choose who pays'),
      payment_method_id: filled('Choose the stored method that is charged'),
      amount: (text) => (read(text) > 0n ? null : 'Give the amount of each charge, above zero'),
      ...rhythmChecks(today),
      agreement_held: (is) => (is ? null : 'Without the customer’s agreement nothing may be charged'),
    },
  );
  const submit = form.submit(async (values) => {
    const made = await create.run({ body: bodyOf(values, read(values.amount)) });
    tell('The schedule runs');
    await navigate({ to: `/schedules/${made.id}` });
  });
  return (
    <FormDialog
      title="New payment schedule"
      opened
      size="lg"
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Start schedule"
      busy={create.busy}
      error={create.error}
    >
      {pickCustomer?.({
        id: form.values.customer_id || undefined,
        onChange: (id) => form.setAll({ ...form.values, customer_id: id ?? '', payment_method_id: '' }),
        label: 'Customer',
        required: true,
        error: form.errors.customer_id,
      })}
      {form.values.customer_id && (
        <MethodChoice
          key={form.values.customer_id}
          customerId={form.values.customer_id}
          chosen={form.values.payment_method_id}
          error={form.errors.payment_method_id}
          onChoose={(id) => form.set('payment_method_id', id)}
        />
      )}
      <MoneyField
        label="Amount of each charge"
        required
        currency={currency}
        value={form.values.amount}
        error={form.errors.amount}
        name="amount"
        onChange={(text) => form.set('amount', text)}
      />
      <RhythmFields
        values={form.values}
        errors={form.errors}
        change={(part) => form.setAll({ ...form.values, ...part })}
      />
      <TextInput label="Description" placeholder="Membership" maxLength={200} {...form.text('description')} />
      <Wishes form={form} />
    </FormDialog>
  );
}

function Wishes({ form }: { form: Fields<Values> }) {
  return (
    <>
      <WhereItGoes oldest={form.values.oldest} onChange={(oldest) => form.set('oldest', oldest)} />
      <Checkbox label="Send the customer a receipt of each" {...form.flag('receipt_to_customer')} />
      <Checkbox label="Send us a receipt of each" {...form.flag('receipt_to_organization')} />
      <Checkbox
        label="We hold the customer’s agreement to these charges"
        description="It is kept word for word with your name: how much, when, how often, and how to stop it."
        error={form.errors.agreement_held}
        {...form.flag('agreement_held')}
      />
    </>
  );
}
