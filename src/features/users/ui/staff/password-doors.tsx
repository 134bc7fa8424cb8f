import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { requestPasswordReset, resetPassword } from '#features/users/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { PasswordField } from '#features/users/ui/staff/password-field.tsx';
import { Empty, useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { emailLike, useFields } from '#ui/use-fields.ts';

/** Ask for a link by mail. It never says whether the address is known. */
export function ForgotPasswordPage({ signIn }: { signIn: ReactNode }) {
  const ask = useAct(requestPasswordReset, { readAgain: false });
  const [sent, setSent] = useState(false);
  const form = useFields({ email: '' }, { email: emailLike('Enter the e-mail address you sign in with') });
  useTitle('Forgotten password');
  const submit = form.submit(async (body) => {
    await ask.run({ body });
    setSent(true);
  });
  if (sent)
    return (
      <Door>
        <Empty title="Look into your mail" action={signIn}>
          If {form.values.email} signs in here, a link is on its way. It works for one hour.
        </Empty>
      </Door>
    );
  return (
    <Door>
      <h1>Forgotten password</h1>
      <p className="door-lead">We mail you a link to choose a new one.</p>
      <form onSubmit={submit} className="stack" noValidate>
        <TextInput label="E-mail" type="email" autoComplete="username" size="md" {...form.text('email')} />
        <Problem error={ask.error} />
        <Button type="submit" size="md" loading={ask.busy}>
          Mail me a link
        </Button>
        {signIn}
      </form>
    </Door>
  );
}

/** What that link opens. */
export function NewPasswordPage({ token, signIn }: { token: string; signIn: ReactNode }) {
  const reset = useAct(resetPassword, { readAgain: false });
  const [done, setDone] = useState(false);
  const form = useFields(
    { password: '' },
    { password: (text) => (text.length >= 12 ? null : 'Use at least 12 characters') },
  );
  useTitle('New password');
  const submit = form.submit(async ({ password }) => {
    await reset.run({ body: { token, password } });
    setDone(true);
  });
  if (done)
    return (
      <Door>
        <Empty title="Your password is changed" action={signIn}>
          Every device was signed out. Sign in with the new one.
        </Empty>
      </Door>
    );
  return (
    <Door>
      <h1>Choose a new password</h1>
      <form onSubmit={submit} className="stack" noValidate>
        <PasswordField
          value={form.values.password}
          onChange={(text) => form.set('password', text)}
          error={form.errors.password}
          personal={[]}
        />
        <Problem error={reset.error} />
        <Button type="submit" size="md" loading={reset.busy}>
          Change the password
        </Button>
      </form>
    </Door>
  );
}
