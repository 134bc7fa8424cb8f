import { Button, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { createRole, deleteRole, updateRole } from '#features/users/api.ts';
import { scopeWords } from '#features/users/role-rules.ts';
import type { Role } from '#features/users/ui/staff/users-settings.tsx';
import { scopes } from '#lib/endpoint.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

/** Role by permission, in words. */
export function RoleMatrix({ roles }: { roles: Role[] | undefined }) {
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  return (
    <Sheet
      title="What each role may do"
      aside={
        <Button size="xs" variant="default" onClick={() => setEditing('new')}>
          Make a role
        </Button>
      }
    >
      {roles ? <Matrix roles={roles} onEdit={setEditing} /> : <Skeleton height={320} />}
      {editing && (
        <EditRole role={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
      )}
    </Sheet>
  );
}

function Matrix({ roles, onEdit }: { roles: Role[]; onEdit: (role: Role) => void }) {
  const { count } = useFrame();
  return (
    // Scrolled by keys too, for it is wider than a phone.
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Roles and permissions">
      <table className="role-matrix">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">Permission</span>
            </th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                {role.built_in ? (
                  role.name
                ) : (
                  <Button size="compact-xs" variant="subtle" onClick={() => onEdit(role)}>
                    {role.name}
                  </Button>
                )}
                <span className="cell-under">{role.people === 1 ? '1 person' : `${role.people} people`}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scopes.map((scope) => (
            <tr key={scope}>
              <th scope="row">{scopeWords[scope]}</th>
              {roles.map((role) => (
                <td key={role.id}>
                  {role.scopes.includes(scope) ? (
                    <IconCheck size={16} role="img" aria-label="May" />
                  ) : (
                    <span className="hidden">May not</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="fine">{count(roles.length, 'role')}; they combine freely.</p>
    </div>
  );
}

function EditRole({ role, onClose }: { role: Role | undefined; onClose: () => void }) {
  const { can } = useFrame();
  const create = useAct(createRole);
  const update = useAct(updateRole);
  const remove = useAct(deleteRole);
  const form = useFields(
    { name: role?.name ?? '', scopes: role?.scopes ?? [] },
    {
      name: filled('Name it after the work, such as Front desk'),
      scopes: (list) => (list.length > 0 ? null : 'Give it at least one permission'),
    },
  );
  const submit = form.submit(async (body) => {
    if (role) await update.run({ params: { id: role.id }, body });
    else await create.run({ body });
    onClose();
    tell(`${body.name} is saved`);
  });
  const takeAway = async (id: string): Promise<void> => {
    try {
      await remove.run({ params: { id } });
      onClose();
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <FormDialog
      title={role ? role.name : 'Make a role'}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={create.busy || update.busy}
      error={create.error ?? update.error}
      size="lg"
    >
      <TextInput label="Name" required data-autofocus {...form.text('name')} />
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
        <div className="stack tight">
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} disabled={!can(scope)} label={scopeWords[scope]} />
          ))}
        </div>
      </Checkbox.Group>
      {role && (
        <Button variant="subtle" color="brick" loading={remove.busy} onClick={() => void takeAway(role.id)}>
          Remove this role
        </Button>
      )}
    </FormDialog>
  );
}
