import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { scrubWebhook } from '#features/gateway-accounts/scrub-rules.ts';
import type { GatewayHint } from '#features/payments/payment-gateway.ts';
import { newId } from '#lib/ids.ts';

/** Keep a webhook as it came, secrets blanked, and ask for the work. The same event again is nothing. */
export async function keepWebhook(
  tx: Tx,
  input: { organizationId: string; gatewayAccountId: string; hint: GatewayHint; raw: string },
  now: Date,
): Promise<void> {
  const { organizationId, hint } = input;
  const webhookId = newId('webhook');
  const isNew = await tx.run(sql`
    insert into webhooks_in (organization_id, id, gateway_account_id, event_key, type, about, payment_ids,
      payment_references, raw, state, received_at)
    values (${organizationId}, ${webhookId}, ${input.gatewayAccountId}, ${hint.eventId.slice(0, 200)},
      ${hint.type.slice(0, 100)}, ${hint.about ?? ['charge']}, ${hint.paymentIds}, ${hint.references ?? []},
      ${scrubWebhook(input.raw)}, 'received', ${now})
    on conflict do nothing`);
  if (isNew === 0) return;
  await enqueue(tx, [
    { job: 'work-webhook', key: `webhook:${webhookId}`, payload: { organizationId, webhookId } },
  ]);
}
