import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { AppliedPayment } from '#features/payments/apply-rules.ts';
import { notFound } from '#lib/errors.ts';

export type LockedApplied = AppliedPayment & { id: string; kind: string; today: string };

/** A payment whose applications are about to change, locked after its invoices, and the day it happens. */
export async function lockApplied(
  tx: Tx,
  at: { organizationId: string; paymentId: string; now: Date },
): Promise<LockedApplied> {
  const { organizationId, paymentId, now } = at;
  const payment = await tx.row<LockedApplied>(sql`
    select p.id, p.kind, p.customer_id, p.currency, p.state, p.amount, p.fee, p.applied, p.unapplied_refunded,
      p.posted_at, p.ended_at, p.void_requested_at is not null and p.void_refused_at is null as is_void_asked,
      (${now}::timestamptz at time zone o.time_zone)::date as today
    from payments p join organizations o on o.id = p.organization_id
    where p.organization_id = ${organizationId} and p.id = ${paymentId} for update of p`);
  if (!payment) throw notFound('payment', paymentId);
  return payment;
}
