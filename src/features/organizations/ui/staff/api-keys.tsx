import { Button, Checkbox, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { zApiKey } from '#features/organizations/api.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '#features/organizations/api.ts';
import type { Scope } from '#lib/endpoint.ts';
import { scopes } from '#lib/endpoint.ts';
import { CopyButton } from '#ui/copy.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type ApiKey = z.output<typeof zApiKey>;

function useColumns(onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  const { can, instant } = useFrame();
  return [
    {
      key: 'name',
      title: 'Name',
      slot: 'title',
      cell: ({ name, last4 }) => (
        <>
          <span className="strong">{name}</span>
          <span className="cell-under num">ends in {last4}</span>
        </>
      ),
    },
    {
      key: 'scopes',
      title: 'May',
      slot: 'detail',
      cell: (key) => (
        <span className="fine">
          {key.scopes.length === scopes.length ? 'Everything' : key.scopes.join(', ')}
        </span>
      ),
    },
    {
      key: 'used',
      title: 'Last used',
      slot: 'detail',
      cell: ({ last_used_at: at }) => <span className="num">{at ? instant(at) : 'Never'}</span>,
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (key) =>
        can('settings:write') && (
          <Button size="xs" variant="subtle" color="brick" onClick={() => onRevoke(key)}>
            Revoke
          </Button>
        ),
    },
  ];
}

export function ApiKeys() {
  const { can } = useFrame();
  const keys = useAsk(listApiKeys, { query: { limit: 100 } });
  const [making, make] = useDisclosure();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const columns = useColumns(setRevoking);
  return (
    <>
      <Sheet
        title="API keys"
        flush
        aside={
          can('settings:write') && (
            <Button size="xs" onClick={make.open}>
              Make a key
            </Button>
          )
        }
      >
        <Problem error={keys.error} onRetry={() => void keys.refetch()} />
        <DataTable
          label="API keys"
          columns={columns}
          rows={keys.data?.data}
          idOf={({ id }) => id}
          keys={false}
          empty={
            <Empty title="No API keys" icon={<IconKey size={22} stroke={1.5} />}>
              A key lets another program work here with the permissions you give it.
            </Empty>
          }
        />
      </Sheet>
      {making && <MakeKey onClose={make.close} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const create = useAct(createApiKey);
  const [token, setToken] = useState<string>();
  const form = useFields(
    { name: '', scopes: [] as Scope[] },
    {
      name: filled('Name it after the program that will use it'),
      scopes: (list) => (list.length > 0 ? null : 'Give it at least one permission'),
    },
  );
  const submit = form.submit(async (body) => setToken((await create.run({ body })).token));
  if (token) {
    return (
      <FormDialog title="Your new key" opened onClose={onClose} size="lg">
        <p className="note" data-tone="warn">
          Copy it now: only its last four characters are kept, and it cannot be shown again.
        </p>
        <div className="row between">
          <code className="break">{token}</code>
          <CopyButton size="xs" text={token}>
            Copy
          </CopyButton>
        </div>
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title="Make an API key"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Make the key"
      busy={create.busy}
      error={create.error}
      size="lg"
    >
      <TextInput label="Name" required data-autofocus placeholder="Warehouse sync" {...form.text('name')} />
      <Checkbox.Group
        label="It may"
        value={form.values.scopes}
        error={form.errors.scopes}
        onChange={(list) =>
          form.set(
            'scopes',
            scopes.filter((scope) => list.includes(scope)),
          )
        }
      >
        <div className="fields two scope-list">
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={<code>{scope}</code>} />
          ))}
        </div>
      </Checkbox.Group>
    </FormDialog>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useAct(revokeApiKey);
  const run = async (): Promise<void> => {
    if (!(await revoke.run({ params: { id: apiKey.id } }).catch(() => undefined))) return;
    onClose();
    tell(`${apiKey.name} is revoked`);
  };
  return (
    <FormDialog
      title={`Revoke ${apiKey.name}?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Revoke"
      danger
      busy={revoke.busy}
      error={revoke.error}
    >
      <p>
        Whatever uses the key that ends in <code>{apiKey.last4}</code> stops working at once.
      </p>
    </FormDialog>
  );
}
