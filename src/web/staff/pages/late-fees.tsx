import { useSearch } from '@tanstack/react-router';
import { LateFeesPage, type LateFeesSearch } from '#features/late-fees/ui/staff/late-fees-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function LateFees() {
  const search = useSearch({ strict: false }) as LateFeesSearch;
  return <LateFeesPage search={search} onSearch={useSearchChange()} />;
}
