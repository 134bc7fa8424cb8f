import { Select } from '@mantine/core';
import { getCustomerDefaults } from '#features/customer-defaults/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = { value: string | undefined; onChange: (type: string | undefined) => void };

/** Customers of one type; one that is gone stays chosen until it is cleared. */
export function TypeFilter({ value, onChange }: Props) {
  const { can } = useFrame();
  const known = useAsk(getCustomerDefaults, {}, { enabled: can('settings:read') });
  const types = known.data?.types.map(({ customer_type: type }) => type) ?? [];
  const all = value && !types.includes(value) ? [...types, value] : types;
  if (all.length === 0) return null;
  return (
    <Select
      className="filter-choice"
      aria-label="Customer type"
      placeholder="Any type"
      clearable
      searchable
      data={all}
      value={value ?? null}
      onChange={(type) => onChange(type ?? undefined)}
    />
  );
}
