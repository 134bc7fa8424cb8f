import { sql } from 'kysely';
import type { Statement, Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';
import { must } from '#lib/errors.ts';

/** `applied` is money, `credited` credit memos: both lower what is due. `fees`, late fees, raise it. */
export type InvoiceDelta = {
  invoiceId: string;
  applied: bigint;
  reserved: bigint;
  credited?: bigint;
  fees?: bigint;
};
type Move = Required<InvoiceDelta>;

/** One move an invoice, however many payments touch it; an update must meet each row once. */
function summed(deltas: readonly InvoiceDelta[]): Move[] {
  const sums = new Map<string, Move>();
  for (const delta of deltas) {
    const { invoiceId } = delta;
    const sum = sums.get(invoiceId) ?? { invoiceId, applied: 0n, reserved: 0n, credited: 0n, fees: 0n };
    sum.applied += delta.applied;
    sum.reserved += delta.reserved;
    sum.credited += delta.credited ?? 0n;
    sum.fees += delta.fees ?? 0n;
    sums.set(invoiceId, sum);
  }
  return [...sums.values()].filter(
    (move) => move.applied !== 0n || move.reserved !== 0n || move.credited !== 0n || move.fees !== 0n,
  );
}

function moveStatement(organizationId: string, moves: readonly Move[], now: Date) {
  return sql<{ id: string; customerId: string; balanceDue: bigint }>`
    update invoices i set applied = i.applied + d.applied, reserved = i.reserved + d.reserved,
      credited = i.credited + d.credited, fees = i.fees + d.fees, updated_at = ${now},
      closed_at = case when i.balance_due + d.fees = d.applied + d.credited then ${now}::timestamptz end
    from unnest(${moves.map((m) => m.invoiceId)}::text[], ${moves.map((m) => m.applied)}::bigint[],
      ${moves.map((m) => m.reserved)}::bigint[], ${moves.map((m) => m.credited)}::bigint[],
      ${moves.map((m) => m.fees)}::bigint[]) as d(id, applied, reserved, credited, fees)
    where i.organization_id = ${organizationId} and i.id = d.id
    returning i.id, i.customer_id, i.balance_due`;
}

/** By how much what is due goes down. */
const loweredBy = (move: Omit<Move, 'invoiceId'>): bigint => move.applied + move.credited - move.fees;

type Moved = { id: string; customerId: string; balanceDue: bigint };

/** The invoices that a move paid in full or opened again; `balanceDue` is what is due after it. */
function closings(moves: readonly Move[], after: (invoiceId: string) => Moved | undefined): NewEvent[] {
  return moves.flatMap(({ invoiceId, ...move }): NewEvent[] => {
    const lowered = loweredBy(move);
    const { customerId, balanceDue } = must(after(invoiceId), `a lock on ${invoiceId}`);
    if (lowered > 0n && balanceDue === 0n)
      return [
        {
          type: 'invoice.paid',
          subjectId: invoiceId,
          customerId,
          ...(move.applied > 0n ? {} : { data: { by: 'credit' } }),
        },
      ];
    if (lowered < 0n && balanceDue === -lowered)
      return [{ type: 'invoice.reopened', subjectId: invoiceId, customerId }];
    return [];
  });
}

/**
 * Move what is applied to and reserved on locked invoices. Answers the events of those that were paid in full
 * or opened again by it; the table's own checks refuse a balance below zero and a reservation above it.
 */
export async function moveInvoices(
  tx: Tx,
  organizationId: string,
  deltas: readonly InvoiceDelta[],
  now: Date,
): Promise<NewEvent[]> {
  const moves = summed(deltas);
  if (moves.length === 0) return [];
  const moved = new Map(
    (await tx.rows<Moved>(moveStatement(organizationId, moves, now))).map((row) => [row.id, row]),
  );
  return closings(moves, (id) => moved.get(id));
}

/**
 * The same as a statement, for a command that writes everything in one round trip: `locked` is as before the
 * move.
 */
export function invoiceMoves(
  organizationId: string,
  locked: ReadonlyMap<string, Moved>,
  deltas: readonly InvoiceDelta[],
  now: Date,
): { writes: Statement<unknown>[]; events: NewEvent[] } {
  const moves = summed(deltas);
  if (moves.length === 0) return { writes: [], events: [] };
  const lowered = new Map(moves.map((move) => [move.invoiceId, loweredBy(move)]));
  const events = closings(moves, (id) => {
    const before = locked.get(id);
    return before && { ...before, balanceDue: before.balanceDue - (lowered.get(id) ?? 0n) };
  });
  return { writes: [moveStatement(organizationId, moves, now)], events };
}
