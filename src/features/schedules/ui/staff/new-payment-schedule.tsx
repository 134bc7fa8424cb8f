import { Button, Checkbox, Radio, Skeleton, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { listPaymentMethods } from '#features/payments/api.ts';
import { createSchedule } from '#features/schedules/api.ts';
import {
  freshRhythm,
  type Rhythm,
  RhythmFields,
  rhythmBody,
  rhythmChecks,
} from '#features/schedules/ui/staff/rhythm-fields.tsx';
import { methodWords } from '#features/schedules/ui/staff/schedule-words.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import type { Picker } from '#ui/fields.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
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
type Like = { customerId?: string | undefined; amount?: bigint; methodId?: string | undefined; description?: string };

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

type DialogProps = { like: Like; pickCustomer: Picker | undefined; onClose: () => void };

/** A stored method, charged on dates to come. */
function PaymentScheduleDialog({ like, pickCustomer, onClose }: DialogProps) {
  const { currency, locale, today } = useFrame();
  const navigate = useNavigate();
  const create = useAct(createSchedule);
  const read = (text: string): bigint => readTyped(text, currency, locale) ?? 0n;
  const form = useFields<Values>(
    {
      ...freshRhythm(today),
      customer_id: like.customerId ?? '',
      description: like.description ?? '',
      amount: like.amount === undefined ? '' : toTyped(like.amount, currency, locale),
      payment_method_id: like.methodId ?? '',
      oldest: true,
      receipt_to_customer: false,
      receipt_to_organization: false,
      agreement_held: false,
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
    const made = await create.run({
      body: {
        kind: 'payment',
        customer_id: values.customer_id,
        description: values.description,
        ...rhythmBody(values),
        amount: Number(read(values.amount)),
        payment_method_id: values.payment_method_id,
        applies_to: values.oldest ? 'oldest_invoices' : 'unapplied_cash',
        receipt_to_customer: values.receipt_to_customer,
        receipt_to_organization: values.receipt_to_organization,
        agreement_held: values.agreement_held,
      },
    });
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
      {form.values.customer_id && <Method key={form.values.customer_id} form={form} />}
      <MoneyField
        label="Amount of each charge"
        required
        currency={currency}
        value={form.values.amount}
        error={form.errors.amount}
        name="amount"
        onChange={(text) => form.set('amount', text)}
      />
      <RhythmFields form={rhythmOf(form)} />
      <TextInput label="Description" placeholder="Membership" maxLength={200} {...form.text('description')} />
      <Wishes form={form} />
    </FormDialog>
  );
}

/** The part of a form that the fields of a rhythm know. */
export const rhythmOf = <V extends Rhythm>(form: Fields<V>): Fields<Rhythm> => form as unknown as Fields<Rhythm>;
