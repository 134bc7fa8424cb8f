import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { updateUser } from '#features/users/api.ts';
import { ResetSecondFactor } from '#features/users/ui/staff/reset-second-factor.tsx';
import { RoleChoice } from '#features/users/ui/staff/role-choice.tsx';
import type { Role, User } from '#features/users/ui/staff/users-settings.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { user: User; roles: readonly Role[]; onClose: () => void };

export function EditUser(props: Props) {
  const [resetting, setResetting] = useState(false);
  if (resetting) return <ResetSecondFactor user={props.user} onClose={props.onClose} />;
  return <EditForm {...props} onReset={() => setResetting(true)} />;
}

function EditForm({ user, roles, onClose, onReset }: Props & { onReset: () => void }) {
  const update = useAct(updateUser);
  const form = useFields(
    {
      first_name: user.first_name,
      last_name: user.last_name,
      roles: user.roles,
      disabled: user.state === 'disabled',
    },
    {
      first_name: filled('Enter the first name'),
      last_name: filled('Enter the last name'),
      roles: (list) => (list.length > 0 ? null : 'Choose at least one role'),
    },
  );
  const submit = form.submit(async (values) => {
    // Only what was changed: a name, for one, may not be ours to change.
    const body = {
      ...(values.first_name === user.first_name ? {} : { first_name: values.first_name }),
      ...(values.last_name === user.last_name ? {} : { last_name: values.last_name }),
      ...(values.roles.join() === user.roles.join() ? {} : { roles: values.roles as never[] }),
      ...(values.disabled === (user.state === 'disabled') ? {} : { disabled: values.disabled }),
    };
    await update.run({ params: { id: user.id }, body });
    onClose();
    tell('Saved');
  });
  return (
    <FormDialog
      title={user.email}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={update.busy}
      error={update.error}
      size="lg"
    >
      <div className="fields two">
        <TextInput label="First name" required {...form.text('first_name')} />
        <TextInput label="Last name" required {...form.text('last_name')} />
      </div>
      <RoleChoice
        roles={roles}
        value={form.values.roles}
        error={form.errors.roles}
        onChange={(list) => form.set('roles', list)}
      />
      <Switch
        label="Disabled"
        description="Signed out at once on every device, and cannot come in until enabled again."
        {...form.flag('disabled')}
      />
      {user.has_second_factor && (
        <div className="row between">
          <span>
            <span className="strong">Second factor</span>
            <span className="cell-under">Phone and recovery codes are lost?</span>
          </span>
          <Button variant="default" size="xs" onClick={onReset}>
            Reset second factor
          </Button>
        </div>
      )}
    </FormDialog>
  );
}
