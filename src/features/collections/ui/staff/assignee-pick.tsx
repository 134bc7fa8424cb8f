import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { listAssignees } from '#features/collections/api.ts';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = {
  label: ReactNode;
  description?: string;
  value: string | null;
  onChange: (id: string | null) => void;
  error?: string | undefined;
};

/** Somebody of the staff, or nobody. */
export function AssigneePick({ label, value, onChange, ...rest }: Props) {
  const people = useAsk(listAssignees).data?.data ?? [];
  return (
    <Select
      {...rest}
      label={label}
      placeholder="Nobody"
      clearable
      data={people.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
    />
  );
}
