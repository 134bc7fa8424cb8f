import { sql } from 'kysely';
import type { Actor, Statement, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { issueFees } from '#features/late-fees/issue-fees.ts';
import type { LateFeeInvoice } from '#features/late-fees/read-facts.ts';
import type { LateFeePolicyRow } from '#features/late-fees/read-policies.ts';
import type { LateFee } from '#features/late-fees/rules.ts';
import { entryOfLateFee } from '#features/ledger/late-fee-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';

export type NewLateFee = LateFee & {
  state: 'posted' | 'waived';
  invoice: Pick<LateFeeInvoice, 'id' | 'number' | 'customerId' | 'currency' | 'dueDate'>;
  policy: LateFeePolicyRow;
  reason: string;
};

/** How far the days of an invoice are done with after this. */
export type Clock = { invoiceId: string; lastOn: string; taken: number; skipped: string | null };

/**
 * Write late fees of locked invoices and how far their days are done with. A posted fee is owed and in the
 * books from its own day, on its invoice or as one of its own; the table's own key refuses a second one of
 * the same number.
 */
export async function writeLateFees(
  tx: Tx,
  by: { actor: Actor; organizationId: string; today: CalendarDate },
  work: { fees: readonly NewLateFee[]; clocks: readonly Clock[] },
  now: Date,
): Promise<void> {
  const { actor, organizationId } = by;
  const apart = await issueFees(tx, by, work.fees.filter(isApart), now);
  const fees = work.fees.map((fee) => ({
    ...fee,
    id: newId('lateFee'),
    ownInvoiceId: apart.get(fee) ?? null,
  }));
  const onInvoice = fees.filter(({ state, ownInvoiceId }) => state === 'posted' && ownInvoiceId === null);
  await tx.writeAll([
    ...(fees.length > 0 ? [feeStatement(organizationId, fees, now)] : []),
    ...(work.clocks.length > 0 ? [clockStatement(organizationId, work.clocks)] : []),
    ...entryStatements(
      organizationId,
      onInvoice.map((fee) => entryOfLateFee({ ...fee, ...placeOf(fee) }, fee.on)),
      now,
    ),
  ]);
  const deltas = onInvoice.map(({ invoice, amount }) => ({
    invoiceId: invoice.id,
    applied: 0n,
    reserved: 0n,
    fees: amount,
  }));
  const moved = await moveInvoices(tx, organizationId, deltas, now);
  await record(tx, { actor, organizationId, now }, [...fees.map(eventOf), ...moved]);
}

type Written = NewLateFee & { id: string; ownInvoiceId: string | null };

const isApart = ({ state, booking }: NewLateFee): boolean => state === 'posted' && booking === 'own_invoice';
const placeOf = ({ invoice }: NewLateFee) => ({
  invoiceId: invoice.id,
  customerId: invoice.customerId,
  currency: invoice.currency,
});

const eventOf = (fee: Written): NewEvent => ({
  type: fee.state === 'posted' ? 'late_fee.assessed' : 'late_fee.waived',
  subjectId: fee.invoice.id,
  customerId: fee.invoice.customerId,
  data: {
    late_fee_id: fee.id,
    sequence: fee.sequence,
    fell_due_on: fee.on,
    amount: fee.amount,
    currency: fee.invoice.currency,
    policy_version: fee.policy.version,
    ...(fee.ownInvoiceId ? { own_invoice_id: fee.ownInvoiceId } : {}),
    ...(fee.reason ? { reason: fee.reason } : {}),
  },
});

const feeStatement = (organizationId: string, fees: readonly Written[], now: Date): Statement<unknown> => sql`
  insert into late_fees (organization_id, id, customer_id, invoice_id, sequence, policy_version, state, fell_due_on,
    amount, currency, reason, own_invoice_id, created_at)
  select ${organizationId}, f.*, ${now} from unnest(${fees.map((f) => f.id)}::text[],
    ${fees.map((f) => f.invoice.customerId)}::text[], ${fees.map((f) => f.invoice.id)}::text[],
    ${fees.map((f) => f.sequence)}::int[], ${fees.map((f) => f.policy.version)}::int[],
    ${fees.map((f) => f.state)}::text[], ${fees.map((f) => f.on)}::date[], ${fees.map((f) => f.amount)}::bigint[],
    ${fees.map((f) => f.invoice.currency)}::text[], ${fees.map((f) => f.reason)}::text[],
    ${fees.map((f) => f.ownInvoiceId)}::text[]) as f`;

const clockStatement = (organizationId: string, clocks: readonly Clock[]): Statement<unknown> => sql`
  insert into late_fee_clocks (organization_id, invoice_id, last_on, taken, skipped)
  select ${organizationId}, k.* from unnest(${clocks.map((k) => k.invoiceId)}::text[],
    ${clocks.map((k) => k.lastOn)}::date[], ${clocks.map((k) => k.taken)}::int[],
    ${clocks.map((k) => k.skipped)}::text[]) as k
  on conflict (organization_id, invoice_id) do update
    set last_on = excluded.last_on, taken = excluded.taken, skipped = excluded.skipped`;
