import { Checkbox } from '@mantine/core';
import { roleWords } from '#features/users/role-rules.ts';
import type { Role } from '#features/users/ui/staff/users-settings.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  roles: readonly Role[];
  value: readonly string[];
  error: string | undefined;
  onChange: (roles: string[]) => void;
};

/** Roles combine freely; what one may not do oneself one cannot give. */
export function RoleChoice({ roles, value, error, onChange }: Props) {
  const { can } = useFrame();
  return (
    <Checkbox.Group label="Roles" value={[...value]} error={error} onChange={onChange}>
      <div className="stack tight">
        {roles.map((role) => (
          <Checkbox
            key={role.id}
            value={role.id}
            disabled={!role.scopes.every(can)}
            label={role.name}
            description={roleWords[role.id]?.says ?? `${role.scopes.length} permissions of your own choice`}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
