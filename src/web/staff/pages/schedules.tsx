import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { ItemField } from '#features/items/ui/staff/item-field.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import type { EditRooms } from '#features/schedules/ui/staff/edit-schedule-form.ts';
import { NewPaymentSchedule } from '#features/schedules/ui/staff/new-payment-schedule.tsx';
import { SchedulePage } from '#features/schedules/ui/staff/schedule-page.tsx';
import { SchedulesPage, type SchedulesSearch } from '#features/schedules/ui/staff/schedules-page.tsx';
import type { Picker } from '#ui/fields.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const rooms: EditRooms = { item: (field) => <ItemField {...field} /> };
const pickCustomer: Picker = (props) => <CustomerPick {...props} />;

export function Schedules() {
  const search = useSearch({ strict: false }) as SchedulesSearch;
  const create = <NewPaymentSchedule pickCustomer={pickCustomer} />;
  return (
    <SchedulesPage
      search={search}
      onSearch={useSearchChange()}
      create={create}
      views={<SavedViews list="schedules" search={search} />}
    />
  );
}

export function Schedule() {
  const { id = '' } = useParams({ strict: false });
  return <SchedulePage id={id} rooms={rooms} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
