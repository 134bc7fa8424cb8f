import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type ChargePrice, type ChargeToPrice, priceCharges } from '#features/card-fees/price-charge.ts';
import type { PayLine } from '#features/payments/portal-rules.ts';
import type { MethodRow } from '#features/payments/queries.ts';
import { type Fee, type FeeOffer, noFees } from '#features/portal-access/fee-rules.ts';

export type Priced = {
  seller: { id: string; currency: string };
  today: string;
  customerId: string;
  total: bigint;
  lines: readonly PayLine[];
  methods: readonly MethodRow[];
};

export const feeOf = ({ paidOnTop, percent }: ChargePrice): Fee | undefined =>
  paidOnTop && { ...paidOnTop, percent };

/** What each way to pay costs on top, before one is chosen. */
export async function readFeeOffer(tx: Tx, input: Priced): Promise<FeeOffer> {
  const { seller, today, customerId, total: base, lines: parts } = input;
  const stored = input.methods.filter(({ kind }) => kind === 'card').map(({ id }) => id);
  const funding = await readFundings(tx, seller.id, stored);
  const card = { customerId, base, currency: seller.currency, kind: 'card' as const, parts };
  const charges: ChargeToPrice[] = [
    { ...card, funding: 'credit' },
    { ...card, funding: 'debit' },
    { ...card, kind: 'bank_account' },
    ...stored.map((id) => ({ ...card, ...funding.get(id) })),
  ];
  const fees = (await priceCharges(tx, { organizationId: seller.id, today, charges })).map(feeOf);
  const kind = fees.find((fee) => fee !== undefined)?.kind;
  if (!kind) return noFees;
  return {
    kind,
    typed: { credit: fees[0], other: fees[1] },
    bank: fees[2],
    stored: new Map(stored.map((id, at) => [id, fees[at + 3]])),
  };
}

export type CardFace = { funding: string | null; brand: string | null };

/** What stands behind stored cards, as the gateway said when they were stored. */
export async function readFundings(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, CardFace>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<CardFace & { id: string }>(sql`select id, funding, brand from payment_methods
    where organization_id = ${organizationId} and id = any(${[...ids]}::text[])`);
  return new Map(rows.map(({ id, ...face }) => [id, face]));
}
