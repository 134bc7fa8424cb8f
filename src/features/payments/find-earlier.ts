import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Earlier } from '#features/payments/decide-batch.ts';

/**
 * Payments that already carry one of these keys. One that another transaction is writing at this moment is
 * not seen; the unique index then stops ours, and the whole transaction runs again and sees it (db.ts).
 */
export async function findEarlier(
  tx: Tx,
  organizationId: string,
  requestKeys: readonly string[],
): Promise<Earlier[]> {
  const keys = [...new Set(requestKeys)].sort();
  // Key by key in the order of their index: any other plan reads all payments of the organization, and a
  // planner
  // without statistics of a young table takes it.
  const payments = await tx.rows<Omit<Earlier, 'applications' | 'paidOnTop'> & { fee: bigint }>(sql`
    select p.* from unnest(${keys}::text[]) as k(key) cross join lateral (
      select id, request_key, customer_id, kind, currency, amount, fee, reference, memo from payments
      where organization_id = ${organizationId} and request_key >= k.key order by request_key limit 1) p
    where p.request_key = k.key`);
  if (payments.length === 0) return [];
  // What was asked for does not change by what became of it: those that have ended are part of it, and those
  // that were put there later are not.
  const applications = await tx.rows<{ paymentId: string; invoiceId: string; amount: bigint }>(sql`
    select a.payment_id, a.invoice_id, a.amount from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id and p.requested_at = a.created_at
    where a.organization_id = ${organizationId} and a.payment_id = any(${payments.map((payment) => payment.id)})`);
  return payments.map(({ fee, ...payment }) => ({
    ...payment,
    paidOnTop: { amount: fee },
    applications: applications.filter((application) => application.paymentId === payment.id),
  }));
}
