import { TextInput } from '@mantine/core';
import { makeTask } from '#features/collections/api.ts';
import { AssigneePick } from '#features/collections/ui/staff/assignee-pick.tsx';
import { addDays } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { customer: { id: string; name: string }; onClose: () => void };

/** Something to do for a customer by a day. */
export function TaskDialog({ customer, onClose }: Props) {
  const { today, date } = useFrame();
  const make = useAct(makeTask);
  const form = useFields<{ title: string; due_on: string; assignee_id: string | null }>(
    { title: '', due_on: addDays(today, 1), assignee_id: null },
    { title: filled('What is to be done?'), due_on: filled('By which day?') },
  );
  const submit = form.submit(async ({ assignee_id, ...body }) => {
    await make.run({
      params: { id: customer.id },
      body: { ...body, ...(assignee_id ? { assignee_id } : {}) },
    });
    onClose();
    tell('Task made', `Due ${date(body.due_on)}`);
  });
  return (
    <FormDialog
      title={`Task: ${customer.name}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Make the task"
      busy={make.busy}
      error={make.error}
    >
      <TextInput label="What is to be done" required data-autofocus maxLength={300} {...form.text('title')} />
      <div className="fields two">
        <DateField
          label="Due"
          required
          name="due_on"
          value={form.values.due_on}
          error={form.errors.due_on}
          onChange={(day) => form.set('due_on', day)}
        />
        <AssigneePick
          label="For"
          description="Left empty: whoever looks after the customer"
          value={form.values.assignee_id}
          error={form.errors.assignee_id}
          onChange={(id) => form.set('assignee_id', id)}
        />
      </div>
    </FormDialog>
  );
}
