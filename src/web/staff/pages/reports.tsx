import { useSearch } from '@tanstack/react-router';
import type { ReportTab } from '#features/reports/ui/staff/reports-page.tsx';
import { ReportsPage } from '#features/reports/ui/staff/reports-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Reports() {
  const { tab = 'email-conflicts' } = useSearch({ strict: false }) as { tab?: ReportTab };
  const onSearch = useSearchChange();
  return (
    <ReportsPage
      tab={tab}
      onTab={(next) => onSearch({ tab: next === 'email-conflicts' ? undefined : next })}
    />
  );
}
