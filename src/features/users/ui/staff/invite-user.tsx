import { TextInput } from '@mantine/core';
import { createInvitation } from '#features/users/api.ts';
import { RoleChoice } from '#features/users/ui/staff/role-choice.tsx';
import type { Role } from '#features/users/ui/staff/users-settings.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { emailLike, filled, useFields } from '#ui/use-fields.ts';

export function InviteUser({ roles, onClose }: { roles: readonly Role[]; onClose: () => void }) {
  const { mode } = useFrame();
  const invite = useAct(createInvitation);
  const form = useFields(
    { first_name: '', last_name: '', email: '', roles: [] as string[] },
    {
      first_name: filled('Enter the first name'),
      last_name: filled('Enter the last name'),
      email: emailLike('Enter the address that the invitation goes to'),
      roles: (list) => (list.length > 0 ? null : 'Choose at least one role'),
    },
  );
  const submit = form.submit(async (body) => {
    await invite.run({ body });
    onClose();
    tell(`${body.email} is invited`, 'The link in the mail works for 7 days.');
  });
  return (
    <FormDialog
      title="Invite somebody"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Send the invitation"
      busy={invite.busy}
      error={invite.error}
      size="lg"
    >
      {mode === 'sandbox' && (
        <p className="note">In practice mode no mail leaves: the invitation waits under Messages.</p>
      )}
      <div className="fields two">
        <TextInput label="First name" required data-autofocus {...form.text('first_name')} />
        <TextInput label="Last name" required {...form.text('last_name')} />
      </div>
      <TextInput label="E-mail" type="email" required {...form.text('email')} />
      <RoleChoice
        roles={roles}
        value={form.values.roles}
        error={form.errors.roles}
        onChange={(list) => form.set('roles', list)}
      />
    </FormDialog>
  );
}
