import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { toJson } from '#lib/json.ts';
import { newId } from '#lib/ids.ts';

export type NewEvent = {
  /** A past fact: `invoice.issued`, `payment.returned`. src/subscriptions.ts lists every one. */
  type: string;
  subjectId: string;
  customerId?: string | undefined;
  data?: Record<string, unknown>;
};

const actorId = (actor: Actor): string | null => {
  switch (actor.kind) {
    case 'user':
      return actor.userId;
    case 'api_key':
      return actor.apiKeyId;
    case 'portal_user':
      return actor.portalUserId;
    case 'payer_link':
      return actor.invoiceId;
    default:
      return actor.name;
  }
};

/**
 * Append what happened. One job for the whole batch looks up who reacts (src/subscriptions.ts), after commit.
 * `organizationId` is named because a system actor has none of its own.
 */
export async function record(
  tx: Tx,
  by: { actor: Actor; organizationId: string; now: Date; quiet?: boolean },
  events: readonly NewEvent[],
): Promise<string[]> {
  if (events.length === 0) return [];
  const ids = events.map(() => newId('event'));
  await tx.run(sql`
    insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, actor_id, data, request_id,
      occurred_at)
    select ${by.organizationId}, e.id, e.type, e.subject_id, e.customer_id, ${by.actor.kind}, ${actorId(by.actor)},
      e.data, ${tx.requestId ?? null}, ${by.now}
    from unnest(${ids}::text[], ${events.map((e) => e.type)}::text[], ${events.map((e) => e.subjectId)}::text[],
      ${events.map((e) => e.customerId ?? null)}::text[], ${events.map((e) => toJson(e.data ?? {}))}::jsonb[])
      as e(id, type, subject_id, customer_id, data)`);
  if (!by.quiet) {
    await enqueue(tx, [{ job: 'react', payload: { organizationId: by.organizationId, eventIds: ids } }]);
  }
  return ids;
}
