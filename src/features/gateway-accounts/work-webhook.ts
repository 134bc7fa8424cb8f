import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { lookUpPayment } from '#features/payments/submit-charge.ts';
import { systemNow } from '#lib/dates.ts';

type Webhook = {
  id: string;
  gatewayAccountId: string;
  about: string[];
  paymentIds: string[];
  paymentReferences: string[];
};

/** What else a hint may set going, by what it is about; each asks the gateway and records what is true. */
export type WebhookWork = Partial<
  Record<'refund' | 'chargeback' | 'payout', (account: OneAccount, paymentIds: string[]) => Promise<void>>
>;
export type OneAccount = { organizationId: string; gatewayAccountId: string };

/** The journey of a webhook: ask the gateway about everything it hints at. Worked again, it does no harm. */
export async function workWebhook(
  deps: { db: Database; gateways: Pick<Gateways, 'open'>; work: WebhookWork },
  payload: { organizationId: string; webhookId: string },
): Promise<void> {
  const { organizationId, webhookId } = payload;
  const actor: Actor = { kind: 'job', organizationId, name: 'work-webhook' };
  const webhook = await deps.db.transaction(actor, (tx) => startWork(tx, organizationId, webhookId));
  if (!webhook) return;
  try {
    const paymentIds = await deps.db.transaction(actor, (tx) => paymentsOf(tx, organizationId, webhook));
    for (const paymentId of paymentIds) await lookUpPayment(deps, { organizationId, paymentId });
    const account = { organizationId, gatewayAccountId: webhook.gatewayAccountId };
    for (const about of ['refund', 'chargeback', 'payout'] as const)
      if (webhook.about.includes(about)) await deps.work[about]?.(account, paymentIds);
    await deps.db.transaction(actor, (tx) => endWork(tx, payload, null));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await deps.db.transaction(actor, (tx) => endWork(tx, payload, reason));
    // The queue tries again, later each time.
    throw error;
  }
}

async function startWork(tx: Tx, organizationId: string, id: string): Promise<Webhook | undefined> {
  return tx.row<Webhook>(sql`update webhooks_in set attempts = attempts + 1
    where organization_id = ${organizationId} and id = ${id}
    returning id, gateway_account_id, about, payment_ids, payment_references`);
}

/** The payments it names, by our id or by the gateway's own reference; what is not ours is passed over. */
async function paymentsOf(tx: Tx, organizationId: string, webhook: Webhook): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from payments where organization_id = ${organizationId}
      and gateway_account_id = ${webhook.gatewayAccountId}
      and (id = any(${webhook.paymentIds}) or gateway_reference = any(${webhook.paymentReferences}))
    order by id limit 100`);
  return rows.map((row) => row.id);
}

async function endWork(
  tx: Tx,
  { organizationId, webhookId }: { organizationId: string; webhookId: string },
  error: string | null,
): Promise<void> {
  const now = systemNow();
  await tx.run(sql`update webhooks_in set state = ${error === null ? 'worked' : 'failed'}, error = ${error},
      worked_at = ${error === null ? now : null}
    where organization_id = ${organizationId} and id = ${webhookId}`);
}
