import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewEvent } from '#db/events.ts';

export type InvoiceDelta = { invoiceId: string; applied: bigint; reserved: bigint };

/**
 * Move what is applied to and reserved on locked invoices. Answers the events of those that were paid in full or
 * opened again by it; the table's own checks refuse a balance below zero and a reservation above it.
 */
export async function moveInvoices(
  tx: Tx,
  organizationId: string,
  deltas: readonly InvoiceDelta[],
  now: Date,
): Promise<NewEvent[]> {
  const sums = new Map<string, InvoiceDelta>();
  for (const delta of deltas) {
    const sum = sums.get(delta.invoiceId) ?? { invoiceId: delta.invoiceId, applied: 0n, reserved: 0n };
    sum.applied += delta.applied;
    sum.reserved += delta.reserved;
    sums.set(delta.invoiceId, sum);
  }
  const moves = [...sums.values()].filter((move) => move.applied !== 0n || move.reserved !== 0n);
  if (moves.length === 0) return [];
  const moved = await tx.rows<{ id: string; customerId: string; balanceDue: bigint }>(sql`
    update invoices i set applied = i.applied + d.applied, reserved = i.reserved + d.reserved, updated_at = ${now},
      closed_at = case when i.balance_due = d.applied then ${now}::timestamptz end
    from unnest(${moves.map((m) => m.invoiceId)}::text[], ${moves.map((m) => m.applied)}::bigint[],
      ${moves.map((m) => m.reserved)}::bigint[]) as d(id, applied, reserved)
    where i.organization_id = ${organizationId} and i.id = d.id
    returning i.id, i.customer_id, i.balance_due`);
  return moved.flatMap((invoice): NewEvent[] => {
    const applied = sums.get(invoice.id)?.applied ?? 0n;
    const about = { subjectId: invoice.id, customerId: invoice.customerId };
    if (applied > 0n && invoice.balanceDue === 0n) return [{ ...about, type: 'invoice.paid' }];
    if (applied < 0n && invoice.balanceDue === -applied) return [{ ...about, type: 'invoice.reopened' }];
    return [];
  });
}
