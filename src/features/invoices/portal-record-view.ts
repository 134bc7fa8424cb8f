import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';

/**
 * A payer looked at an invoice: kept at most once an hour, so that the timeline tells of visits and not of
 * clicks.
 */
export async function recordInvoiceView(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const { organizationId, invoiceId } = input;
  const seen = await tx.row<{ customerId: string }>(sql`
    update invoices set first_viewed_at = coalesce(first_viewed_at, ${now}), last_viewed_at = ${now}
    where organization_id = ${organizationId} and id = ${invoiceId}
      and (last_viewed_at is null or last_viewed_at < ${new Date(now.getTime() - 3_600_000)})
    returning customer_id`);
  if (!seen) return;
  await record(tx, { actor, organizationId, now }, [
    { type: 'invoice.viewed', subjectId: invoiceId, customerId: seen.customerId, data: { by: actor.kind } },
  ]);
}
