import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';

type Row = { id: string; customerId: string; invoiceId: string; number: string; isVoid: boolean };

/** A dispute about an invoice that was paid or is void has nothing left to settle. */
export async function endMootDisputes(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; invoiceId?: string | undefined; limit: number },
  now: Date,
): Promise<{ customerIds: string[] }> {
  const { organizationId, invoiceId } = input;
  const rows =
    await tx.rows<Row>(sql`select d.id, d.customer_id, d.invoice_id, i.number, i.voided_at is not null as is_void
    from disputes d join invoices i on i.organization_id = d.organization_id and i.id = d.invoice_id
    where d.organization_id = ${organizationId} and d.state = 'open' and i.closed_at is not null
      and (${invoiceId ?? null}::text is null or d.invoice_id = ${invoiceId ?? null})
    order by d.id limit ${input.limit} for update of d`);
  if (rows.length === 0) return { customerIds: [] };
  const outcomes = rows.map(({ isVoid }) => (isVoid ? 'The invoice was voided' : 'The invoice was paid'));
  await tx.run(sql`update disputes d set state = 'resolved', outcome = r.outcome, ended_at = ${now}
    from unnest(${rows.map(({ id }) => id)}::text[], ${outcomes}::text[]) as r(id, outcome)
    where d.organization_id = ${organizationId} and d.id = r.id`);
  await record(
    tx,
    { actor, organizationId, now },
    rows.map((row, at) => ({
      type: 'dispute.resolved',
      subjectId: row.invoiceId,
      customerId: row.customerId,
      data: { dispute_id: row.id, number: row.number, outcome: outcomes[at] },
    })),
  );
  return { customerIds: rows.map(({ customerId }) => customerId) };
}
