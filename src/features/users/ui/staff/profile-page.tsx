import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { getProfile } from '#features/users/profile/api.ts';
import { OwnDetails } from '#features/users/ui/staff/own-details.tsx';
import { OwnPasskeys } from '#features/users/ui/staff/own-passkeys.tsx';
import { OwnSecondFactor } from '#features/users/ui/staff/own-second-factor.tsx';
import { OwnSessions } from '#features/users/ui/staff/own-sessions.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** One's own sign-in, the same in every organization. */
export function ProfilePage({ identities }: { identities: ReactNode }) {
  const profile = useAsk(getProfile);
  return (
    <>
      <PageHead title="Your profile" detail="Your sign-in, the same in every organization you work for." />
      <div className="profile stack loose">
        <Problem error={profile.error} onRetry={() => void profile.refetch()} />
        {profile.data ? (
          <>
            <OwnDetails profile={profile.data} />
            <OwnSecondFactor profile={profile.data} />
            <OwnPasskeys />
            {identities}
          </>
        ) : (
          !profile.error && <Skeleton height={320} radius="lg" />
        )}
        <OwnSessions />
      </div>
    </>
  );
}
