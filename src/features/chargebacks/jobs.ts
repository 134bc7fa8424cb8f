import type { Database } from '#db/db.ts';
import { pullChargebacks, sweepChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { sendEvidence } from '#features/chargebacks/send-evidence.ts';
import type { Gateways } from '#features/payments/gateways.ts';

/** What the worker does for chargebacks; schedule.ts says when the sweep runs. */
export const chargebackJobs = (deps: { db: Database; gateways: Gateways }) => ({
  'pull-chargebacks': async (payload: { organizationId: string; gatewayAccountId: string }) => {
    await pullChargebacks(deps, payload);
  },
  'send-evidence': (payload: { organizationId: string; chargebackId: string }) => sendEvidence(deps, payload),
  'sweep-chargebacks': () => sweepChargebacks(deps.db),
});
