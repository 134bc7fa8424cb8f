import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { reversalOfPayment } from '#features/ledger/rules.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import type { Application } from '#features/payments/rules.ts';

export type MistakenPayment = {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  fee: bigint;
  receivedOn: string;
  applications: readonly Application[];
};

/**
 * Payments recorded by hand that never were, their invoices and themselves locked: their entries are reversed
 * on their own day, and their invoices are open again.
 */
export async function takeBackPayments(
  tx: Tx,
  by: { actor: Actor; organizationId: string; quiet: boolean; data: Record<string, unknown> },
  payments: readonly MistakenPayment[],
  now: Date,
): Promise<void> {
  if (payments.length === 0) return;
  const { actor, organizationId } = by;
  const ids = payments.map(({ id }) => id);
  await tx.run(sql`update payments set state = 'voided', applied = 0, ended_at = ${now}
    where organization_id = ${organizationId} and id = any(${ids}::text[])`);
  await tx.run(sql`update payment_applications set state = 'ended', ended_at = ${now}
    where organization_id = ${organizationId} and payment_id = any(${ids}::text[]) and state = 'applied'`);
  const reopened = await moveInvoices(
    tx,
    organizationId,
    payments.flatMap(({ applications }) =>
      applications.map(({ invoiceId, amount }) => ({ invoiceId, applied: -amount, reserved: 0n })),
    ),
    now,
  );
  await postEntries(
    tx,
    organizationId,
    payments.map((payment) =>
      reversalOfPayment({ ...payment, entryDate: payment.receivedOn, throughGateway: false }),
    ),
    now,
  );
  await record(tx, { actor, organizationId, now, quiet: by.quiet }, [
    ...payments.flatMap((payment) => [
      {
        type: 'payment.voided',
        subjectId: payment.id,
        customerId: payment.customerId,
        data: { amount: payment.amount, currency: payment.currency, ...by.data },
      },
      ...(by.quiet ? [] : payment.applications).map(({ invoiceId, amount }) => ({
        type: 'invoice.payment_unapplied',
        subjectId: invoiceId,
        customerId: payment.customerId,
        data: { payment_id: payment.id, amount, currency: payment.currency, state: 'voided' },
      })),
    ]),
    ...reopened,
  ]);
}
