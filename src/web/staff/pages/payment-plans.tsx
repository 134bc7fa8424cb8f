import { useParams } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { PlanPage } from '#features/payment-plans/ui/staff/plan-page.tsx';

export function OnePaymentPlan() {
  const { id = '' } = useParams({ strict: false });
  return <PlanPage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}
