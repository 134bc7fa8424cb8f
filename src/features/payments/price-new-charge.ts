import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { type ChargePrice, priceCharge, readCardFeeTerms } from '#features/card-fees/price-charge.ts';
import { findEarlier } from '#features/payments/find-earlier.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { type Inspected, inspectToken } from '#features/payments/inspect-token.ts';
import type { FeeKind } from '#features/payments/payment-name-rules.ts';
import type { PreparedCharge } from '#features/payments/prepare-charge.ts';
import type { Application } from '#features/payments/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

export type NewCharge = {
  organizationId: string;
  customerId: string;
  prepared: PreparedCharge;
  /** What is paid without the fee. */
  base: bigint;
  currency: string;
  parts: readonly Application[];
  source: string;
  today: string;
};

export type PricedNewCharge = { price: ChargePrice; inspected: Inspected | undefined };

/** What a charge costs on top before it is asked for: a new card is asked about at its gateway first. */
export async function priceNewCharge(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  actor: Actor,
  { prepared, ...charge }: NewCharge,
  now: Date,
): Promise<PricedNewCharge> {
  const { organizationId } = charge;
  const { kind, gatewayAccountId, gatewaySource, paymentMethodId } = prepared;
  const onFile = await deps.db.transaction(actor, async (tx) => {
    const terms = await readCardFeeTerms(tx, organizationId, charge.today);
    // Nothing has to be known of a bank account.
    if (terms && kind === 'bank_account') return { funding: null, brand: '' };
    if (kind !== 'card' || !terms) return 'free' as const;
    if (paymentMethodId === undefined) return undefined;
    return tx.row<Inspected>(sql`select funding, brand from payment_methods
      where organization_id = ${organizationId} and id = ${paymentMethodId}`);
  });
  if (onFile === 'free') {
    const why = kind === 'card' ? 'off' : 'not_a_card';
    return {
      price: { label: '', percent: null, flatAmount: 0n, funding: 'unknown', why },
      inspected: undefined,
    };
  }
  const { token } = gatewaySource;
  const inspected =
    onFile ?? (await inspectToken(deps, actor, { organizationId, gatewayAccountId, token }, now));
  const price = await deps.db.transaction(actor, (tx) => priceCharge(tx, { ...charge, kind, ...inspected }));
  return { price, inspected };
}

type Fee = { paidOnTop?: { amount: bigint; kind: FeeKind } };

/**
 * The fee of a charge that names what its payer was told: refused when it is another one. A key that has its
 * payment already is answered by it, whatever the fee would be now.
 */
export async function feeAsTold(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  actor: Actor,
  input: NewCharge & { told: bigint; requestKey: string },
  now: Date,
): Promise<Fee & { inspected: Inspected | undefined }> {
  const { told, requestKey, ...charge } = input;
  const [earlier] = await deps.db.transaction(actor, (tx) =>
    findEarlier(tx, charge.organizationId, [requestKey]),
  );
  if (earlier) return { inspected: undefined };
  const { price, inspected } = await priceNewCharge(deps, actor, charge, now);
  const amount = price.paidOnTop?.amount ?? 0n;
  if (amount === told) return { ...(price.paidOnTop && { paidOnTop: price.paidOnTop }), inspected };
  const fee = formatMoney(amount, charge.currency);
  throw new Refusal('state_refused', {
    message:
      amount === 0n
        ? 'This payment has no card fee and no discount. Leave the fee out.'
        : amount < 0n
          ? `${price.label}: ${fee} for this payment. Tell the payer, then send it as fee: ${amount}.`
          : `${price.label} of ${fee} is paid on top of this payment. Tell the payer, then send it as fee: ${amount}.`,
    param: 'fee',
  });
}
