import { useSearch } from '@tanstack/react-router';
import { OwnIdentities } from '#features/oidc/ui/staff/own-identities.tsx';
import { ProfilePage } from '#features/users/ui/staff/profile-page.tsx';

export function Profile() {
  const { refused, connected } = useSearch({ strict: false }) as { refused?: string; connected?: string };
  return <ProfilePage identities={<OwnIdentities refused={refused} isConnected={connected === 'yes'} />} />;
}
