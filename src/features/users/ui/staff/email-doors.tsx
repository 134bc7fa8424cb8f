import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { confirmEmailChange, undoEmailChange } from '#features/users/profile/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { ApiError } from '#ui/call.ts';
import { Empty, useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type ConfirmProps = { token: string; signIn: ReactNode; home: ReactNode };

/** The link at the new address. A press of a button, for mail programs open links by themselves. */
export function ConfirmEmailPage({ token, signIn, home }: ConfirmProps) {
  const confirm = useAct(confirmEmailChange, { readAgain: false });
  const [email, setEmail] = useState<string>();
  useTitle('New address');
  const run = async (): Promise<void> => {
    const profile = await confirm.run({ body: { token } }).catch(() => undefined);
    if (profile) setEmail(profile.email);
  };
  const isOut = confirm.error instanceof ApiError && confirm.error.status === 401;
  if (email)
    return (
      <Door>
        <Empty title="Your address is changed" action={home}>
          You sign in as {email} from now on. Every other device was signed out.
        </Empty>
      </Door>
    );
  if (isOut)
    return (
      <Door>
        <Empty title="Sign in first" action={signIn}>
          The link works where you are signed in, so that nobody else can take your sign-in over. Sign in with
          the address you have now.
        </Empty>
      </Door>
    );
  return (
    <Door>
      <h1>Sign in with this address?</h1>
      <p className="door-lead">From then on it is the address of your sign-in to Owed.</p>
      <div className="stack">
        <Problem error={confirm.error} />
        <Button size="md" loading={confirm.busy} onClick={() => void run()}>
          Use this address
        </Button>
      </div>
    </Door>
  );
}

/** The link at the old address: the change was somebody else's, so a new password comes next. */
export function UndoEmailPage({ token, onDone }: { token: string; onDone: (passwordToken: string) => void }) {
  const undo = useAct(undoEmailChange, { readAgain: false });
  useTitle('Take the change back');
  const run = async (): Promise<void> => {
    const reply = await undo.run({ body: { token } }).catch(() => undefined);
    if (reply) onDone(reply.password_token);
  };
  return (
    <Door>
      <h1>Take the change back?</h1>
      <p className="door-lead">
        Your sign-in gets its old address back, every device is signed out, and you choose a new password
        next: whoever changed the address may know the one you have.
      </p>
      <div className="stack">
        <Problem error={undo.error} />
        <Button size="md" loading={undo.busy} onClick={() => void run()}>
          Take it back
        </Button>
      </div>
    </Door>
  );
}
