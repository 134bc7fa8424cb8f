import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listPlans } from '#features/payment-plans/api.ts';
import { NoPlans, PlanTable } from '#features/payment-plans/ui/staff/plan-table.tsx';
import { Listing } from '#ui/listing.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

/** Plans that customers have asked for and that wait for an answer. */
export function PendingPlans() {
  const trail = useTrail();
  const plans = useAsk(
    listPlans,
    { query: { limit: 25, starting_after: trail.after, pending: 'true' } },
    { keep: true },
  );
  return (
    <Listing
      asked={plans}
      trail={trail}
      noun="payment plan"
      tools={<ExportList small list="payment_plans" search={{ pending: 'true' }} />}
    >
      <PlanTable
        rows={plans.data?.data}
        label="Pending payment plans"
        withCustomer
        empty={
          <NoPlans title="No plan waits for an answer">
            When a customer asks in the portal to pay in parts, the plan stands here until you approve or
            reject it.
          </NoPlans>
        }
      />
    </Listing>
  );
}
