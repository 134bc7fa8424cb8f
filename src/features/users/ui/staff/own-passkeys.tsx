import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { listPasskeys, removePasskey, renamePasskey, type zPasskey } from '#features/users/passkeys/api.ts';
import { AddPasskey } from '#features/users/ui/staff/add-passkey.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Passkey = z.output<typeof zPasskey>;
type Doing = { what: 'rename' | 'remove'; passkey: Passkey };

function useColumns(onDo: (doing: Doing) => void): Column<Passkey>[] {
  const { instant } = useFrame();
  return [
    {
      key: 'name',
      title: 'Name',
      slot: 'title',
      cell: ({ name, is_backed_up: isBackedUp }) => (
        <>
          <span className="strong break">{name}</span>
          <span className="cell-under">
            {isBackedUp ? 'Kept by a password manager, for all its devices' : 'On one device alone'}
          </span>
        </>
      ),
    },
    {
      key: 'made',
      title: 'Added',
      slot: 'wide-only',
      cell: ({ created_at: at }) => <span className="num">{instant(at)}</span>,
    },
    {
      key: 'used',
      title: 'Last used',
      slot: 'detail',
      cell: ({ last_used_at: at }) => (
        <span className="num">
          <span className="narrow-only">Last used: </span>
          {at ? instant(at) : 'Not yet'}
        </span>
      ),
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (passkey) => (
        <span className="row">
          <Button
            size="xs"
            variant="subtle"
            aria-label={`Rename ${passkey.name}`}
            onClick={() => onDo({ what: 'rename', passkey })}
          >
            Rename
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="brick"
            aria-label={`Remove ${passkey.name}`}
            onClick={() => onDo({ what: 'remove', passkey })}
          >
            Remove
          </Button>
        </span>
      ),
    },
  ];
}

/** The passkeys of whoever is signed in. */
export function OwnPasskeys() {
  const passkeys = useAsk(listPasskeys);
  const [adding, add] = useDisclosure();
  const [doing, setDoing] = useState<Doing>();
  const columns = useColumns(setDoing);
  const canAdd = browserSupportsWebAuthn();
  const close = (): void => setDoing(undefined);
  return (
    <Sheet
      title="Passkeys"
      flush
      aside={
        canAdd && (
          <Button size="xs" onClick={add.open}>
            Add a passkey
          </Button>
        )
      }
    >
      <Problem error={passkeys.error} onRetry={() => void passkeys.refetch()} />
      <DataTable
        label="Passkeys"
        columns={columns}
        rows={passkeys.data?.data}
        idOf={({ id }) => id}
        keys={false}
        empty={
          <Empty title="No passkeys" icon={<IconFingerprint size={22} stroke={1.5} />}>
            {canAdd
              ? 'A passkey signs you in by finger, face or PIN, without a password and without a code.'
              : 'This browser can make passkeys only at an https address.'}
          </Empty>
        }
      />
      {adding && <AddPasskey onClose={add.close} />}
      {doing?.what === 'rename' && <RenamePasskey passkey={doing.passkey} onClose={close} />}
      {doing?.what === 'remove' && <RemovePasskey passkey={doing.passkey} onClose={close} />}
    </Sheet>
  );
}

type DialogProps = { passkey: Passkey; onClose: () => void };

function RenamePasskey({ passkey, onClose }: DialogProps) {
  const rename = useAct(renamePasskey);
  const form = useFields({ name: passkey.name }, { name: filled('Name it after the device') });
  const submit = form.submit(async (body) => {
    await rename.run({ params: { id: passkey.id }, body });
    onClose();
    tell('Saved');
  });
  return (
    <FormDialog
      title="Rename the passkey"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={rename.busy}
      error={rename.error}
    >
      <TextInput label="Name" required data-autofocus maxLength={60} {...form.text('name')} />
    </FormDialog>
  );
}

function RemovePasskey({ passkey, onClose }: DialogProps) {
  const remove = useAct(removePasskey);
  const run = async (): Promise<void> => {
    if (!(await remove.run({ params: { id: passkey.id } }).catch(() => undefined))) return;
    onClose();
    tell(`${passkey.name} is removed`);
  };
  return (
    <FormDialog
      title={`Remove ${passkey.name}?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Remove"
      danger
      busy={remove.busy}
      error={remove.error}
    >
      <p>It signs nobody in any more. Remove it on the device as well, or it is offered there in vain.</p>
    </FormDialog>
  );
}
