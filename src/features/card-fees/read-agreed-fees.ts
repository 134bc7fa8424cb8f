import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/** The card fee that a standing agreement includes: its kind, how much at most, and since when. */
export type AgreedFee = { kind: string; percent: string; flatAmount: bigint; acceptedAt: Date };

/**
 * Of these agreements those that include one, as their terms say it (agreedFeeTerms wrote them). Older ones
 * name no flat part: they agree to none.
 */
export async function readAgreedFees(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, AgreedFee>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<AgreedFee & { id: string }>(sql`
    select id, terms ->> 'card_fee_kind' as kind, terms ->> 'card_fee_percent' as percent,
      coalesce((terms ->> 'card_fee_flat')::bigint, 0) as flat_amount, accepted_at
    from authorizations where organization_id = ${organizationId} and id = any(${[...new Set(ids)]}::text[])
      and terms ->> 'card_fee_kind' is not null and terms ->> 'card_fee_percent' is not null`);
  return new Map(rows.map((row) => [row.id, row]));
}
