import type { Database } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { forgetMethod } from '#features/payment-methods/forget-method.ts';
import { sendAuthorizationCopy } from '#features/payment-methods/send-authorization-copy.ts';
import { sweepExpiries } from '#features/payment-methods/sweep-expiries.ts';
import type { Gateways } from '#features/payments/gateways.ts';

/** What the worker does for stored payment methods. */
export const paymentMethodJobs = (deps: { db: Database; gateways: Gateways; outbox: Outbox }) => ({
  'forget-method': (payload: { organizationId: string; methodId: string }) => forgetMethod(deps, payload),
  'send-authorization-copy': (payload: { organizationId: string; subjectId: string }) =>
    sendAuthorizationCopy(deps, payload),
  'sweep-expiries': () => sweepExpiries(deps),
});
