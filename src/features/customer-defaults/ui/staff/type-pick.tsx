import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import {
  removeCustomerType,
  renameCustomerType,
  saveCustomerType,
  type zCustomerDefaults,
} from '#features/customer-defaults/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

export type TypeSet = z.output<typeof zCustomerDefaults>['types'][number];
type Props = {
  types: readonly TypeSet[];
  chosen: string | null;
  onChoose: (type: string | null) => void;
  may: boolean;
};

/** Whose set is being looked at; types are made and renamed here. */
export function TypePick({ types, chosen, onChoose, may }: Props) {
  const { count } = useFrame();
  const [dialog, setDialog] = useState<'new' | 'rename'>();
  const remove = useAct(removeCustomerType);
  const type = types.find(({ customer_type: name }) => name === chosen);
  const drop = (): void =>
    void remove
      .run({ body: { customer_type: chosen ?? '' } })
      .then(() =>
        tell(`${chosen} has no set of its own any more`, 'Its new customers start as all others do.'),
      )
      .catch(tellProblem);
  return (
    <div className="stack">
      <div className="row wrap">
        <Select
          aria-label="Set of"
          data={[
            { value: '', label: 'Everybody else' },
            ...types.map(({ customer_type: name, settings }) => ({
              value: name,
              label: settings ? name : `${name} (as everybody else)`,
            })),
          ]}
          value={type ? type.customer_type : ''}
          allowDeselect={false}
          onChange={(value) => onChoose(value || null)}
        />
        {may && (
          <Button variant="default" onClick={() => setDialog('new')}>
            New type
          </Button>
        )}
        {may && type && (
          <Button variant="default" onClick={() => setDialog('rename')}>
            Rename
          </Button>
        )}
        {may && type?.settings && (
          <Button variant="default" loading={remove.busy} onClick={drop}>
            Take its set away
          </Button>
        )}
      </div>
      <p className="fine">
        {type
          ? `${count(type.customers, 'customer')} of this type. ${
              type.settings ? '' : 'It has no set of its own: saving below gives it one.'
            }`
          : 'For customers without a type, and for types without a set of their own.'}
      </p>
      {dialog === 'new' && <NewType onClose={() => setDialog(undefined)} onMade={onChoose} />}
      {dialog === 'rename' && type && (
        <RenameType type={type} onClose={() => setDialog(undefined)} onRenamed={onChoose} />
      )}
    </div>
  );
}

function NewType({ onClose, onMade }: { onClose: () => void; onMade: (type: string) => void }) {
  const save = useAct(saveCustomerType);
  const form = useFields({ customer_type: '' }, { customer_type: filled('What is the type called?') });
  const submit = form.submit(async ({ customer_type }) => {
    await save.run({ body: { customer_type } });
    onClose();
    onMade(customer_type.trim());
    tell(`${customer_type} begins as everybody else`, 'Change what differs, and save.');
  });
  return (
    <FormDialog
      title="New customer type"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Make the type"
      busy={save.busy}
      error={save.error}
    >
      <TextInput
        label="Name"
        placeholder="Wholesale"
        required
        data-autofocus
        maxLength={100}
        {...form.text('customer_type')}
      />
    </FormDialog>
  );
}

type RenameProps = { type: TypeSet; onClose: () => void; onRenamed: (type: string) => void };

function RenameType({ type, onClose, onRenamed }: RenameProps) {
  const { count } = useFrame();
  const rename = useAct(renameCustomerType);
  const { customer_type } = type;
  const form = useFields(
    { new_type: customer_type },
    { new_type: filled('What is the type called from now on?') },
  );
  const submit = form.submit(async ({ new_type }) => {
    await rename.run({ body: { customer_type, new_type } });
    onClose();
    onRenamed(new_type.trim());
    tell(
      `${customer_type} is now ${new_type.trim()}`,
      'Its customers follow; below you see how far that is.',
    );
  });
  return (
    <FormDialog
      title={`Rename ${customer_type}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Rename"
      busy={rename.busy}
      error={rename.error}
    >
      <TextInput label="New name" required data-autofocus maxLength={100} {...form.text('new_type')} />
      <p className="fine">
        {count(type.customers, 'customer')}, its set and its dunning policy are renamed with it. This can be
        undone.
      </p>
    </FormDialog>
  );
}
