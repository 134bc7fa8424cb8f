import { Select } from '@mantine/core';
import { listGatewayAccounts } from '#features/gateway-accounts/api.ts';
import type { PickerProps } from '#ui/fields.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** One of the organization's gateway accounts, those of former times included. */
export function GatewayPick({ id, onChange, label, placeholder, clearable }: PickerProps) {
  const accounts = useAsk(listGatewayAccounts);
  return (
    <Select
      aria-label={label}
      data={(accounts.data?.data ?? []).map((account) => ({ value: account.id, label: account.name }))}
      value={id ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      {...(placeholder ? { placeholder } : {})}
      {...(clearable ? { clearable } : {})}
    />
  );
}
