import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ModelLateFee } from './reference-late-fees.ts';

type Fee = ModelLateFee & { invoiceId: string; sequence: number };
export type LateFeeRows = {
  lateFees: Map<string, Fee[]>;
  /** The last day of each invoice that is done with. */
  clocks: Map<string, string>;
  /** Invoices off which people took what had been on them. */
  rested: Set<string>;
};

export async function readLateFees(tx: Tx, org: string): Promise<LateFeeRows> {
  const fees = await tx.rows<Fee>(sql`
    select invoice_id, sequence, fell_due_on as on, case when credit_memo_id is null then state else 'credited' end as state
    from late_fees where organization_id = ${org} order by invoice_id, sequence`);
  const clocks = await tx.rows<{ invoiceId: string; lastOn: string }>(sql`
    select invoice_id, last_on from late_fee_clocks where organization_id = ${org}`);
  const rested = await tx.rows<{ invoiceId: string }>(sql`
    select a.invoice_id from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${org} and a.state = 'ended' and a.applied_at is not null and p.state <> 'returned'
    union select invoice_id from credit_applications where organization_id = ${org} and state = 'ended'`);
  return {
    lateFees: Map.groupBy(fees, ({ invoiceId }) => invoiceId),
    clocks: new Map(clocks.map(({ invoiceId, lastOn }) => [invoiceId, lastOn])),
    rested: new Set(rested.map(({ invoiceId }) => invoiceId)),
  };
}
