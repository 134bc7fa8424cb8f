import { PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { connectChannel, listChannelVendors } from '#features/channel-accounts/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { fieldsOf, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = { channel: 'sms' | 'paper'; what: string; onClose: () => void };

/** Connect a carrier, or give it new credentials: they are tried before anything is kept. */
export function ConnectCarrier({ channel, what, onClose }: Props) {
  const vendors = useAsk(listChannelVendors);
  const connect = useAct(connectChannel);
  const mine = vendors.data?.data.filter((each) => each.channel === channel) ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const vendor = mine.find((each) => each.vendor === chosen) ?? (mine.length === 1 ? mine[0] : undefined);
  const faults = fieldsOf(connect.error);
  const send = async (): Promise<void> => {
    const credentials = Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== ''));
    const done = await connect
      .run({ body: { vendor: vendor?.vendor ?? '', credentials } })
      .catch(() => undefined);
    if (!done) return;
    onClose();
    tell(`${done.vendor_name} takes your ${what} now`);
  };
  return (
    <FormDialog
      title={`Who takes your ${what}`}
      opened
      onClose={onClose}
      onSubmit={send}
      submit="Test and connect"
      busy={connect.busy}
      disabled={!vendor}
      error={Object.keys(faults).length > 0 ? null : connect.error}
      size="lg"
    >
      <Select
        label="Carrier"
        required
        data={mine.map((each) => ({ value: each.vendor, label: each.name }))}
        value={vendor?.vendor ?? null}
        onChange={choose}
      />
      {vendor?.credentials.map((field) => {
        const Input = field.secret ? PasswordInput : TextInput;
        return (
          <Input
            key={field.name}
            label={field.label}
            description={field.help}
            required={!field.later}
            autoComplete="off"
            spellCheck={false}
            value={typed[field.name] ?? ''}
            error={faults[`credentials.${field.name}`]}
            onChange={(event) => setTyped({ ...typed, [field.name]: event.currentTarget.value })}
          />
        );
      })}
    </FormDialog>
  );
}
