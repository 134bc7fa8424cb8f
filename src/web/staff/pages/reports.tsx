import { useParams, useSearch } from '@tanstack/react-router';
import { ReportPage } from '#features/reports/ui/staff/report-page.tsx';
import type { ReportTab } from '#features/reports/ui/staff/reports-page.tsx';
import { ReportsPage } from '#features/reports/ui/staff/reports-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Reports() {
  const { tab = 'all', view } = useSearch({ strict: false }) as { tab?: ReportTab; view?: 'final' };
  const onSearch = useSearchChange();
  return (
    <ReportsPage
      tab={tab}
      view={view}
      onTab={(next) => onSearch({ tab: next === 'all' ? undefined : next, view: undefined })}
      onView={(next) => onSearch({ view: next })}
    />
  );
}

export function OneReport() {
  const { key = '' } = useParams({ strict: false });
  const filter = useSearch({ strict: false }) as Record<string, string>;
  return <ReportPage key={key} name={key} filter={filter} onFilter={useSearchChange()} />;
}
