import { sql } from 'kysely';
import type { Statement, Tx } from '#db/db.ts';
import { type ChargePrice, priceCharges } from '#features/card-fees/price-charge.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import type { ChargeAsk } from '#features/payments/request-charges.ts';

type CardOnFile = { funding: string | null; brand: string };

/**
 * The one place that every fee of a charge passes (money.md, promise 10): what a caller wants paid on top
 * is priced once more by what the gateway or the stored method says of the card, and refused unless it is
 * the same.
 */
export async function priceAskedFees(
  tx: Tx,
  organizationId: string,
  charges: readonly ChargeAsk[],
  onFile: ReadonlyMap<string, CardOnFile>,
) {
  const prices = new Map<ChargeAsk, ChargePrice>();
  const asked = charges.filter(({ paidOnTop }) => paidOnTop);
  const cardOf = (charge: ChargeAsk) => onFile.get(charge.paymentMethodId ?? '') ?? charge.inspected;
  for (const today of new Set(asked.map(({ receivedOn }) => receivedOn))) {
    const ofDay = asked.filter(({ receivedOn }) => receivedOn === today);
    const priced = await priceCharges(tx, {
      organizationId,
      today,
      charges: ofDay.map((charge) => ({
        ...charge,
        base: charge.amount - (charge.paidOnTop?.amount ?? 0n),
        funding: cardOf(charge)?.funding,
        brand: cardOf(charge)?.brand,
        parts: charge.applications,
      })),
    });
    for (const [at, charge] of ofDay.entries()) prices.set(charge, priced[at] as ChargePrice);
  }
  return {
    refusal: (charge: ChargeAsk): Verdict | undefined => {
      const { paidOnTop } = charge;
      const price = prices.get(charge)?.paidOnTop;
      if (!paidOnTop || (price?.amount === paidOnTop.amount && price.kind === paidOnTop.kind))
        return undefined;
      return feeRefused;
    },
    /** What was told of the fee is kept with the payment. */
    write: (
      accepted: readonly { id: string; requestKey: string; amount: bigint }[],
      now: Date,
    ): Statement<unknown>[] => {
      const byKey = new Map(asked.map((charge) => [keyOf(charge), charge]));
      const rows = accepted.flatMap(({ id, ...item }) => {
        const charge = byKey.get(keyOf(item));
        const price = charge && prices.get(charge);
        return charge && price?.paidOnTop
          ? [{ id, charge, price, fee: price.paidOnTop, brand: cardOf(charge)?.brand ?? '' }]
          : [];
      });
      return rows.length === 0 ? [] : [feeStatement(organizationId, rows, now)];
    },
  };
}

const keyOf = ({ requestKey, amount }: Pick<ChargeAsk, 'requestKey' | 'amount'>): string =>
  `${requestKey} ${amount}`;

type FeeRow = {
  id: string;
  charge: ChargeAsk;
  price: ChargePrice;
  fee: { amount: bigint; kind: string };
  brand: string;
};

function feeStatement(organizationId: string, rows: readonly FeeRow[], now: Date): Statement<unknown> {
  const column = <T>(pick: (row: FeeRow) => T): T[] => rows.map(pick);
  return sql`
    insert into payment_fees (organization_id, payment_id, customer_id, policy_id, kind, percent, base, amount, funding,
      brand, disclosed_at)
    select ${organizationId}, f.* from unnest(${column((r) => r.id)}::text[],
      ${column((r) => r.charge.customerId)}::text[], ${column((r) => r.price.policyId)}::text[],
      ${column((r) => r.fee.kind)}::text[], ${column((r) => r.price.percent)}::text[],
      ${column((r) => r.charge.amount - r.fee.amount)}::bigint[], ${column((r) => r.fee.amount)}::bigint[],
      ${column((r) => r.price.funding)}::text[], ${column((r) => r.brand)}::text[],
      ${column((r) => r.charge.paidOnTop?.disclosedAt ?? now)}::timestamptz[]) as f`;
}

const feeRefused = {
  ok: false as const,
  code: 'state_refused' as const,
  param: 'fee',
  reason:
    'The card fee of this payment is another one now. Ask what it costs and tell the payer before you charge it.',
};
