import { HomePage } from '#features/organizations/ui/staff/home-page.tsx';

export function Home() {
  return <HomePage />;
}
