import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { EstimateFormPage } from '#features/estimates/ui/staff/estimate-form-page.tsx';
import { EstimatePage } from '#features/estimates/ui/staff/estimate-page.tsx';
import { EstimatesPage, type EstimatesSearch } from '#features/estimates/ui/staff/estimates-page.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { formRooms } from '#web/staff/form-rooms.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Estimates() {
  const search = useSearch({ strict: false }) as EstimatesSearch;
  return (
    <EstimatesPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="estimates" search={search} />}
    />
  );
}

export function NewEstimate() {
  const { customer_id: customerId } = useSearch({ strict: false }) as { customer_id?: string };
  return <EstimateFormPage customerId={customerId} rooms={formRooms} />;
}

export function EditEstimate() {
  const { id = '' } = useParams({ strict: false });
  return <EstimateFormPage estimateId={id} rooms={formRooms} />;
}

export function Estimate() {
  const { id = '' } = useParams({ strict: false });
  return <EstimatePage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
