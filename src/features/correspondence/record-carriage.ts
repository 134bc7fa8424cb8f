import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { decideCarriage, decideNews } from '#features/correspondence/carriage-rules.ts';
import type { CarrierNews, CarrierOutcome } from '#features/correspondence/carrier.ts';
import { secondsLater } from '#lib/dates.ts';

type Locked = {
  id: string;
  kind: string;
  channel: 'sms' | 'paper';
  route: string;
  state: 'queued' | 'sent' | 'failed' | 'delivered' | 'bounced' | 'suppressed';
  attempts: number;
  to: string;
  subject: string;
  customerId: string | null;
  invoiceId: string | null;
  now: Date;
};

type One = { organizationId: string; messageId: string };

const lock = (tx: Tx, organizationId: string, which: ReturnType<typeof sql>, realNow: Date) =>
  tx.row<Locked>(sql`
    select m.id, m.kind, m.channel, m.route, m.state, m.attempts, coalesce(m.to_phone, m.to_address->>'name') as to,
      m.subject, m.customer_id, m.invoice_id,
      ${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond' as now
    from messages m join organizations o on o.id = m.organization_id
    where m.organization_id = ${organizationId} and m.channel <> 'email' and ${which}
    for update of m`);

/** Record what became of a try to send a text or a letter: taken, to be tried or asked again, failed. */
export async function recordCarriage(
  tx: Tx,
  actor: Actor,
  input: One & { outcome: CarrierOutcome },
  realNow: Date,
): Promise<void> {
  const { organizationId, messageId, outcome } = input;
  const row = await lock(tx, organizationId, sql`m.id = ${messageId} and m.state = 'queued'`, realNow);
  if (!row) return;
  const carriage = decideCarriage(row.attempts, outcome);
  const next = carriage.retryAfter_s === undefined ? null : secondsLater(realNow, carriage.retryAfter_s);
  await tx.run(sql`update messages set state = ${carriage.state}, last_error = ${carriage.error},
      carrier_reference = coalesce(${carriage.reference}, carrier_reference),
      cancelable_until = ${carriage.cancelableUntil},
      outcome_unknown = ${carriage.outcomeUnknown}, next_attempt_at = ${next},
      sent_at = ${carriage.state === 'sent' ? row.now : null}
    where organization_id = ${organizationId} and id = ${messageId}`);
  if (carriage.state !== 'queued')
    await tell(tx, actor, { organizationId, row, state: carriage.state, reason: carriage.error });
}

/** What was asked about was never taken, and may not be sent now: for good, or till its hours open. */
export async function holdUnsent(
  tx: Tx,
  actor: Actor,
  input: One & { heldBy: string },
  realNow: Date,
): Promise<void> {
  const { organizationId, messageId, heldBy } = input;
  const row = await lock(tx, organizationId, sql`m.id = ${messageId} and m.state = 'queued'`, realNow);
  if (!row) return;
  const waits = heldBy === 'hours';
  await tx.run(sql`update messages set outcome_unknown = false, state = ${waits ? 'queued' : 'suppressed'},
      suppressed_by = ${waits ? null : heldBy}, next_attempt_at = ${waits ? realNow : null}
    where organization_id = ${organizationId} and id = ${messageId}`);
  if (!waits) await tell(tx, actor, { organizationId, row, state: 'suppressed', reason: heldBy });
}

/** A letter was taken back before it was printed, or before it left. */
export async function recordCancelled(tx: Tx, actor: Actor, one: One, realNow: Date): Promise<void> {
  const { organizationId, messageId } = one;
  const row = await lock(
    tx,
    organizationId,
    sql`m.id = ${messageId} and m.state in ('queued', 'sent')`,
    realNow,
  );
  if (!row) return;
  await tx.run(sql`update messages set state = 'suppressed', suppressed_by = 'cancelled', next_attempt_at = null,
      cancelable_until = null, awaits_address = false, awaits_document = false
    where organization_id = ${organizationId} and id = ${messageId}`);
  await tell(tx, actor, { organizationId, row, state: 'suppressed', reason: 'cancelled' });
}

export type Told = { organizationId: string; customerId: string | null };

/**
 * Record what a carrier tells of a message: on its way, delivered, failed, come back. Old news and news told
 * twice change nothing. Answers the message when something changed.
 */
export async function recordNews(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; news: CarrierNews },
  realNow: Date,
): Promise<Told | undefined> {
  const { organizationId, news } = input;
  const which = news.messageId ? sql`m.id = ${news.messageId}` : sql`m.carrier_reference = ${news.reference}`;
  const row = await lock(tx, organizationId, which, realNow);
  const next = row && decideNews(row.state, news.state);
  if (!row || !next) return undefined;
  const isBad = next === 'failed' || next === 'bounced';
  await tx.run(sql`update messages set state = ${next}, carrier_reference = coalesce(carrier_reference, ${news.reference}),
      outcome_unknown = false, next_attempt_at = null, sent_at = coalesce(sent_at, ${row.now}),
      last_error = ${isBad ? news.reason.slice(0, 900) : null}
    where organization_id = ${organizationId} and id = ${row.id}`);
  if (next !== 'queued')
    await tell(tx, actor, { organizationId, row, state: next, reason: isBad ? news.reason : null });
  return { organizationId, customerId: row.customerId };
}

const types = {
  sent: 'message.sent',
  delivered: 'message.delivered',
  failed: 'message.failed',
  bounced: 'message.bounced',
  suppressed: 'message.suppressed',
} as const;

const tell = (
  tx: Tx,
  actor: Actor,
  told: { organizationId: string; row: Locked; state: keyof typeof types; reason: string | null },
): Promise<string[]> =>
  record(tx, { actor, organizationId: told.organizationId, now: told.row.now }, [
    {
      type: types[told.state],
      subjectId: told.row.id,
      customerId: told.row.customerId ?? undefined,
      data: {
        kind: told.row.kind,
        channel: told.row.channel,
        to: [told.row.to],
        subject: told.row.subject,
        route: told.row.route,
        attempts: told.row.attempts,
        ...(told.reason ? { reason: told.reason } : {}),
        ...(told.row.invoiceId ? { invoice_id: told.row.invoiceId } : {}),
      },
    },
  ]);
