import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue, type NewJob } from '#db/enqueue.ts';
import { newId } from '#lib/ids.ts';
import { toJson } from '#lib/json.ts';

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
      return actor.invoiceId ?? actor.customerId;
    default:
      return actor.name;
  }
};

export type EventsBy = { actor: Actor; organizationId: string; now: Date; quiet?: boolean };

/**
 * Append what happened. One job for the whole batch looks up who reacts (src/subscriptions.ts), after commit.
 * `organizationId` is named because a system actor has none of its own.
 */
export async function record(tx: Tx, by: EventsBy, events: readonly NewEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const { ids, writes, reaction } = eventStatements(tx, by, events);
  await tx.writeAll(writes);
  if (reaction) await enqueue(tx, [reaction]);
  return ids;
}

/** The same as statements, for a command that writes everything in one round trip. */
export function eventStatements(tx: Tx, by: EventsBy, events: readonly NewEvent[]) {
  const ids = events.map(() => newId('event'));
  const write = sql`
    insert into events (organization_id, id, type, subject_id, customer_id, actor_kind, actor_id, data, request_id,
      occurred_at)
    select ${by.organizationId}, e.id, e.type, e.subject_id, e.customer_id, ${by.actor.kind}, ${actorId(by.actor)},
      e.data, ${tx.requestId ?? null}, ${by.now}
    from rows from (unnest(${ids}::text[], ${events.map((e) => e.type)}::text[],
      ${events.map((e) => e.subjectId)}::text[], ${events.map((e) => e.customerId ?? null)}::text[]),
      jsonb_array_elements(${toJson(events.map((e) => e.data ?? {}))}::jsonb))
      as e(id, type, subject_id, customer_id, data)`;
  const reaction: NewJob | undefined = by.quiet
    ? undefined
    : { job: 'react', payload: { organizationId: by.organizationId, eventIds: ids } };
  return { ids, writes: [write, ...originStatements(by, ids)], reaction };
}

/** From where it was done: said to the organization in which the actor asked, to no other. */
function originStatements({ actor, organizationId }: EventsBy, ids: readonly string[]) {
  const origin = 'origin' in actor && actor.organizationId === organizationId ? actor.origin : undefined;
  if (!origin) return [];
  return [
    sql`insert into event_origins (organization_id, event_id, ip, user_agent)
      select ${organizationId}, id, ${origin.ip}, ${origin.userAgent} from unnest(${ids}::text[]) as e(id)`,
  ];
}
