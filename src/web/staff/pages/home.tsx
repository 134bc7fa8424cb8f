import { useSearch } from '@tanstack/react-router';
import { DashboardPage, type DashboardSearch } from '#features/dashboard/ui/staff/dashboard-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Home() {
  const search = useSearch({ strict: false }) as DashboardSearch;
  return <DashboardPage search={search} onSearch={useSearchChange()} />;
}
