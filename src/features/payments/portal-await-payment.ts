import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import type { PaymentState } from '#features/payments/rules.ts';

export type PayerActor = Extract<Actor, { kind: 'portal_user' | 'payer_link' }>;

/**
 * Wait a few seconds for the worker's answer to a payment, and say what the row says then. There is no second
 * path to the gateway: a payment that is still pending goes on being so.
 */
export async function awaitPayment(
  db: Database,
  actor: PayerActor,
  payment: { id: string; customerId: string },
  wait_ms: number,
): Promise<PaymentState> {
  const seenBy = { ...actor, customerId: payment.customerId };
  for (let waited_ms = 0, pause_ms = 40; ; waited_ms += pause_ms, pause_ms = Math.min(pause_ms * 1.5, 400)) {
    const row = await db.transaction(seenBy, (tx) =>
      tx.row<{ state: PaymentState }>(sql`
      select state from payments where organization_id = ${actor.organizationId} and id = ${payment.id}`),
    );
    const state = row?.state ?? 'pending';
    if (state !== 'pending' || waited_ms >= wait_ms) return state;
    await sleep(pause_ms);
  }
}
