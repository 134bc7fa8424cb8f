import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { CreditMemoPage } from '#features/credit-memos/ui/staff/credit-memo-page.tsx';
import type { CreditMemosSearch } from '#features/credit-memos/ui/staff/credit-memos-page.tsx';
import { CreditMemosPage } from '#features/credit-memos/ui/staff/credit-memos-page.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function CreditMemos() {
  const search = useSearch({ strict: false }) as CreditMemosSearch;
  return (
    <CreditMemosPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="credit_memos" search={search} />}
    />
  );
}

export function OneCreditMemo() {
  const { id = '' } = useParams({ strict: false });
  return <CreditMemoPage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
