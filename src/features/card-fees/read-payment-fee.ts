import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { CardFeeKind, Funding } from '#features/card-fees/rules.ts';
import { cardFeeLabels } from '#features/card-fees/word-rules.ts';

/** How the fee of a payment came about, and when its payer was told. */
export async function readPaymentFee(tx: Tx, organizationId: string, paymentId: string) {
  type Row = { kind: CardFeeKind; percent: string | null; base: bigint; funding: Funding; disclosedAt: Date };
  const row = await tx.row<Row>(sql`select kind, percent, base, funding, disclosed_at from payment_fees
    where organization_id = ${organizationId} and payment_id = ${paymentId}`);
  if (!row) return null;
  const { kind, percent, base, funding, disclosedAt } = row;
  return { label: cardFeeLabels[kind], percent, base, funding, disclosed_at: disclosedAt };
}
