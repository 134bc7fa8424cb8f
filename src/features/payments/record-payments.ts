import { sql } from 'kysely';
import type { Actor, Statement, Tx } from '#db/db.ts';
import { enqueueStatement } from '#db/enqueue.ts';
import { eventStatements } from '#db/events.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { entryOfPayment } from '#features/ledger/rules.ts';
import { decideBatch, type Verdict } from '#features/payments/decide-batch.ts';
import { findEarlier } from '#features/payments/find-earlier.ts';
import { strangerRefusal } from '#features/payments/find-strangers.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { invoiceMoves } from '#features/payments/move-invoices.ts';
import type { Application } from '#features/payments/rules.ts';
import { applicationStatements } from '#features/payments/write-applications.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

export type HandPayment = {
  requestKey: string;
  customerId: string;
  kind: 'check' | 'cash' | 'wire' | 'other';
  source: 'staff' | 'api' | 'import';
  amount: bigint;
  currency: string;
  receivedOn: string;
  reference?: string | undefined;
  memo?: string | undefined;
  sendReceipt: boolean;
  applications: readonly Application[];
};

/** Record payments that staff has in hand (check, cash, wire): received, applied and in the books at once. */
export async function recordPayments(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; payments: readonly HandPayment[]; quiet?: boolean },
  now: Date,
): Promise<Verdict[]> {
  const { organizationId } = input;
  const invoices = await lockInvoices(
    tx,
    organizationId,
    input.payments.flatMap((p) => p.applications.map((a) => a.invoiceId)),
  );
  const earlier = await findEarlier(
    tx,
    organizationId,
    input.payments.map((p) => p.requestKey),
  );
  const strangers = await strangerRefusal(tx, organizationId, input.payments);
  const { verdicts, accepted: payments } = decideBatch(
    input.payments,
    { invoices: new Map(invoices), earlier },
    {
      take: (invoice, amount) => ({ ...invoice, balanceDue: invoice.balanceDue - amount }),
      newPaymentId: () => newId('payment'),
      refusal: strangers,
    },
  );
  if (payments.length === 0) return verdicts;
  const moves = invoiceMoves(
    organizationId,
    invoices,
    payments.flatMap((p) =>
      p.applications.map((a) => ({ invoiceId: a.invoiceId, applied: a.amount, reserved: 0n })),
    ),
    now,
  );
  const entries = payments.map((p) =>
    entryOfPayment({ ...p, entryDate: p.receivedOn, throughGateway: false }),
  );
  const events = eventStatements(tx, { actor, organizationId, now, quiet: input.quiet ?? false }, [
    ...payments.flatMap((p) => [
      {
        type: 'payment.recorded',
        subjectId: p.id,
        customerId: p.customerId,
        data: { amount: p.amount, currency: p.currency, kind: p.kind, reference: p.reference },
      },
      ...p.applications.map((a) => ({
        type: 'invoice.payment_applied',
        subjectId: a.invoiceId,
        customerId: p.customerId,
        data: { payment_id: p.id, amount: a.amount, currency: p.currency, kind: p.kind },
      })),
    ]),
    ...moves.events,
  ]);
  await tx.writeAll(
    [
      paymentStatement(organizationId, actor, payments, now),
      ...applicationStatements(organizationId, payments, { state: 'applied', now }),
      ...moves.writes,
      ...entryStatements(organizationId, entries, now),
      ...events.writes,
    ],
    events.reaction && enqueueStatement([events.reaction]),
  );
  return verdicts;
}

function paymentStatement(
  organizationId: string,
  actor: Actor,
  payments: readonly (HandPayment & { id: string })[],
  now: Date,
): Statement<unknown> {
  const column = <T>(pick: (payment: (typeof payments)[number]) => T): T[] => payments.map(pick);
  const userId = actor.kind === 'user' ? actor.userId : null;
  return sql`
    insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, applied, currency,
      received_on, reference, memo, send_receipt, user_id, requested_at, posted_at, settled_at)
    select ${organizationId}, p.id, p.customer_id, p.request_key, p.kind, p.source, 'settled', p.amount, p.applied,
      p.currency, p.received_on, p.reference, p.memo, p.send_receipt, ${userId}, ${now}, ${now}, ${now}
    from unnest(${column((p) => p.id)}::text[], ${column((p) => p.customerId)}::text[],
      ${column((p) => p.requestKey)}::text[], ${column((p) => p.kind)}::text[], ${column((p) => p.source)}::text[],
      ${column((p) => p.amount)}::bigint[], ${column((p) => sum(p.applications.map((a) => a.amount)))}::bigint[],
      ${column((p) => p.currency)}::text[], ${column((p) => p.receivedOn)}::date[],
      ${column((p) => p.reference ?? null)}::text[], ${column((p) => p.memo ?? null)}::text[],
      ${column((p) => p.sendReceipt)}::boolean[])
      as p(id, customer_id, request_key, kind, source, amount, applied, currency, received_on, reference, memo,
        send_receipt)`;
}
