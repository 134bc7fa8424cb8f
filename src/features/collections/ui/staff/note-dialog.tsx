import { Textarea } from '@mantine/core';
import { addNote } from '#features/collections/api.ts';
import { type NoteOutcome, noteOutcomes } from '#features/collections/rules.ts';
import { outcomeWords } from '#features/collections/ui/staff/collection-words.ts';
import { PinnedNotes } from '#features/collections/ui/staff/pinned-notes.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Chips } from '#ui/filters.tsx';
import { PhoneNumber } from '#ui/phone-number.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Props = {
  customer: { id: string; name: string; phone: string | null };
  onClose: () => void;
  /** After a talk in which payment was promised: the promise itself. */
  onPromised?: (() => void) | undefined;
};

/** How a call went, in a click and a line. */
export function NoteDialog({ customer, onClose, onPromised }: Props) {
  const add = useAct(addNote);
  const form = useFields<{ outcome: NoteOutcome; text: string }>(
    { outcome: 'reached', text: '' },
    { text: (text, all) => (all.outcome === 'note' && !text.trim() ? 'Write something down' : null) },
  );
  const { outcome } = form.values;
  const submit = form.submit(async (body) => {
    await add.run({ params: { id: customer.id }, body });
    onClose();
    tell(`Noted: ${outcomeWords[body.outcome].toLowerCase()}`);
    if (body.outcome === 'promised') onPromised?.();
  });
  return (
    <FormDialog
      title={`Call note: ${customer.name}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={outcome === 'promised' && onPromised ? 'Save, then note the promise' : 'Save'}
      busy={add.busy}
      error={add.error}
    >
      <PinnedNotes customerId={customer.id} still />
      {customer.phone && (
        <p>
          <a href={`tel:${customer.phone}`}>
            <PhoneNumber typed={customer.phone} />
          </a>
        </p>
      )}
      <div className="wrapping-chips">
        <Chips
          label="How it went"
          value={outcome}
          options={noteOutcomes.map((each) => ({ value: each, label: outcomeWords[each] }))}
          onChange={(each) => form.set('outcome', each)}
        />
      </div>
      <Textarea
        label="What was said"
        data-autofocus
        autosize
        minRows={3}
        maxLength={4000}
        {...form.text('text')}
      />
    </FormDialog>
  );
}
