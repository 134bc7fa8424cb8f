import { Button } from '@mantine/core';
import { browserSupportsWebAuthn, startAuthentication } from '@simplewebauthn/browser';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { beginPasskeySignIn, signInByPasskey } from '#features/users/passkeys/api.ts';
import { passkeyProblem } from '#features/users/ui/staff/passkey-errors.ts';
import { call } from '#ui/call.ts';
import { Problem } from '#ui/problem.tsx';

/** In by a finger, a face or the PIN of the device: no password, no code. */
export function PasskeyButton({ onDone }: { onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  if (!browserSupportsWebAuthn()) return null;
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const optionsJSON = await call(beginPasskeySignIn);
      const credential = await startAuthentication({ optionsJSON });
      await call(signInByPasskey, { body: { credential: { ...credential, type: 'public-key' } } });
      onDone();
    } catch (problem) {
      setError(passkeyProblem(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size="md"
        variant="default"
        loading={busy}
        leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden />}
        onClick={() => void run()}
      >
        Sign in with a passkey
      </Button>
      <Problem error={error} />
    </>
  );
}
