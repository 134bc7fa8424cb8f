import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type ChargePrice, priceCharge } from '#features/card-fees/price-charge.ts';
import type { ChargeKind } from '#features/payments/payment-gateway.ts';
import { type PaymentAsked, payInvoices } from '#features/payments/portal-pay-invoices.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import type { MethodChoice } from '#features/payments/prepare-charge.ts';
import type { Shop } from '#features/portal-access/checkout-routes.ts';
import { type Fee, feeAgreement } from '#features/portal-access/fee-rules.ts';
import { feeOf } from '#features/portal-access/offer-fees.ts';
import { type Checkout, isByBank } from '#features/portal-access/read-checkout.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';

/** What is charged, as far as its fee hangs on it. */
export type ChosenCard = {
  kind: ChargeKind;
  funding: string | null;
  brand: string | null;
  face?: MethodFace;
};

/** The fee or discount that stood on the page, and when; missing where no page of ours can have said it. */
export type ShownFee = {
  amount: bigint | undefined;
  at: Date | undefined;
  by: Omit<Consent, 'kind' | 'text'>;
};

export type Decided = {
  checkout: Checkout;
  key: string;
  choice: MethodChoice;
  consents: readonly Consent[];
  card: ChosenCard;
  shown: ShownFee;
};

/** The fee is not what the payer saw: it is shown, and nothing is charged. */
export class FeeDiffers extends Error {
  readonly fee: Fee | undefined;
  constructor(fee: Fee | undefined) {
    super('the fee is not what was shown');
    this.fee = fee;
  }
}

/** Asks for the payment with the fee that was agreed to; the form that made one is answered by it. */
export async function askForPayment(tx: Tx, shop: Shop, decided: Decided): Promise<PaymentAsked> {
  const { checkout, key, card, shown, choice } = decided;
  const { seller, today } = shop;
  const made = await findMade(tx, shop, decided);
  if (made) return { paymentId: made, replayed: true };
  const price = await priceCharge(tx, {
    ...{ organizationId: seller.id, currency: seller.currency, today, source: shop.source },
    ...{ customerId: checkout.customer.id, base: checkout.total, ...card },
    parts: checkout.lines,
  });
  const fee = feeOf(price);
  if ((fee?.amount ?? 0n) !== shown.amount || (fee && !shown.at)) throw new FeeDiffers(fee);
  const payment = {
    choice,
    organizationId: seller.id,
    customerId: checkout.customer.id,
    requestKey: key,
    source: shop.source,
    amount: checkout.total + (fee?.amount ?? 0n),
    ...(price.paidOnTop ? { paidOnTop: { ...price.paidOnTop, disclosedAt: shown.at } } : {}),
    inspected: { funding: card.funding, brand: card.brand ?? '' },
    lines: checkout.lines,
    memo: checkout.memo,
    currency: seller.currency,
    today,
    payer: { name: shop.name, email: shop.email },
    sendReceipt: checkout.customer.sendReceipts,
    // Nobody has to agree to pay less.
    consents:
      fee && fee.amount > 0n
        ? [...decided.consents, feeConsent(shop, decided, price, fee)]
        : decided.consents,
  };
  const ask = () => payInvoices(tx, shop.actor, payment, shop.now);
  return shop.within ? shop.within(tx, { requestKey: key, ask }) : ask();
}

/** The payment that this form made before, whatever became of the fee, or was chosen in another tab. */
async function findMade(tx: Tx, { seller }: Shop, { checkout, key }: Decided): Promise<string | undefined> {
  const made = await tx.row<{ id: string }>(sql`
    select id from payments where organization_id = ${seller.id} and request_key = ${key}
      and customer_id = ${checkout.customer.id} and amount - fee = ${checkout.total}`);
  return made?.id;
}

/** The words as they stood by the button, and the same as figures. */
function feeConsent(
  { seller }: Shop,
  { checkout, shown, card }: Decided,
  price: ChargePrice,
  fee: Fee,
): Consent {
  const amounts = { base: checkout.total, ...seller, byBank: isByBank(checkout) };
  return {
    ...shown.by,
    kind: 'card_fee',
    text: feeAgreement(fee, amounts),
    terms: {
      kind: fee.kind,
      percent: fee.percent,
      base: String(checkout.total),
      fee: String(fee.amount),
      total: String(checkout.total + fee.amount),
      currency: seller.currency,
      funding: card.funding,
      policy_id: price.policyId ?? null,
      disclosed_at: shown.at?.toISOString() ?? null,
    },
  };
}
