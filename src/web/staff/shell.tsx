import { ActionIcon, Drawer, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { z } from 'zod';
import { articleOfPage } from '#features/help/rules.ts';
import type { zOrganization } from '#features/organizations/api.ts';
import { getOrganization } from '#features/organizations/api.ts';
import type { zMe } from '#features/users/api.ts';
import { getSession } from '#features/users/api.ts';
import { SecondFactorDue } from '#features/users/ui/staff/second-factor-due.tsx';
import { ApiError } from '#ui/call.ts';
import { FrameProvider } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { Bell } from '#web/staff/bell.tsx';
import { Closed } from '#web/staff/closed.tsx';
import { GoKeys } from '#web/staff/go-keys.tsx';
import { IdleWatch } from '#web/staff/idle-watch.tsx';
import { OrganizationChoice } from '#web/staff/organization-choice.tsx';
import { missingFor, Rail } from '#web/staff/rail.tsx';
import { SignInAgain } from '#web/staff/sign-in-again.tsx';
import { useSignOut } from '#web/staff/use-sign-out.ts';

const Palette = lazy(() => import('#web/staff/palette.tsx').then((found) => ({ default: found.Palette })));

/** Everything behind the sign-in: who works here, for which organization, and the rail around each page. */
export function Shell() {
  const session = useAsk(getSession);
  const organization = useAsk(
    getOrganization,
    {},
    {
      enabled: Boolean(session.data?.organization && !session.data.second_factor_due),
      every_ms: 60_000,
    },
  );
  const navigate = useNavigate();
  // Who was in keeps the page, and what was typed on it, behind a door.
  const wasIn = Boolean(session.data?.organization && organization.data);
  const signedOut = session.error instanceof ApiError && session.error.status === 401;
  useEffect(() => {
    const here = `${window.location.pathname}${window.location.search}`;
    if (signedOut && !wasIn) void navigate({ to: '/sign-in', search: { next: here }, replace: true });
  }, [signedOut, wasIn, navigate]);
  if (signedOut && !wasIn) return <Opening />;
  const failed = session.error ?? organization.error;
  if (failed && !organization.data) {
    return (
      <main className="door">
        <Problem error={failed} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data && !session.data.organization) return <OrganizationChoice me={session.data} />;
  if (session.data?.organization && session.data.second_factor_due)
    return <Due organizationName={session.data.organization.name} />;
  if (!session.data || !organization.data) return <Opening />;
  return (
    <>
      <Framed me={session.data} organization={organization.data} isResting={signedOut} />
      {signedOut && <SignInAgain me={session.data} />}
    </>
  );
}

/** This organization lets nobody in by a password alone. */
function Due({ organizationName }: { organizationName: string }) {
  const client = useQueryClient();
  return (
    <SecondFactorDue
      organizationName={organizationName}
      onDone={() => void client.resetQueries()}
      onLeave={useSignOut()}
    />
  );
}

type Place = { pathname: string; search: Parameters<typeof articleOfPage>[1] };
const articleHere = ({ pathname, search }: Place) =>
  pathname.startsWith('/help') ? undefined : articleOfPage(pathname, search);

type FramedProps = {
  me: z.output<typeof zMe>;
  organization: z.output<typeof zOrganization>;
  isResting: boolean;
};

function Framed({ me, organization, isResting }: FramedProps) {
  const [menu, menuDoor] = useDisclosure();
  const [palette, paletteDoor] = useDisclosure();
  const location = useLocation();
  const main = useRef<HTMLElement>(null);
  useEffect(menuDoor.close, [location.pathname]);
  // A new page begins at its top, also for those who hear it.
  useEffect(() => main.current?.focus({ preventScroll: true }), [location.pathname]);
  const frame = {
    organizationName: organization.name,
    mode: organization.mode,
    currency: organization.currency,
    locale: organization.locale,
    timeZone: organization.time_zone,
    today: organization.today,
    scopes: me.scopes,
    article: articleHere(location),
  };
  const rail = { me, organization, onFind: paletteDoor.open };
  const closed = missingFor(location.pathname, me.scopes);
  return (
    <FrameProvider frame={frame}>
      <a className="skip" href="#content">
        Skip to the page
      </a>
      <div className="shell">
        <aside className="rail fixed" aria-label="Main menu">
          <Rail {...rail} />
        </aside>
        <div className="topbar" role="region" aria-label="Menu and search">
          <ActionIcon size={44} aria-label="Open the menu" onClick={menuDoor.open}>
            <IconMenu2 size={20} />
          </ActionIcon>
          <span className="where">{organization.name}</span>
          {organization.mode === 'sandbox' && (
            <span className="state" data-tone="warn">
              Practice
            </span>
          )}
          <Bell size={44} />
          <ActionIcon size={44} aria-label="Search" onClick={paletteDoor.open}>
            <IconSearch size={20} />
          </ActionIcon>
        </div>
        <Drawer
          opened={menu}
          onClose={menuDoor.close}
          position="left"
          size={292}
          title="Owed"
          closeButtonProps={{ 'aria-label': 'Close the menu' }}
        >
          <div className="rail drawer">
            <Rail {...rail} />
          </div>
        </Drawer>
        <main className="main" id="content" tabIndex={-1} ref={main}>
          <div>
            <Suspense fallback={<PageWaiting />}>{closed ? <Closed scope={closed} /> : <Outlet />}</Suspense>
          </div>
        </main>
      </div>
      {!isResting && <IdleWatch idleMinutes={me.idle_minutes} />}
      <GoKeys onFind={paletteDoor.open} />
      <Suspense>{palette && <Palette onClose={paletteDoor.close} />}</Suspense>
    </FrameProvider>
  );
}

const PageWaiting = () => (
  <div aria-busy="true" className="stack">
    <Skeleton height={28} width={220} />
    <Skeleton height={96} radius="lg" />
    <Skeleton height={320} radius="lg" />
  </div>
);

const Opening = () => (
  <div className="shell" aria-busy="true">
    <div className="rail fixed">
      <Skeleton height={36} />
      <Skeleton height={36} />
      <Skeleton height={260} />
    </div>
    <main className="main">
      <div>
        <PageWaiting />
      </div>
    </main>
  </div>
);
