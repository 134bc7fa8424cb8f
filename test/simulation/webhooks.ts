import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { keepWebhook } from '#features/gateway-accounts/keep-webhook.ts';
import { workWebhook } from '#features/gateway-accounts/work-webhook.ts';
import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { start } from '../support/given.ts';

type One = { organizationId: string; gatewayAccountId: string; paymentId: string };

/**
 * A hint comes from the gateway, twice at the same moment, and is worked: one that came before is worked
 * again. It may well be there before the answer to the charge.
 */
export async function webhook(
  deps: { db: Database; gateways: { open: () => PaymentGateway } },
  { organizationId, gatewayAccountId, paymentId }: One,
): Promise<void> {
  const actor = { kind: 'job', organizationId, name: 'webhook' } as const;
  const hint = { eventId: `ev_${paymentId}`, type: 'charge.changed', paymentIds: [paymentId] };
  const kept = { organizationId, gatewayAccountId, hint, raw: JSON.stringify(hint) };
  const keep = () => deps.db.transaction(actor, (tx) => keepWebhook(tx, kept, start));
  await Promise.all([keep(), keep()]);
  const rows = await deps.db.transaction(actor, (tx) =>
    tx.rows<{ id: string }>(sql`select id from webhooks_in
    where organization_id = ${organizationId} and event_key = ${hint.eventId}`),
  );
  if (rows.length !== 1) throw new Error(`the webhook of ${paymentId} is kept ${rows.length} times`);
  await workWebhook({ ...deps, work: {} }, { organizationId, webhookId: rows[0]?.id ?? '' });
}
