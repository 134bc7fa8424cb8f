import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

/** What was done of late, by whom. */
export function RecentActivity() {
  const { can } = useFrame();
  if (!can('events:read')) return null;
  return (
    <Sheet title="Recent activity" className="no-print">
      <EventTimeline about={{}} first={8} />
    </Sheet>
  );
}
