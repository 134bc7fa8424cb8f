import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { z } from 'zod';
import {
  changePassword,
  requestEmailChange,
  updateProfile,
  type zProfile,
} from '#features/users/profile/api.ts';
import { PasswordField } from '#features/users/ui/staff/password-field.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { emailLike, filled, useFields } from '#ui/use-fields.ts';

type Profile = z.output<typeof zProfile>;
const eye = { 'aria-label': 'Show the password', tabIndex: 0 };

/** Name, address and password of whoever is signed in. */
export function OwnDetails({ profile }: { profile: Profile }) {
  const [moving, move] = useDisclosure();
  const [changing, change] = useDisclosure();
  return (
    <>
      <Sheet title="You">
        <div className="stack">
          <OwnName profile={profile} />
          <div className="row between">
            <span>
              <span className="strong">E-mail</span>
              <span className="cell-under break">{profile.email}</span>
            </span>
            <Button variant="default" size="xs" onClick={move.open}>
              Change e-mail
            </Button>
          </div>
          {profile.new_email && (
            <p className="note" data-tone="accent">
              A link is on its way to <span className="break">{profile.new_email}</span>. Open it in this
              browser; it works for one day.
            </p>
          )}
          <div className="row between">
            <span>
              <span className="strong">Password</span>
              <span className="cell-under">At least 12 characters</span>
            </span>
            <Button variant="default" size="xs" onClick={change.open}>
              Change password
            </Button>
          </div>
        </div>
      </Sheet>
      {moving && <ChangeEmail onClose={move.close} />}
      {changing && <ChangePassword profile={profile} onClose={change.close} />}
    </>
  );
}

function OwnName({ profile }: { profile: Profile }) {
  const save = useAct(updateProfile);
  const form = useFields(
    { first_name: profile.first_name, last_name: profile.last_name },
    { first_name: filled('Enter your first name'), last_name: filled('Enter your last name') },
  );
  const { first_name: first, last_name: last } = form.values;
  const isSame = first === profile.first_name && last === profile.last_name;
  const submit = form.submit(async (body) => {
    await save.run({ body });
    tell('Saved');
  });
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <div className="fields two">
        <TextInput label="First name" required autoComplete="given-name" {...form.text('first_name')} />
        <TextInput label="Last name" required autoComplete="family-name" {...form.text('last_name')} />
      </div>
      <Problem error={save.error} />
      <div>
        <Button type="submit" disabled={isSame} loading={save.busy}>
          Save the name
        </Button>
      </div>
    </form>
  );
}

function ChangeEmail({ onClose }: { onClose: () => void }) {
  const ask = useAct(requestEmailChange);
  const form = useFields(
    { email: '', password: '' },
    { email: emailLike('Enter the new address'), password: filled('Enter your password') },
  );
  const submit = form.submit(async (body) => {
    await ask.run({ body });
    onClose();
    tell(`A link is on its way to ${body.email}`, 'Nothing changes until it is opened.');
  });
  const isShown = form.errors.email || form.errors.password;
  return (
    <FormDialog
      title="Sign in with another address"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Send the link"
      busy={ask.busy}
      error={isShown ? null : ask.error}
    >
      <p>
        We mail a link to the new address. Once you open it, you sign in with that one; the old address is
        told, and can take the change back for 7 days.
      </p>
      <TextInput
        label="New e-mail"
        type="email"
        required
        data-autofocus
        autoComplete="email"
        {...form.text('email')}
      />
      <PasswordInput
        label="Your password"
        required
        autoComplete="current-password"
        visibilityToggleButtonProps={eye}
        {...form.text('password')}
      />
    </FormDialog>
  );
}

function ChangePassword({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const change = useAct(changePassword);
  const form = useFields(
    { password: '', new_password: '' },
    {
      password: filled('Enter the password you have now'),
      new_password: (text) => (text.length >= 12 ? null : 'Use at least 12 characters'),
    },
  );
  const submit = form.submit(async (body) => {
    await change.run({ body });
    onClose();
    tell('Your password is changed', 'Every other device was signed out.');
  });
  const isShown = form.errors.password || form.errors.new_password;
  const { first_name: first, last_name: last, email } = profile;
  return (
    <FormDialog
      title="Change your password"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Change the password"
      busy={change.busy}
      error={isShown ? null : change.error}
    >
      <PasswordInput
        label="Password now"
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={eye}
        {...form.text('password')}
      />
      <PasswordField
        label="New password"
        value={form.values.new_password}
        onChange={(text) => form.set('new_password', text)}
        error={form.errors.new_password}
        personal={[first, last, email.split('@')[0] ?? '']}
      />
      <p className="fine">Every other device is signed out.</p>
    </FormDialog>
  );
}
