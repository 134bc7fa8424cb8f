import { PasswordInput } from '@mantine/core';
import { connectIdentity } from '#features/oidc/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { id: string; label: string; onClose: () => void };

/** Another key to one's sign-in is made by who knows the password: an open page is not the person. */
export function ConnectIdentity({ id, label, onClose }: Props) {
  const connect = useAct(connectIdentity, { readAgain: false });
  const form = useFields({ password: '' }, { password: filled('Enter your password') });
  const submit = form.submit(async ({ password }) => {
    const { url } = await connect.run({ body: { provider_id: id, password } });
    window.location.assign(url);
  });
  return (
    <FormDialog
      title={`Connect ${label}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={`Go on to ${label}`}
      busy={connect.busy}
      error={form.errors.password ? null : connect.error}
    >
      <p>Whoever signs in to your account there comes in here as you, without your password.</p>
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
