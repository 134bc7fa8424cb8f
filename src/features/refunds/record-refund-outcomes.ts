import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfRefund, reversalOfRefund } from '#features/ledger/refund-rules.ts';
import {
  type DecidedRefund,
  decideRefundOutcome,
  eventsOfRefundMove,
  type KnownRefundOutcome,
  type LockedRefund,
} from '#features/refunds/outcome-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export type RefundNews = { refundId: string; outcome: KnownRefundOutcome };

/**
 * Record what the gateway says of refunds: the state, the books, and what is left of the payment. The answer
 * to our call, a webhook and a lookup all come here; news that changes nothing is harmless.
 */
export async function recordRefundOutcomes(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; outcomes: readonly RefundNews[]; quiet?: boolean },
  now: Date,
): Promise<{ moved: string[] }> {
  const { organizationId } = input;
  const ids = [...new Set(input.outcomes.map(({ refundId }) => refundId))];
  await tx.run(sql`select id from payments where organization_id = ${organizationId} and id in (
    select payment_id from refunds where organization_id = ${organizationId} and id = any(${ids})) order by id for update`);
  const zone = await tx.row<{ timeZone: string }>(
    sql`select time_zone from organizations where id = ${organizationId}`,
  );
  const entryDate = dateIn(must(zone, 'the organization').timeZone, now);
  const by = { actor, organizationId, entryDate, quiet: input.quiet ?? false };
  const moved: string[] = [];
  // One after the other: news of one refund may come twice in a batch.
  for (const { refundId, outcome } of input.outcomes) {
    const refund = await lockRefund(tx, organizationId, refundId);
    if (!refund) continue;
    const move = decideRefundOutcome(refund, outcome, now);
    await writeMove(tx, by, move, now);
    if (move.changed) moved.push(refundId);
  }
  return { moved };
}

async function lockRefund(tx: Tx, organizationId: string, id: string): Promise<LockedRefund | undefined> {
  const row = await tx.row<Omit<LockedRefund, 'lines'>>(sql`
    select r.id, r.payment_id, r.customer_id, r.state, r.amount, r.fee_amount, r.from_unapplied, r.currency,
      r.account, r.gateway_reference, r.lookups, r.next_lookup_at, p.ended_at is null as payment_stands, p.fee_kind
    from refunds r join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    where r.organization_id = ${organizationId} and r.id = ${id} and r.gateway_account_id is not null
    for update of r`);
  if (!row) return undefined;
  const lines = await tx.rows<{
    invoiceId: string;
    amount: bigint;
  }>(sql`select invoice_id, amount from refund_lines
    where organization_id = ${organizationId} and refund_id = ${id} order by line_no`);
  return { ...row, lines };
}

async function writeMove(
  tx: Tx,
  by: { actor: Actor; organizationId: string; entryDate: string; quiet: boolean },
  move: DecidedRefund,
  now: Date,
): Promise<void> {
  const { actor, organizationId, entryDate } = by;
  const { refund, effect } = move;
  const ends = effect === 'release' || effect === 'reverse';
  await tx.run(sql`
    update refunds set state = ${move.state}, lookups = ${move.lookups}, next_lookup_at = ${move.nextLookupAt},
      gateway_reference = coalesce(${move.reference ?? null}, gateway_reference),
      failure_code = coalesce(${move.failure?.code ?? null}, failure_code),
      failure_message = coalesce(${move.failure?.message ?? null}, failure_message),
      posted_at = case when ${effect === 'post'} then ${now}::timestamptz else posted_at end,
      settled_at = case when ${move.changed && move.state === 'settled'} then ${now}::timestamptz else settled_at end,
      ended_at = case when ${ends} then ${now}::timestamptz else ended_at end
    where organization_id = ${organizationId} and id = ${refund.id}`);
  if (ends) {
    await tx.run(sql`update payments set refunded = refunded - ${refund.amount},
      unapplied_refunded = unapplied_refunded - ${refund.fromUnapplied}
      where organization_id = ${organizationId} and id = ${refund.paymentId}`);
  }
  const posted = { ...refund, entryDate };
  const entries =
    effect === 'post' ? [entryOfRefund(posted)] : effect === 'reverse' ? [reversalOfRefund(posted)] : [];
  await postEntries(tx, organizationId, entries, now);
  await record(tx, { actor, organizationId, now, quiet: by.quiet }, eventsOfRefundMove(move));
}
