import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { entryOfApplying } from '#features/ledger/application-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { decideApplying } from '#features/payments/apply-rules.ts';
import { lockApplied } from '#features/payments/lock-applied.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import type { Application } from '#features/payments/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

/** Put unapplied cash of a payment that stands against open invoices of the same customer. */
export async function applyPayment(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; applications: readonly Application[] },
  now: Date,
): Promise<void> {
  const { organizationId, paymentId, applications } = input;
  const invoices = await lockInvoices(
    tx,
    organizationId,
    applications.map(({ invoiceId }) => invoiceId),
  );
  const payment = await lockApplied(tx, { organizationId, paymentId, now });
  const verdict = decideApplying(payment, applications, invoices);
  if (!verdict.ok) throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
  const { customerId, currency, kind } = payment;
  const rows = applications.map((each) => ({ ...each, id: newId('paymentApplication') }));
  const total = sum(rows.map(({ amount }) => amount));
  const closings = await moveInvoices(
    tx,
    organizationId,
    rows.map(({ invoiceId, amount }) => ({ invoiceId, applied: amount, reserved: 0n })),
    now,
  );
  await tx.writeAll([
    sql`update payments set applied = applied + ${total}
      where organization_id = ${organizationId} and id = ${paymentId}`,
    sql`insert into payment_applications (organization_id, id, payment_id, invoice_id, amount, state, created_at, applied_at)
      select ${organizationId}, a.id, ${paymentId}, a.invoice_id, a.amount, 'applied', ${now}, ${now}
      from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map((row) => row.invoiceId)}::text[],
        ${rows.map(({ amount }) => amount)}::bigint[]) as a(id, invoice_id, amount)`,
    ...entryStatements(
      organizationId,
      rows.map((row) => entryOfApplying({ ...row, customerId, currency, entryDate: payment.today })),
      now,
    ),
  ]);
  await record(tx, { actor, organizationId, now }, [
    { type: 'payment.applied', subjectId: paymentId, customerId, data: { amount: total, currency, kind } },
    ...rows.map(({ invoiceId, amount }) => ({
      type: 'invoice.payment_applied',
      subjectId: invoiceId,
      customerId,
      data: { payment_id: paymentId, amount, currency, kind },
    })),
    ...closings,
  ]);
}
