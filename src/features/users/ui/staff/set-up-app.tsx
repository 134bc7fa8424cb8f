import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { beginAuthenticator, confirmAuthenticator } from '#features/users/second-factor/api.ts';
import { RecoveryCodeList } from '#features/users/ui/staff/recovery-code-list.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { Problem } from '#ui/problem.tsx';
import { QrCode } from '#ui/qr-code.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Setup = { secret: string; url: string };

/** Password, picture, code, recovery codes: in a dialog of the profile, or at the door that asks for it. */
export function SetUpApp({ onDone }: { onDone: () => void }) {
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) return <RecoveryCodeList codes={codes} onDone={onDone} />;
  if (setup) return <ConfirmApp {...setup} onCodes={setCodes} />;
  return <BeginApp onSetup={setSetup} />;
}

function BeginApp({ onSetup }: { onSetup: (setup: Setup) => void }) {
  const begin = useAct(beginAuthenticator, { readAgain: false });
  const form = useFields({ password: '' }, { password: filled('Enter your password') });
  const submit = form.submit(async (body) => onSetup(await begin.run({ body })));
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <p>
        You need an authenticator app on your phone, such as Google Authenticator, Microsoft Authenticator,
        1Password or Aegis. It shows a new code every 30 seconds.
      </p>
      <PasswordInput
        label="Your password"
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        {...form.text('password')}
      />
      {!form.errors.password && <Problem error={begin.error} />}
      <div className="dialog-actions">
        <Button type="submit" loading={begin.busy}>
          Next
        </Button>
      </div>
    </form>
  );
}

/** `ABCD EFGH …`: easier to type into a phone. */
const inFours = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ');

function ConfirmApp({ secret, url, onCodes }: Setup & { onCodes: (codes: readonly string[]) => void }) {
  const confirm = useAct(confirmAuthenticator, { readAgain: false });
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const form = useFields({ code: '' }, { code: filled('Enter the six digits that the app shows') });
  const submit = form.submit(async (body) => onCodes((await confirm.run({ body })).codes));
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <p>Scan this with the app, then enter the code that it shows.</p>
      <QrCode text={url} label="QR code for your authenticator app" />
      <div className="stack tight">
        <span className="fine">No camera? Enter this key in the app:</span>
        <span className="row between">
          <code className="app-secret">{inFours(secret)}</code>
          <CopyButton size="xs" text={secret}>
            Copy key
          </CopyButton>
        </span>
      </div>
      <TextInput
        ref={field}
        label="Code"
        required
        className="code-field"
        autoComplete="one-time-code"
        inputMode="numeric"
        {...form.text('code')}
      />
      {!form.errors.code && <Problem error={confirm.error} />}
      <div className="dialog-actions">
        <Button type="submit" loading={confirm.busy}>
          Turn it on
        </Button>
      </div>
    </form>
  );
}
