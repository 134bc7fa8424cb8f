import type { Database } from '#db/db.ts';
import { type WebhookWork, workWebhook } from '#features/gateway-accounts/work-webhook.ts';
import type { Gateways } from '#features/payments/gateways.ts';

/** What the worker does for gateways' webhooks. */
export const gatewayAccountJobs = (deps: { db: Database; gateways: Gateways; work: WebhookWork }) => ({
  'work-webhook': (payload: { organizationId: string; webhookId: string }) => workWebhook(deps, payload),
});
