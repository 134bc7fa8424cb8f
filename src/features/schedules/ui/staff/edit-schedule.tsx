import { Checkbox, TextInput } from '@mantine/core';
import { updateSchedule } from '#features/schedules/api.ts';
import {
  bodyOf,
  checksOf,
  type EditRooms,
  type EditValues,
  valuesOf,
} from '#features/schedules/ui/staff/edit-schedule-form.ts';
import { InvoiceFields } from '#features/schedules/ui/staff/invoice-fields.tsx';
import { MethodChoice, WhereItGoes } from '#features/schedules/ui/staff/method-choice.tsx';
import { RhythmFields } from '#features/schedules/ui/staff/rhythm-fields.tsx';
import type { Schedule } from '#features/schedules/ui/staff/schedule-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

type Props = { schedule: Schedule; rooms: EditRooms; onClose: () => void };

/** Changes what comes from the next date on. More than the customer agreed to needs a new agreement. */
export function EditSchedule({ schedule, rooms, onClose }: Props) {
  const habit = useFrame();
  const update = useAct(updateSchedule);
  const form = useFields<EditValues>(valuesOf(schedule, habit), checksOf(schedule, habit));
  const { values } = form;
  const submit = form.submit(async () => {
    await update.run({ params: { id: schedule.id }, body: bodyOf(schedule, values, habit) });
    onClose();
    tell('The schedule is changed', 'It holds from the next date on.');
  });
  return (
    <FormDialog
      title="Edit schedule"
      opened
      size={schedule.kind === 'invoice' ? 'xl' : 'lg'}
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={update.busy}
      error={update.error}
    >
      <TextInput label="Description" maxLength={200} {...form.text('description')} />
      {schedule.kind === 'payment' ? (
        <PaymentFields schedule={schedule} form={form} />
      ) : (
        <InvoiceFields form={form} rooms={rooms} />
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
      {schedule.kind === 'payment' && <PaymentWishes form={form} />}
    </FormDialog>
  );
}

function PaymentFields({ schedule, form }: { schedule: Schedule; form: Fields<EditValues> }) {
  const { currency } = useFrame();
  return (
    <>
      <MoneyField
        label="Amount of each charge"
        currency={currency}
        name="amount"
        value={form.values.amount}
        error={form.errors.amount}
        onChange={(text) => form.set('amount', text)}
      />
      <MethodChoice
        customerId={schedule.customer_id}
        chosen={form.values.payment_method_id}
        error={form.errors.payment_method_id}
        onChoose={(id) => form.set('payment_method_id', id)}
      />
      <WhereItGoes oldest={form.values.oldest} onChange={(oldest) => form.set('oldest', oldest)} />
    </>
  );
}

function PaymentWishes({ form }: { form: Fields<EditValues> }) {
  return (
    <>
      <Checkbox label="Send the customer a receipt of each" {...form.flag('receipt_to_customer')} />
      <Checkbox label="Send us a receipt of each" {...form.flag('receipt_to_organization')} />
      <Checkbox
        label="We hold the customer’s agreement to these terms"
        description={
          'Needed where more is charged than before, for longer, on other dates or to another method. ' +
          'The customer gets a mail with the new terms either way.'
        }
        {...form.flag('agreement_held')}
      />
    </>
  );
}
