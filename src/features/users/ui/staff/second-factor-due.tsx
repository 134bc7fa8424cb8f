import { Button } from '@mantine/core';
import { Door } from '#features/users/ui/staff/door.tsx';
import { SetUpApp } from '#features/users/ui/staff/set-up-app.tsx';
import { useTitle } from '#ui/page.tsx';

type Props = { organizationName: string; onDone: () => void; onLeave: () => void };

/** The organization lets nobody in by a password alone, and this person has nothing else yet. */
export function SecondFactorDue({ organizationName, onDone, onLeave }: Props) {
  useTitle('Second factor');
  return (
    <Door
      aside={
        <Button variant="subtle" color="ink" onClick={onLeave}>
          Sign out
        </Button>
      }
    >
      <h1>One more lock</h1>
      <p className="door-lead">
        {organizationName} asks everybody for a second factor. Set one up now; it takes two minutes. You have
        a passkey? Sign out and sign in with it.
      </p>
      <SetUpApp onDone={onDone} />
    </Door>
  );
}
