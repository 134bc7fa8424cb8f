import { Checkbox, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { zGatewayVendor } from '#features/gateway-accounts/api.ts';
import { connectGateway, listGatewayVendors, updateGatewayAccount } from '#features/gateway-accounts/api.ts';
import type { Account } from '#features/gateway-accounts/ui/staff/gateway-settings.tsx';
import { type Kind, kindWords } from '#features/gateway-accounts/ui/staff/gateway-words.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { fieldsOf, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Vendor = z.output<typeof zGatewayVendor>;
type Typed = { vendor: string; name: string; credentials: Record<string, string>; takes: Kind[] };

/** Connect a gateway, or change one: its credentials are tried with the vendor before anything is kept. */
export function ConnectDialog({ account, onClose }: { account?: Account; onClose: () => void }) {
  const vendors = useAsk(listGatewayVendors);
  const connect = useAct(connectGateway);
  const update = useAct(updateGatewayAccount);
  const [typed, setTyped] = useState<Typed>({
    vendor: account?.vendor ?? '',
    name: account?.name ?? '',
    credentials: {},
    takes: account?.takes ?? [],
  });
  const vendor = vendors.data?.data.find((each) => each.vendor === typed.vendor);
  const choose = (name: string | null): void => {
    const chosen = vendors.data?.data.find((each) => each.vendor === name);
    if (chosen) setTyped({ vendor: chosen.vendor, name: chosen.name, credentials: {}, takes: chosen.kinds });
  };
  const send = async (): Promise<void> => {
    const credentials = Object.fromEntries(
      Object.entries(typed.credentials).filter(([, value]) => value.trim() !== ''),
    );
    const { vendor: name, takes } = typed;
    const done = account
      ? await update
          .run({
            params: { id: account.id },
            body: {
              name: typed.name,
              takes,
              ...(Object.keys(credentials).length > 0 ? { credentials } : {}),
            },
          })
          .catch(() => undefined)
      : await connect
          .run({ body: { vendor: name, name: typed.name, credentials, takes } })
          .catch(() => undefined);
    if (!done) return;
    onClose();
    tell(account ? `${done.name} is changed` : `${done.name} is connected`);
  };
  const error = account ? update.error : connect.error;
  return (
    <FormDialog
      title={account ? `Change ${account.name}` : 'Connect a payment gateway'}
      opened
      onClose={onClose}
      onSubmit={send}
      submit={account ? 'Save' : 'Test and connect'}
      busy={connect.busy || update.busy}
      disabled={!vendor}
      error={Object.keys(fieldsOf(error)).length > 0 ? null : error}
      size="lg"
    >
      {!account && (
        <Select
          label="Gateway"
          required
          data-autofocus
          placeholder="Choose one"
          data={(vendors.data?.data ?? [])
            .filter(({ connectable }) => connectable)
            .map((each) => ({ value: each.vendor, label: each.name }))}
          value={typed.vendor || null}
          onChange={choose}
        />
      )}
      {vendor && (
        <VendorFields vendor={vendor} typed={typed} onChange={setTyped} isNew={!account} error={error} />
      )}
    </FormDialog>
  );
}

type FieldsProps = {
  vendor: Vendor;
  typed: Typed;
  onChange: (typed: Typed) => void;
  isNew: boolean;
  error: Error | null;
};

function VendorFields({ vendor, typed, onChange, isNew, error }: FieldsProps) {
  const faults = fieldsOf(error);
  const put = (name: string, value: string): void =>
    onChange({ ...typed, credentials: { ...typed.credentials, [name]: value } });
  return (
    <>
      <TextInput
        label="Name"
        description="How staff tells it from others"
        value={typed.name}
        onChange={(event) => onChange({ ...typed, name: event.currentTarget.value })}
      />
      {vendor.credentials.map((field) => {
        const props = {
          label: field.label,
          description: field.help,
          required: isNew && !field.later,
          value: typed.credentials[field.name] ?? '',
          error: faults[`credentials.${field.name}`],
          ...(isNew ? {} : { placeholder: 'Unchanged' }),
        };
        if (field.options)
          return (
            <Select
              key={field.name}
              {...props}
              data={field.options}
              value={props.value || null}
              onChange={(value) => put(field.name, value ?? '')}
            />
          );
        const Input = field.secret ? PasswordInput : TextInput;
        return (
          <Input
            key={field.name}
            {...props}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => put(field.name, event.currentTarget.value)}
          />
        );
      })}
      <Checkbox.Group
        label="Send its way"
        description="What another gateway takes now moves to this one"
        value={typed.takes}
        onChange={(takes) =>
          onChange({ ...typed, takes: vendor.kinds.filter((kind) => takes.includes(kind)) })
        }
      >
        <div className="row">
          {vendor.kinds.map((kind) => (
            <Checkbox key={kind} value={kind} label={kindWords[kind]} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}
