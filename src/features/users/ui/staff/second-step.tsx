import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { passSecondStep } from '#features/users/second-factor/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { ApiError } from '#ui/call.ts';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { token: string; onDone: () => void; onBack: () => void };

/** The password was right: now the code of the app, or one of the recovery codes. */
export function SecondStep({ token, onDone, onBack }: Props) {
  const [byPaper, setByPaper] = useState(false);
  const pass = useAct(passSecondStep, { readAgain: false });
  const form = useFields({ code: '' }, { code: filled('Enter the code') });
  const field = useRef<HTMLInputElement>(null);
  useTitle('Second step');
  useEffect(() => field.current?.focus(), [byPaper]);
  const submit = form.submit(async ({ code }) => {
    try {
      await pass.run({ body: { token, code } });
      onDone();
    } catch (error) {
      form.set('code', '');
      throw error;
    }
  });
  const isOver = pass.error instanceof ApiError && pass.error.code === 'link_expired';
  const other = (): void => {
    pass.reset();
    form.set('code', '');
    setByPaper(!byPaper);
  };
  return (
    <Door>
      <h1>{byPaper ? 'Enter a recovery code' : 'Enter the code'}</h1>
      <p className="door-lead">
        {byPaper
          ? 'One of the ten that you kept when you set up the app. Each works once.'
          : 'Your authenticator app shows six digits for Owed.'}
      </p>
      <form onSubmit={submit} className="stack" noValidate>
        <TextInput
          key={String(byPaper)}
          ref={field}
          label={byPaper ? 'Recovery code' : 'Code'}
          size="md"
          className="code-field"
          autoComplete={byPaper ? 'off' : 'one-time-code'}
          inputMode={byPaper ? 'text' : 'numeric'}
          placeholder={byPaper ? 'XXXXX-XXXXX' : undefined}
          {...form.text('code')}
        />
        {!form.errors.code && <Problem error={pass.error} />}
        {isOver ? (
          <Button size="md" onClick={onBack}>
            Begin again
          </Button>
        ) : (
          <Button type="submit" size="md" loading={pass.busy}>
            Sign in
          </Button>
        )}
        <div className="row between">
          <button type="button" className="text-button" onClick={other}>
            {byPaper ? 'Use the app instead' : 'Use a recovery code'}
          </button>
          <button type="button" className="text-button" onClick={onBack}>
            Back
          </button>
        </div>
      </form>
    </Door>
  );
}
