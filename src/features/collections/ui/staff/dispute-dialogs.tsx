import { Textarea } from '@mantine/core';
import { endDispute, openDispute, restDispute } from '#features/collections/api.ts';
import type { Dispute } from '#features/collections/ui/staff/collection-words.ts';
import { addDays } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

/** The customer objects: why, and how long chasing rests. */
export function OpenDisputeDialog({
  invoice,
  onClose,
}: {
  invoice: { id: string; number: string };
  onClose: () => void;
}) {
  const { today } = useFrame();
  const open = useAct(openDispute);
  const form = useFields(
    { reason: '', rests_until: '' },
    { reason: filled('What does the customer object to?') },
  );
  const submit = form.submit(async ({ reason, rests_until }) => {
    await open.run({ params: { id: invoice.id }, body: { reason, rests_until: rests_until || null } });
    onClose();
    tell(`${invoice.number} is in dispute`, 'Reminders and late fees rest.');
  });
  return (
    <FormDialog
      title={`Dispute about ${invoice.number}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Open the dispute"
      busy={open.busy}
      error={open.error}
    >
      <Textarea
        label="What the customer objects to"
        required
        data-autofocus
        autosize
        minRows={3}
        maxLength={2000}
        {...form.text('reason')}
      />
      <DateField
        label="Chasing rests until"
        description="On that day reminders go on by themselves and you get a task; late fees and autopay rest until the dispute ends"
        name="rests_until"
        min={addDays(today, 1)}
        value={form.values.rests_until}
        error={form.errors.rests_until}
        onChange={(day) => form.set('rests_until', day)}
      />
    </FormDialog>
  );
}

type Props = { dispute: Dispute; onClose: () => void };

/** How it came out: what is due is chased again, or has been credited. */
export function EndDisputeDialog({ dispute, onClose }: Props) {
  const end = useAct(endDispute);
  const form = useFields<{ state: 'resolved' | 'withdrawn'; outcome: string }>({
    state: 'resolved',
    outcome: '',
  });
  const submit = form.submit(async (body) => {
    await end.run({ params: { id: dispute.id }, body });
    onClose();
    tell('The dispute is over', 'What is still due is chased again.');
  });
  return (
    <FormDialog
      title={`End the dispute about ${dispute.number}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="End the dispute"
      busy={end.busy}
      error={end.error}
    >
      <Chips
        label="How it ended"
        value={form.values.state}
        options={[
          { value: 'resolved', label: 'It is settled' },
          { value: 'withdrawn', label: 'The customer took it back' },
        ]}
        onChange={(state) => form.set('state', state)}
      />
      <Textarea
        label="How it came out"
        description="For whoever reads this later"
        data-autofocus
        autosize
        minRows={2}
        maxLength={2000}
        {...form.text('outcome')}
      />
    </FormDialog>
  );
}

/** Another day, or none. */
export function RestDisputeDialog({ dispute, onClose }: Props) {
  const { today } = useFrame();
  const rest = useAct(restDispute);
  const form = useFields({ rests_until: dispute.resting ? (dispute.rests_until ?? '') : addDays(today, 7) });
  const submit = form.submit(async ({ rests_until }) => {
    await rest.run({ params: { id: dispute.id }, body: { rests_until: rests_until || null } });
    onClose();
    tell('Saved');
  });
  return (
    <FormDialog
      title={`How long does ${dispute.number} rest?`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={rest.busy}
      error={rest.error}
    >
      <DateField
        label="Chasing rests until"
        description="Left empty: until you end the dispute"
        name="rests_until"
        data-autofocus
        min={addDays(today, 1)}
        value={form.values.rests_until}
        error={form.errors.rests_until}
        onChange={(day) => form.set('rests_until', day)}
      />
    </FormDialog>
  );
}
