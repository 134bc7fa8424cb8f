import type { Database } from '#db/db.ts';
import { pullPayouts, sweepPayouts } from '#features/deposits/pull-payouts.ts';
import type { Gateways } from '#features/payments/gateways.ts';

/** What the worker does for payouts; schedule.ts says when the sweep runs. */
export const depositJobs = (deps: { db: Database; gateways: Gateways }) => ({
  'pull-payouts': async (payload: { organizationId: string; gatewayAccountId: string }) => {
    await pullPayouts(deps, payload);
  },
  'sweep-payouts': () => sweepPayouts(deps.db),
});
