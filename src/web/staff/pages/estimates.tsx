import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { EstimatePage } from '#features/estimates/ui/staff/estimate-page.tsx';
import { EstimatesPage, type EstimatesSearch } from '#features/estimates/ui/staff/estimates-page.tsx';
import { NewEstimatePage } from '#features/estimates/ui/staff/new-estimate-page.tsx';
import type { LineRooms } from '#features/invoices/ui/staff/line-row.tsx';
import { ItemField } from '#features/items/ui/staff/item-field.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const pickCustomer: Picker = (props) => <CustomerPick {...props} />;
const rooms: LineRooms = { item: (field) => <ItemField {...field} /> };

export function Estimates() {
  const search = useSearch({ strict: false }) as EstimatesSearch;
  return <EstimatesPage search={search} onSearch={useSearchChange()} />;
}

export function NewEstimate() {
  const { customer_id: customerId } = useSearch({ strict: false }) as { customer_id?: string };
  return <NewEstimatePage customerId={customerId} pickCustomer={pickCustomer} rooms={rooms} />;
}

export function Estimate() {
  const { id = '' } = useParams({ strict: false });
  return <EstimatePage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
