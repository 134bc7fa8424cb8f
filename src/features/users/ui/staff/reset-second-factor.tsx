import { resetSecondFactor } from '#features/users/second-factor/api.ts';
import type { User } from '#features/users/ui/staff/users-settings.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** For a colleague who has lost phone and recovery codes. */
export function ResetSecondFactor({ user, onClose }: { user: User; onClose: () => void }) {
  const reset = useAct(resetSecondFactor);
  const run = async (): Promise<void> => {
    if (!(await reset.run({ params: { id: user.id } }).catch(() => undefined))) return;
    onClose();
    tell(`The second factor of ${user.email} is reset`, 'They were told by mail.');
  };
  return (
    <FormDialog
      title="Reset the second factor?"
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Reset it"
      danger
      busy={reset.busy}
      error={reset.error}
    >
      <p>
        The authenticator app, recovery codes and passkeys of <strong className="break">{user.email}</strong>{' '}
        stop working, and every device is signed out. The password alone signs in then.
      </p>
      <p className="note" data-tone="warn">
        Be sure that it is them who asks: call them, or see them. A mail tells them, and the audit log keeps
        it.
      </p>
    </FormDialog>
  );
}
