import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/organizations/ui/staff/event-timeline.tsx';
import { PaymentPage } from '#features/payments/ui/staff/payment-page.tsx';
import { PaymentsPage } from '#features/payments/ui/staff/payments-page.tsx';
import type { PaymentsSearch } from '#features/payments/ui/staff/payments-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Payments() {
  const search = useSearch({ strict: false }) as PaymentsSearch;
  return <PaymentsPage search={search} onSearch={useSearchChange()} />;
}

export function Payment() {
  const { id = '' } = useParams({ strict: false });
  return <PaymentPage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
