import { sql } from 'kysely';
import type { Actor, Statement, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import type { LateFee } from '#features/late-fees/rules.ts';
import { entryOfLateFee } from '#features/ledger/late-fee-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import { newId } from '#lib/ids.ts';

export type NewLateFee = LateFee & {
  state: 'posted' | 'waived';
  invoiceId: string;
  customerId: string;
  currency: string;
  policyVersion: number;
  reason: string;
};

/** How far the days of an invoice are done with after this. */
export type Clock = { invoiceId: string; lastOn: string; taken: number; skipped: string | null };

/**
 * Write late fees of locked invoices and how far their days are done with. A posted fee is owed and in the
 * books from its own day; the table's own key refuses a second one of the same number.
 */
export async function writeLateFees(
  tx: Tx,
  by: { actor: Actor; organizationId: string },
  work: { fees: readonly NewLateFee[]; clocks: readonly Clock[] },
  now: Date,
): Promise<void> {
  const { organizationId } = by;
  const fees = work.fees.map((fee) => ({ ...fee, id: newId('lateFee') }));
  const posted = fees.filter(({ state }) => state === 'posted');
  await tx.writeAll([
    ...(fees.length > 0 ? [feeStatement(organizationId, fees, now)] : []),
    ...(work.clocks.length > 0 ? [clockStatement(organizationId, work.clocks)] : []),
    ...entryStatements(
      organizationId,
      posted.map((fee) => entryOfLateFee(fee, fee.on)),
      now,
    ),
  ]);
  const deltas = posted.map(({ invoiceId, amount }) => ({
    invoiceId,
    applied: 0n,
    reserved: 0n,
    fees: amount,
  }));
  const moved = await moveInvoices(tx, organizationId, deltas, now);
  await record(tx, { ...by, now }, [...fees.map(eventOf), ...moved]);
}

type Written = NewLateFee & { id: string };

const eventOf = (fee: Written): NewEvent => ({
  type: fee.state === 'posted' ? 'late_fee.assessed' : 'late_fee.waived',
  subjectId: fee.invoiceId,
  customerId: fee.customerId,
  data: {
    late_fee_id: fee.id,
    sequence: fee.sequence,
    fell_due_on: fee.on,
    amount: fee.amount,
    currency: fee.currency,
    policy_version: fee.policyVersion,
    ...(fee.reason ? { reason: fee.reason } : {}),
  },
});

const feeStatement = (organizationId: string, fees: readonly Written[], now: Date): Statement<unknown> => sql`
  insert into late_fees (organization_id, id, customer_id, invoice_id, sequence, policy_version, state, fell_due_on,
    amount, currency, reason, created_at)
  select ${organizationId}, f.*, ${now} from unnest(${fees.map((f) => f.id)}::text[],
    ${fees.map((f) => f.customerId)}::text[], ${fees.map((f) => f.invoiceId)}::text[],
    ${fees.map((f) => f.sequence)}::int[], ${fees.map((f) => f.policyVersion)}::int[],
    ${fees.map((f) => f.state)}::text[], ${fees.map((f) => f.on)}::date[], ${fees.map((f) => f.amount)}::bigint[],
    ${fees.map((f) => f.currency)}::text[], ${fees.map((f) => f.reason)}::text[]) as f`;

const clockStatement = (organizationId: string, clocks: readonly Clock[]): Statement<unknown> => sql`
  insert into late_fee_clocks (organization_id, invoice_id, last_on, taken, skipped)
  select ${organizationId}, k.* from unnest(${clocks.map((k) => k.invoiceId)}::text[],
    ${clocks.map((k) => k.lastOn)}::date[], ${clocks.map((k) => k.taken)}::int[],
    ${clocks.map((k) => k.skipped)}::text[]) as k
  on conflict (organization_id, invoice_id) do update
    set last_on = excluded.last_on, taken = excluded.taken, skipped = excluded.skipped`;
