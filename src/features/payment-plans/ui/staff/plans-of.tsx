import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listPlans } from '#features/payment-plans/api.ts';
import { planStateWords } from '#features/payment-plans/state-rules.ts';
import { OfferPlanDialog } from '#features/payment-plans/ui/staff/offer-plan-dialog.tsx';
import { NoPlans, PlanTable } from '#features/payment-plans/ui/staff/plan-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Sheet } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

/** All plans of one customer, and the way to offer one. */
export function PlansOfCustomer({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const [offering, offer] = useDisclosure();
  const trail = useTrail();
  const query = { limit: 25, starting_after: trail.after, customer_id: customerId };
  const plans = useAsk(listPlans, { query }, { keep: true });
  return (
    <Sheet
      title="Payment plans"
      flush
      aside={
        can('payments:write') && (
          <Button variant="default" size="compact-sm" onClick={offer.open}>
            Offer a plan
          </Button>
        )
      }
    >
      <Listing
        asked={plans}
        trail={trail}
        noun="payment plan"
        tools={<ExportList small list="payment_plans" search={{ customer_id: customerId }} />}
      >
        <PlanTable
          rows={plans.data?.data}
          label="Payment plans"
          withCustomer={false}
          empty={
            <NoPlans title="No payment plans">
              Offer one, or let this customer ask for one in the portal: that is a setting of the customer.
            </NoPlans>
          }
        />
      </Listing>
      {offering && <OfferPlanDialog customerId={customerId} onClose={offer.close} />}
    </Sheet>
  );
}

/** On an invoice: the plan that it is in. */
export function PlanOfInvoice({ invoiceId }: { invoiceId: string }) {
  const plans = useAsk(listPlans, { query: { limit: 1, invoice_id: invoiceId } });
  const plan = plans.data?.data[0];
  if (!plan) return null;
  return (
    <Sheet title="Payment plan">
      <p>
        {plan.state === 'active'
          ? 'A plan pays this invoice in parts: reminders, late fees and autopay rest while it runs. '
          : `This invoice is in a plan: ${planStateWords[plan.state].toLowerCase()}. `}
        <Link to={`/payment-plans/${plan.id}`}>Open the plan</Link>
      </p>
    </Sheet>
  );
}
