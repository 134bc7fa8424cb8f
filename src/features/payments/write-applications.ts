import { sql } from 'kysely';
import type { Statement } from '#db/db.ts';
import type { Application } from '#features/payments/rules.ts';
import { newId } from '#lib/ids.ts';

/** Put payments against invoices: reserved while the money is on its way, applied once it is ours. */
export function applicationStatements(
  organizationId: string,
  payments: readonly { id: string; applications: readonly Application[] }[],
  as: { state: 'reserved' | 'applied'; now: Date },
): Statement<unknown>[] {
  const rows = payments.flatMap((payment) =>
    payment.applications.map((application) => ({ ...application, paymentId: payment.id })),
  );
  if (rows.length === 0) return [];
  return [
    sql`
    insert into payment_applications (organization_id, id, payment_id, invoice_id, amount, state, created_at, applied_at)
    select ${organizationId}, a.*, ${as.state}, ${as.now}::timestamptz, ${as.state === 'applied' ? as.now : null}::timestamptz
    from unnest(${rows.map(() => newId('paymentApplication'))}::text[], ${rows.map((r) => r.paymentId)}::text[],
      ${rows.map((r) => r.invoiceId)}::text[], ${rows.map((r) => r.amount)}::bigint[]) as a`,
  ];
}
