import { getCustomer, listCustomers } from '#features/customers/api.ts';
import { call } from '#ui/call.ts';
import type { PickerProps } from '#ui/fields.tsx';
import { PickField } from '#ui/fields.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const find = async (letters: string) => {
  const found = await call(listCustomers, { query: { q: letters || undefined, limit: 20 } });
  return found.data.map((customer) => ({ value: customer.id, label: customer.display_name }));
};

/** A customer by a few letters of its name. */
export function CustomerPick({ id, onChange, ...rest }: PickerProps) {
  const customer = useAsk(getCustomer, { params: { id: id ?? '' } }, { enabled: Boolean(id) });
  const value = id ? { value: id, label: customer.data?.display_name ?? 'One customer' } : null;
  return (
    <PickField
      {...rest}
      source="customers"
      find={find}
      value={value}
      onChange={(choice) => onChange(choice?.value)}
    />
  );
}
