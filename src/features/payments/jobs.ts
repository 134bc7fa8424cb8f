import type { Database } from '#db/db.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpPayment, submitCharge } from '#features/payments/submit-charge.ts';
import { sweepLookups } from '#features/payments/sweep-lookups.ts';
import { systemNow } from '#lib/dates.ts';

type OnePayment = { organizationId: string; paymentId: string };

/** What the worker does for payments; schedule.ts says when the sweep runs. */
export const paymentJobs = (deps: { db: Database; gateways: Gateways }) => ({
  'submit-charge': (payload: OnePayment) => submitCharge(deps, payload),
  'look-up-payment': (payload: OnePayment) => lookUpPayment(deps, payload),
  'sweep-lookups': async () => {
    await sweepLookups(deps.db, systemNow());
  },
});
