import type { FastifyReply } from 'fastify';
import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import type { ChosenCard, Decided, ShownFee } from '#features/portal-access/ask-for-payment.ts';
import type { PayDeps, Shop } from '#features/portal-access/checkout-routes.ts';
import { type Fee, feeAgreement } from '#features/portal-access/fee-rules.ts';
import { readFundings } from '#features/portal-access/offer-fees.ts';
import { type Ask, allOf, sendPage, textOf } from '#features/portal-access/page-routes.ts';
import { faceOf } from '#features/portal-access/pay-panel.ts';
import { type Checkout, isByBank } from '#features/portal-access/read-checkout.ts';
import { openShownAt, sealShownAt } from '#features/portal-access/shown-at.ts';
import { originOf } from '#http/app.ts';
import { feeStepPage } from '#web/portal/views/fee-step-page.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { purposeWords } from '#web/portal/views/payment-result.ts';

/** What is to be charged: a stored card is known; of one that was just typed in the gateway is asked. */
export async function cardOf(ask: Ask, deps: PayDeps, shop: Shop, checkout: Checkout): Promise<ChosenCard> {
  const method = textOf(ask.request, 'method', 40);
  const stored = checkout.methods.find(({ id }) => id === method);
  if (stored) {
    const fundings = await shop.read((tx) => readFundings(tx, shop.seller.id, [stored.id]));
    const { funding = null, brand = null } = fundings.get(stored.id) ?? {};
    return { kind: stored.kind, funding, brand, face: faceOf(stored) };
  }
  if (method !== 'card') return { kind: 'bank_account', funding: null, brand: null };
  const account = checkout.routed.card;
  const token = textOf(ask.request, 'token', 300);
  // A token of which nobody says what stands behind it has no surcharge.
  const unknown = { kind: 'card' as const, funding: null, brand: null };
  if (!account || checkout.fees.kind !== 'surcharge') return unknown;
  const found = await deps.gateways.open(account).inspect?.({ token, at: shop.now });
  if (!found) return unknown;
  const { brand, last4, expiry, funding = null } = found;
  return {
    kind: 'card',
    brand,
    funding,
    face: { kind: 'card', brand, last4, ...(expiry ? { expiry } : {}) },
  };
}

/** What our page said the fee is, and when it said so. */
export function shownFee(ask: Ask, shop: Shop, key: string): ShownFee {
  const amount = textOf(ask.request, 'shown_fee', 20) || '0';
  return {
    amount: /^-?\d+$/.test(amount) ? BigInt(amount) : undefined,
    at: openShownAt(ask.app.secrets, key, textOf(ask.request, 'shown_at', 60), shop.now),
    by: { name: shop.name, ...originOf(ask.request) },
  };
}

/** Said anew with every step, or by the browser. */
const ownFields = new Set(['csrf', 'shown_total', 'shown_fee', 'shown_at']);

/** The exact amount, before anything is charged. The form is the one that was sent, to be sent again. */
export function sendFeeStep(
  ask: Ask,
  shop: Shop,
  { checkout, key, card, fee }: Decided & { fee: Fee | undefined },
): FastifyReply {
  const { seller } = shop;
  const byBank = isByBank(checkout);
  const shell = shop.shell();
  const names = Object.keys((ask.request.body ?? {}) as object).filter((name) => !ownFields.has(name));
  const sent = names.flatMap((name) =>
    allOf(ask.request, name).map((value): [string, string] => [name, value]),
  );
  const face: MethodFace | undefined = card.face;
  const page = feeStepPage(shell, {
    action: shop.urls.pay,
    fields: [
      ...sent,
      ['shown_total', String(checkout.total + (fee?.amount ?? 0n))],
      ['shown_fee', String(fee?.amount ?? 0n)],
      ['shown_at', sealShownAt(ask.app.secrets, key, shop.now)],
    ],
    currency: seller.currency,
    about: purposeWords({
      invoices: checkout.invoices.map(({ number }) => number),
      ...(checkout.memo ? { memo: checkout.memo } : {}),
    }),
    base: checkout.total,
    ...(fee
      ? {
          fee: {
            amount: fee.amount,
            label: cardFeeLabels[fee.kind],
            agreement: feeAgreement(fee, { base: checkout.total, ...seller, byBank }),
          },
        }
      : {}),
    ...(face ? { method: face } : {}),
    other: {
      url: shop.urls.choose(checkout),
      words: byBank && card.kind === 'card' ? 'Pay by bank, without a fee' : 'Pay in another way',
    },
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce });
}
