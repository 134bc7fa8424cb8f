import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { zMe } from '#features/users/api.ts';
import { getSession, switchOrganization } from '#features/users/api.ts';
import { SignInPage } from '#features/users/ui/staff/sign-in-page.tsx';
import { call } from '#ui/call.ts';

/** The session has ended while a page was open: it waits behind this door, with what was typed on it. */
export function SignInAgain({ me }: { me: z.output<typeof zMe> }) {
  const client = useQueryClient();
  const enter = async (): Promise<void> => {
    const now = await call(getSession);
    const here = me.organization?.id;
    const mayReturn = here && now.user.id === me.user.id && now.organizations.some(({ id }) => id === here);
    // Another person begins anew, and sees nothing of what was open.
    if (!mayReturn) return window.location.assign('/console/');
    await call(switchOrganization, { body: { organization_id: here } });
    await client.invalidateQueries();
  };
  return (
    <Modal
      opened
      fullScreen
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      aria-label="Sign in again"
      transitionProps={{ duration: 0 }}
    >
      <p className="note" role="status">
        You were signed out because nobody touched the page. Sign in as {me.user.email} and go on where you
        were.
      </p>
      <SignInPage onDone={() => void enter()} />
    </Modal>
  );
}
