import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { signIn } from '#features/users/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { PasskeyButton } from '#features/users/ui/staff/passkey-button.tsx';
import { SecondStep } from '#features/users/ui/staff/second-step.tsx';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { emailLike, filled, useFields } from '#ui/use-fields.ts';

type Props = {
  onDone: () => void;
  /** Other ways in, for the address that was typed; and why one of them ended here. */
  others?: (email: string) => ReactNode;
  note?: ReactNode;
};

export function SignInPage(props: Props) {
  const [step, setStep] = useState<string>();
  if (step) return <SecondStep token={step} onDone={props.onDone} onBack={() => setStep(undefined)} />;
  return <FirstStep {...props} onStep={setStep} />;
}

function FirstStep({ onDone, onStep, others, note }: Props & { onStep: (token: string) => void }) {
  const enter = useAct(signIn, { readAgain: false });
  const form = useFields(
    { email: '', password: '' },
    {
      email: emailLike('Enter the e-mail address you sign in with'),
      password: filled('Enter your password'),
    },
  );
  const email = useRef<HTMLInputElement>(null);
  useTitle('Sign in');
  useEffect(() => email.current?.focus(), []);
  const submit = form.submit(async (body) => {
    try {
      const reply = await enter.run({ body });
      if (reply.object === 'second_step') onStep(reply.token);
      else onDone();
    } catch (error) {
      form.set('password', '');
      throw error;
    }
  });
  return (
    <Door>
      <h1>Sign in</h1>
      <p className="door-lead">For the people who send the invoices. Customers sign in at their portal.</p>
      <form onSubmit={submit} className="stack" noValidate>
        {note}
        <TextInput
          ref={email}
          label="E-mail"
          type="email"
          autoComplete="username"
          size="md"
          {...form.text('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          {...form.text('password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <Problem error={enter.error} />
        <Button type="submit" size="md" loading={enter.busy}>
          Sign in
        </Button>
        <PasskeyButton onDone={onDone} />
        <Link to="/forgot-password">Forgotten your password?</Link>
      </form>
      {others?.(form.values.email)}
    </Door>
  );
}
