import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import type { EstimateRooms } from '#features/estimates/ui/staff/estimate-form.tsx';
import { EstimateFormPage } from '#features/estimates/ui/staff/estimate-form-page.tsx';
import { EstimatePage } from '#features/estimates/ui/staff/estimate-page.tsx';
import { EstimatesPage, type EstimatesSearch } from '#features/estimates/ui/staff/estimates-page.tsx';
import { ItemField } from '#features/items/ui/staff/item-field.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { AddTaxRate } from '#features/taxes/ui/staff/add-tax-rate.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const pickCustomer: Picker = (props) => <CustomerPick {...props} />;
const rooms: EstimateRooms = {
  pickCustomer,
  item: (field) => <ItemField {...field} />,
  addTaxRate: <AddTaxRate />,
};

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
  return <EstimateFormPage customerId={customerId} rooms={rooms} />;
}

export function EditEstimate() {
  const { id = '' } = useParams({ strict: false });
  return <EstimateFormPage estimateId={id} rooms={rooms} />;
}

export function Estimate() {
  const { id = '' } = useParams({ strict: false });
  return <EstimatePage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
