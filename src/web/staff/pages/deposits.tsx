import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { ChargebacksPage, type ChargebacksSearch } from '#features/chargebacks/ui/staff/chargebacks-page.tsx';
import { DepositPage } from '#features/deposits/ui/staff/deposit-page.tsx';
import { DepositsPage, type DepositsSearch } from '#features/deposits/ui/staff/deposits-page.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Deposits() {
  const search = useSearch({ strict: false }) as DepositsSearch;
  return (
    <DepositsPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="deposits" search={search} />}
    />
  );
}

export function OneDeposit() {
  const { id = '' } = useParams({ strict: false });
  return <DepositPage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}

export function Chargebacks() {
  const search = useSearch({ strict: false }) as ChargebacksSearch;
  return (
    <ChargebacksPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="chargebacks" search={search} />}
    />
  );
}
