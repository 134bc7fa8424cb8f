import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { StopMailsPage } from '#features/notifications/ui/staff/stop-mails-page.tsx';
import { RefusedNote, SignInProviders } from '#features/oidc/ui/staff/sign-in-providers.tsx';
import { LeaveReportPage } from '#features/reports/ui/staff/leave-report-page.tsx';
import { Door } from '#features/users/ui/staff/door.tsx';
import { ConfirmEmailPage, UndoEmailPage } from '#features/users/ui/staff/email-doors.tsx';
import { FirstStartPage } from '#features/users/ui/staff/first-start-page.tsx';
import { InvitationPage } from '#features/users/ui/staff/invitation-page.tsx';
import { ForgotPasswordPage, NewPasswordPage } from '#features/users/ui/staff/password-doors.tsx';
import { SignInPage } from '#features/users/ui/staff/sign-in-page.tsx';
import { ButtonLink } from '#ui/button-link.tsx';

export function SignIn() {
  const { next, refused } = useSearch({ strict: false }) as { next?: string; refused?: string };
  const router = useRouter();
  const client = useQueryClient();
  const navigate = useNavigate();
  const enter = (): void => {
    // What was asked before the sign-in was answered to nobody.
    client.clear();
    // Only a path of our own: a link must not lead through our sign-in to somebody else's page.
    const own =
      next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/sign-in') ? next : undefined;
    if (own) router.history.push(`/console${own.replace(/^\/console/, '')}`);
    else void navigate({ to: '/' });
  };
  return (
    <SignInPage
      onDone={enter}
      note={<RefusedNote code={refused} />}
      others={(email) => <SignInProviders email={email} next={next?.replace(/^\/console/, '')} />}
    />
  );
}

export function FirstStart() {
  const { token } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const enter = (): void => {
    client.clear();
    void navigate({ to: '/' });
  };
  return (
    <FirstStartPage
      token={token ?? ''}
      onDone={enter}
      signIn={
        <ButtonLink to="/sign-in" variant="default">
          Sign in
        </ButtonLink>
      }
    />
  );
}

export function StopMails() {
  const { token = '', kind = '' } = useSearch({ strict: false }) as { token?: string; kind?: string };
  const isReport = kind === 'report';
  const more = (
    <ButtonLink
      to={isReport ? '/reports' : '/settings'}
      search={isReport ? {} : { section: 'notifications' }}
      variant="default"
    >
      {isReport ? 'Open the reports' : 'Open the settings'}
    </ButtonLink>
  );
  return (
    <Door>
      {isReport ? (
        <LeaveReportPage token={token} more={more} />
      ) : (
        <StopMailsPage token={token} kind={kind} more={more} />
      )}
    </Door>
  );
}

const toSignIn = (
  <ButtonLink to="/sign-in" variant="default">
    Sign in
  </ButtonLink>
);

export function Invitation() {
  const { token } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const enter = (): void => {
    client.clear();
    void navigate({ to: '/' });
  };
  return <InvitationPage token={token ?? ''} onDone={enter} signIn={toSignIn} />;
}

export const ForgotPassword = () => <ForgotPasswordPage signIn={toSignIn} />;

export function NewPassword() {
  const { token } = useSearch({ strict: false }) as { token?: string };
  return <NewPasswordPage token={token ?? ''} signIn={toSignIn} />;
}

export function ConfirmEmail() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string };
  const next = `/confirm-email?token=${encodeURIComponent(token)}`;
  return (
    <ConfirmEmailPage
      token={token}
      signIn={
        <ButtonLink to="/sign-in" search={{ next }}>
          Sign in
        </ButtonLink>
      }
      home={<ButtonLink to="/profile">Go to your profile</ButtonLink>}
    />
  );
}

export function UndoEmail() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const choose = (passwordToken: string): void => {
    client.clear();
    void navigate({ to: '/new-password', search: { token: passwordToken } });
  };
  return <UndoEmailPage token={token} onDone={choose} />;
}
