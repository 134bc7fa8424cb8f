import { Button, Skeleton, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { z } from 'zod';
import { acceptInvitation, getInvitation } from '#features/users/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { PasswordField } from '#features/users/ui/staff/password-field.tsx';
import { Empty, useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { token: string; onDone: () => void; signIn: ReactNode };
type Invited = z.output<typeof getInvitation.reply>;

/** What the link in an invitation opens. */
export function InvitationPage(props: Props) {
  const invitation = useAsk(getInvitation, { query: { token: props.token } });
  const [joined, setJoined] = useState(false);
  useTitle('Invitation');
  if (invitation.error && !joined)
    return (
      <Door>
        <Empty title="This invitation does not open anything" action={props.signIn}>
          {invitation.error.message}
        </Empty>
      </Door>
    );
  if (!invitation.data)
    return (
      <Door>
        <Skeleton height={280} radius="lg" />
      </Door>
    );
  if (joined)
    return (
      <Door>
        <Empty title={`You work for ${invitation.data.organization_name} now`} action={props.signIn}>
          Sign in as ever, and choose it at the top left.
        </Empty>
      </Door>
    );
  return <Accept {...props} invited={invitation.data} onJoined={() => setJoined(true)} />;
}

function Accept({ token, invited, onDone, onJoined }: Props & { invited: Invited; onJoined: () => void }) {
  const accept = useAct(acceptInvitation, { readAgain: false });
  const { first_name: first, last_name: last, has_sign_in: known, email } = invited;
  const form = useFields(
    { first_name: first, last_name: last, password: '' },
    {
      first_name: filled('Enter your first name'),
      last_name: filled('Enter your last name'),
      password: (text) => (known || text.length >= 12 ? null : 'Use at least 12 characters'),
    },
  );
  const submit = form.submit(async ({ password, ...names }) => {
    const body = { token, ...names, ...(known ? {} : { password }) };
    const { signed_in: isIn } = await accept.run({ body });
    if (isIn) onDone();
    else onJoined();
  });
  return (
    <Door>
      <h1>Work with {invited.organization_name}</h1>
      <p className="door-lead">
        {known
          ? `${email} has a sign-in already. Accept, and this organization is added to it.`
          : `You will sign in as ${email}. Choose a password and you are in.`}
      </p>
      <form onSubmit={submit} className="stack" noValidate>
        {!known && (
          <>
            <TextInput label="First name" required autoComplete="given-name" {...form.text('first_name')} />
            <TextInput label="Last name" required autoComplete="family-name" {...form.text('last_name')} />
            <PasswordField
              value={form.values.password}
              onChange={(text) => form.set('password', text)}
              error={form.errors.password}
              personal={[form.values.first_name, form.values.last_name, email.split('@')[0] ?? '']}
            />
          </>
        )}
        <Problem error={accept.error} />
        <Button type="submit" size="md" loading={accept.busy}>
          Accept the invitation
        </Button>
      </form>
    </Door>
  );
}
