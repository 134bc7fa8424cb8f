import { Checkbox, TextInput } from '@mantine/core';
import { updateSchedule } from '#features/schedules/api.ts';
import {
  type Rhythm,
  RhythmFields,
  rhythmBody,
  rhythmChecks,
} from '#features/schedules/ui/staff/rhythm-fields.tsx';
import type { Schedule } from '#features/schedules/ui/staff/schedule-words.tsx';
import { addDays } from '#lib/dates.ts';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

type Values = Rhythm & {
  description: string;
  amount: string;
  new_rhythm: boolean;
  receipt_to_customer: boolean;
  receipt_to_organization: boolean;
  agreement_held: boolean;
};

const valuesOf = (schedule: Schedule, today: string): Omit<Values, 'amount'> => ({
  description: schedule.description,
  new_rhythm: false,
  unit: schedule.unit,
  every: schedule.every,
  starts_on: schedule.next_on && schedule.next_on > today ? schedule.next_on : addDays(today, 1),
  end: schedule.times !== null ? 'times' : schedule.ends_on !== null ? 'date' : 'never',
  times: schedule.times ?? 12,
  ends_on: schedule.ends_on ?? '',
  receipt_to_customer: schedule.receipt_to_customer,
  receipt_to_organization: schedule.receipt_to_organization,
  agreement_held: false,
});

/** Changes what comes from the next date on. More than the customer agreed to needs a new agreement. */
export function EditSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const { currency, locale, today } = useFrame();
  const update = useAct(updateSchedule);
  const isPayment = schedule.kind === 'payment';
  const read = (text: string): bigint => readTyped(text, currency, locale) ?? 0n;
  const form = useFields<Values>(
    { ...valuesOf(schedule, today), amount: toTyped(schedule.amount, currency, locale) },
    {
      amount: (text) => (!isPayment || read(text) > 0n ? null : 'Give an amount above zero'),
      starts_on: (on, all) => (all.new_rhythm ? rhythmChecks(today).starts_on(on) : null),
      ends_on: (on, all) => (all.new_rhythm ? rhythmChecks(today).ends_on(on, all) : null),
    },
  );
  const { values } = form;
  const submit = form.submit(async () => {
    const payment = {
      amount: Number(read(values.amount)),
      receipt_to_customer: values.receipt_to_customer,
      receipt_to_organization: values.receipt_to_organization,
      ...(values.agreement_held ? { agreement_held: true } : {}),
    };
    const body = {
      description: values.description,
      ...(values.new_rhythm ? rhythmBody(values) : {}),
      ...(isPayment ? payment : {}),
    };
    await update.run({ params: { id: schedule.id }, body });
    onClose();
    tell('The schedule is changed', 'It holds from the next date on.');
  });
  return (
    <FormDialog
      title="Edit schedule"
      opened
      size="lg"
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={update.busy}
      error={update.error}
    >
      <TextInput label="Description" maxLength={200} {...form.text('description')} />
      {isPayment && (
        <MoneyField
          label="Amount of each charge"
          currency={currency}
          name="amount"
          value={values.amount}
          error={form.errors.amount}
          onChange={(text) => form.set('amount', text)}
        />
      )}
      <Checkbox
        label="Change the dates"
        description="The rhythm begins anew with its first date. What was made counts on."
        {...form.flag('new_rhythm')}
      />
      {values.new_rhythm && (
        <RhythmFields
          values={values}
          errors={form.errors}
          change={(part) => form.setAll({ ...values, ...part })}
        />
      )}
      {isPayment && <PaymentWishes form={form} />}
    </FormDialog>
  );
}

function PaymentWishes({ form }: { form: Fields<Values> }) {
  return (
        <>
          <Checkbox label="Send the customer a receipt of each" {...form.flag('receipt_to_customer')} />
          <Checkbox label="Send us a receipt of each" {...form.flag('receipt_to_organization')} />
          <Checkbox
            label="We hold the customer’s agreement to these terms"
            description="Needed where more is charged than before, for longer, or on other dates."
            {...form.flag('agreement_held')}
          />
        </>
  );
}
