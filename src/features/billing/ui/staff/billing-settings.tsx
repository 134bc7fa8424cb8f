import { Skeleton } from '@mantine/core';
import { getBilling } from '#features/billing/api.ts';
import { HostPlans } from '#features/billing/ui/staff/host-plans.tsx';
import { HostSubscribers } from '#features/billing/ui/staff/host-subscribers.tsx';
import { SubscriberBilling } from '#features/billing/ui/staff/subscriber-billing.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** What the host of this installation bills: for itself its plans, for all others the own plan. */
export function BillingSettings() {
  const billing = useAsk(getBilling);
  if (!billing.data)
    return billing.error ? (
      <Problem error={billing.error} onRetry={() => void billing.refetch()} />
    ) : (
      <Skeleton height={320} radius="lg" />
    );
  if (billing.data.role === 'host')
    return (
      <div className="stack loose">
        <HostPlans />
        <HostSubscribers />
      </div>
    );
  if (billing.data.role === 'subscriber') return <SubscriberBilling billing={billing.data} />;
  return (
    <Sheet>
      <Empty title="Nobody bills you here">
        Whoever runs this installation has declared no host. Everything works without one.
      </Empty>
    </Sheet>
  );
}
