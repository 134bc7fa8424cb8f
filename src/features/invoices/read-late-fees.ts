import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/**
 * What a payer is told of late fees on the invoice itself: each one that is owed or was paid, and the
 * terms.
 */
export type LateFeesShown = {
  fees: { fellDueOn: string; amount: bigint }[];
  /** Where the organization has its terms printed, and this invoice is under them. */
  terms: string | null;
};

export async function readLateFees(
  tx: Tx,
  organizationId: string,
  invoice: { id: string; dueDate: string },
): Promise<LateFeesShown> {
  const fees = await tx.rows<LateFeesShown['fees'][0]>(sql`
    select fell_due_on, amount from late_fees where organization_id = ${organizationId} and invoice_id = ${invoice.id}
      and own_invoice_id is null and (state = 'posted' or credit_memo_id is not null) order by sequence`);
  const row = await tx.row<{ terms: string | null }>(sql`
    select case when terms_in_memo then nullif(terms_text, '') end as terms
    from late_fee_policy_for(${organizationId}, ${invoice.dueDate}::date)
    where not exists (select from invoices i
      where i.organization_id = ${organizationId} and i.id = ${invoice.id} and i.late_fee_of is not null)`);
  return { fees, terms: row?.terms ?? null };
}
