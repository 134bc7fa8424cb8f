import { PasswordInput, TextInput } from '@mantine/core';
import { startRegistration } from '@simplewebauthn/browser';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPasskey, beginPasskey } from '#features/users/passkeys/api.ts';
import { passkeyProblem } from '#features/users/ui/staff/passkey-errors.ts';
import { deviceOf } from '#lib/device.ts';
import { call } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { filled, useFields } from '#ui/use-fields.ts';

/** Password, then the device asks for finger, face or PIN and makes the key. */
export function AddPasskey({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const form = useFields(
    { name: deviceOf(navigator.userAgent), password: '' },
    { name: filled('Name it after the device'), password: filled('Enter your password') },
  );
  const submit = form.submit(async ({ name, password }) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const optionsJSON = await call(beginPasskey, { body: { password } });
      const credential = await startRegistration({ optionsJSON });
      await call(addPasskey, { body: { name, credential: { ...credential, type: 'public-key' } } });
      onClose();
      tell(`${name} signs you in from now on`);
      await client.invalidateQueries();
    } catch (error) {
      setProblem(passkeyProblem(error));
      throw error;
    } finally {
      setBusy(false);
    }
  });
  return (
    <FormDialog
      title="Add a passkey"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Make the passkey"
      busy={busy}
      error={form.errors.password || form.errors.name ? null : (problem ?? null)}
    >
      <p>
        Your device, or your password manager, makes a key and asks for your finger, face or PIN whenever it
        is used.
      </p>
      <TextInput label="Name" required maxLength={60} {...form.text('name')} />
      <PasswordInput
        label="Your password"
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        {...form.text('password')}
      />
    </FormDialog>
  );
}
