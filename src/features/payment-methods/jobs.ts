import type { Database } from '#db/db.ts';
import { forgetMethod } from '#features/payment-methods/forget-method.ts';
import type { Gateways } from '#features/payments/gateways.ts';

/** What the worker does for stored payment methods. */
export const paymentMethodJobs = (deps: { db: Database; gateways: Gateways }) => ({
  'forget-method': (payload: { organizationId: string; methodId: string }) => forgetMethod(deps, payload),
});
