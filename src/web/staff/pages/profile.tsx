import { ProfilePage } from '#features/users/ui/staff/profile-page.tsx';

export const Profile = () => <ProfilePage />;
