import type { FastifyReply } from 'fastify';
import type { Tx } from '#db/db.ts';
import { onBehalfOf } from '#db/db.ts';
import { consentAhead } from '#features/autopay/offered-terms.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { awaitPayment, type PayerActor } from '#features/payments/portal-await-payment.ts';
import type { PaymentAsked } from '#features/payments/portal-pay-invoices.ts';
import {
  debitAuthorization,
  isRequestKey,
  type PayerSource,
  refusalWords,
} from '#features/payments/portal-rules.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import type { MethodChoice } from '#features/payments/prepare-charge.ts';
import { askForPayment, type Decided, FeeDiffers } from '#features/portal-access/ask-for-payment.ts';
import { agreesToAutopay } from '#features/portal-access/autopay-box.ts';
import { cardOf, sendFeeStep, shownFee } from '#features/portal-access/fee-step-routes.ts';
import { fieldSlots, originsOf } from '#features/portal-access/gateway-fields-routes.ts';
import { type Ask, allOf, goTo, sendPage, textOf } from '#features/portal-access/page-routes.ts';
import { panelOf } from '#features/portal-access/pay-panel.ts';
import {
  type Checkout,
  partRefused,
  type Shopper,
  shortInvoice,
} from '#features/portal-access/read-checkout.ts';
import { sendToVendor } from '#features/portal-access/redirect-routes.ts';
import { originOf } from '#http/app.ts';
import { daysBetween, isCalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import { errorPage } from '#web/portal/views/problem-pages.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Asks for the payment under its key. */
export type PayAsked = { requestKey: string; ask: () => Promise<PaymentAsked> };

export type PayDeps = { gateways: Gateways; wait_ms: number };

/** One who pays, signed in or by a link: what differs between the two. */
export type Shop = Shopper & {
  actor: PayerActor;
  now: Date;
  today: string;
  source: PayerSource;
  name: string | undefined;
  email: string | undefined;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  shell(): PortalShell;
  urls: {
    pay: string;
    terms: string;
    home: string | undefined;
    payment(id: string): string;
    /** To choose once more how to pay the same. */
    choose(checkout: Checkout): string;
    again(checkout: Checkout, note?: 'cancelled'): string;
  };
  /** What the words of a form or an errand stand for, as it stands now. */
  readCheckout(tx: Tx, words: readonly string[]): Promise<Checkout>;
  /** Pays, with what must hold in the same transaction. */
  within?(tx: Tx, asked: PayAsked): Promise<PaymentAsked>;
  page(shell: PortalShell, checkout: Checkout, panel: PaymentPanel): Promise<Html>;
};

/** The page before money moves, or again with what is wrong. */
export async function sendCheckout(
  ask: Ask,
  deps: PayDeps,
  shop: Shop,
  view: { checkout: Checkout; form?: FormState },
): Promise<FastifyReply> {
  const { checkout, form } = view;
  const fields = fieldSlots(ask, deps.gateways, checkout.routed);
  const shell = shop.shell();
  const panel = panelOf({
    ...checkout,
    seller: shop.seller,
    fields,
    today: shop.today,
    action: shop.urls.pay,
    termsUrl: shop.urls.terms,
    shownAt: shop.now,
    secrets: ask.app.secrets,
    form,
    chosen: form ? textOf(ask.request, 'method', 40) : undefined,
  });
  const page = await shop.page(shell, checkout, panel);
  return sendPage(ask.reply, page, {
    nonce: shell.nonce,
    frameOrigins: originsOf(fields),
    status: form ? 422 : 200,
  });
}

/** Pay was pressed: ask for the charge, wait for the worker a little, and go where the row is told. */
export async function takePayment(ask: Ask, deps: PayDeps, shop: Shop): Promise<FastifyReply> {
  const key = textOf(ask.request, 'idempotency_key', 60);
  if (!isRequestKey(key)) throw new Refusal('invalid_request', 'Go back and choose again what to pay.');
  const checkout = await shop.read((tx) => shop.readCheckout(tx, allOf(ask.request, 'pay')));
  const wrong = problemOf(ask, shop, checkout);
  if (wrong) return sendCheckout(ask, deps, shop, { checkout, form: wrong });
  if (textOf(ask.request, 'method', 40) === 'paypal') return sendToVendor(ask, deps, shop, checkout);
  return payNow(ask, deps, shop, {
    checkout,
    key,
    choice: choiceOf(ask, checkout),
    consents: consentsOf(ask, shop, checkout),
    card: await cardOf(ask, deps, shop, checkout),
    shown: shownFee(ask, shop, key),
  });
}

/** All is chosen and agreed to: the payment is asked for, and the payer led to what became of it. */
export async function payNow(ask: Ask, deps: PayDeps, shop: Shop, decided: Decided): Promise<FastifyReply> {
  const { checkout } = decided;
  try {
    const { paymentId, replayed } = await ask.app.db.transaction(onBehalfOf(shop.actor), (tx) =>
      askForPayment(tx, shop, decided),
    );
    const payment = { id: paymentId, customerId: checkout.customer.id };
    const isOver = replayed && (await awaitPayment(ask.app.db, shop.actor, payment, 0)) === 'declined';
    // The same form once more after it was declined: a fresh one, since this one has had its answer.
    if (isOver) return goTo(ask.reply, shop.urls.again(checkout));
    await awaitPayment(ask.app.db, shop.actor, payment, deps.wait_ms);
    return goTo(ask.reply, shop.urls.payment(paymentId));
  } catch (error) {
    if (error instanceof FeeDiffers) return sendFeeStep(ask, shop, { ...decided, fee: error.fee });
    if (!(error instanceof Refusal)) throw error;
    return sendRefused(ask, deps, shop, { checkout, refusal: error });
  }
}

/** Refused under lock: told in words that fit how things stand by now. */
async function sendRefused(
  ask: Ask,
  deps: PayDeps,
  shop: Shop,
  refused: { checkout: Checkout; refusal: Refusal },
): Promise<FastifyReply> {
  const { refusal } = refused;
  const now = await shop.read((tx) => shop.readCheckout(tx, refused.checkout.words));
  if (refusal.details.param === 'payment_method_id' || refusal.code === 'unavailable') {
    return sendCheckout(ask, deps, shop, { checkout: now, form: { errors: { method: refusal.message } } });
  }
  const short = shortInvoice(now);
  const shell = shop.shell();
  const home = shop.urls.home ? { homeUrl: shop.urls.home } : {};
  const message = short ? refusalWords(short, refusal.message, shop.seller.locale) : refusal.message;
  return sendPage(ask.reply, errorPage(shell, { status: 409, requestId: ask.request.id, message, ...home }), {
    nonce: shell.nonce,
    status: 409,
  });
}

function problemOf(ask: Ask, shop: Shop, checkout: Checkout): FormState | undefined {
  const { request } = ask;
  const [shown, fee] = [textOf(request, 'shown_total', 20), textOf(request, 'shown_fee', 20) || '0'];
  if (shown !== '' && shown !== sumOf(checkout.total, fee))
    return { message: 'The amount has changed. Please look at it again before you pay.' };
  const terms = textOf(request, 'terms_version', 10);
  if (terms !== '' && terms !== String(shop.seller.paymentTermsVersion ?? ''))
    return { message: 'The terms have changed since you opened this page. Please read them before you pay.' };
  const part = partRefused(checkout, shop.seller.locale);
  if (part) return { message: part };
  const method = textOf(request, 'method', 40);
  const stored = checkout.methods.find((each) => each.id === method);
  const kind = stored?.kind ?? method;
  if (kind === 'paypal' && checkout.routed.paypal && checkout.customer.allowPaypal) return undefined;
  if (kind !== 'card' && kind !== 'bank_account')
    return { errors: { method: 'Choose how you would like to pay.' } };
  if (!stored && textOf(request, 'token', 300) === '') {
    return {
      errors: {
        method: 'Enter the details in the secure fields, which need JavaScript, or choose a saved method.',
      },
    };
  }
  if (kind === 'bank_account' && (textOf(request, 'authorize') !== 'yes' || !agreedOn(ask, shop))) {
    return {
      errors: { authorize: 'Please tick this box: your bank asks for your permission.' },
      values: { save: textOf(request, 'save'), autopay: textOf(request, 'autopay') },
    };
  }
  return undefined;
}

/** What the button said, if the fee it named is one at all. */
const sumOf = (base: bigint, fee: string): string => (/^-?\d+$/.test(fee) ? String(base + BigInt(fee)) : '');

/** The day that stood in the words on the page, which may have been open over midnight. */
function agreedOn(ask: Ask, shop: Shop): string | undefined {
  const on = textOf(ask.request, 'agreed_on', 10);
  if (!isCalendarDate(on)) return undefined;
  const age = daysBetween(on, shop.today);
  return age >= 0 && age <= 3 ? on : undefined;
}

function choiceOf(ask: Ask, checkout: Checkout): MethodChoice {
  const method = textOf(ask.request, 'method', 40);
  if (checkout.methods.some((each) => each.id === method)) return { paymentMethodId: method };
  return {
    kind: method === 'card' ? 'card' : 'bank_account',
    token: textOf(ask.request, 'token', 300),
    store: checkout.mayStore && (textOf(ask.request, 'save') === 'yes' || wantsAutopay(ask, checkout)),
  };
}

/** Autopay needs the method stored: who ticks it has asked for both. */
const wantsAutopay = (ask: Ask, checkout: Checkout): boolean =>
  checkout.autopay !== undefined &&
  agreesToAutopay(ask, checkout.autopay.words) &&
  !checkout.methods.some((each) => each.id === textOf(ask.request, 'method', 40));

const termsOf = ({ paymentTermsText, paymentTermsVersion }: Shop['seller']) => ({
  text: paymentTermsText ?? '',
  version: String(paymentTermsVersion),
});

/** What the payer agreed to by this click, word for word. */
function consentsOf(ask: Ask, shop: Shop, checkout: Checkout): Consent[] {
  const { seller } = shop;
  const method = textOf(ask.request, 'method', 40);
  const kind = checkout.methods.find((each) => each.id === method)?.kind ?? method;
  const by = { name: shop.name, ...originOf(ask.request) };
  const debit = {
    amount: checkout.total + (checkout.fees.bank?.amount ?? 0n),
    currency: seller.currency,
    on: agreedOn(ask, shop) ?? shop.today,
  };
  return [
    ...(kind === 'bank_account'
      ? [{ ...by, kind: 'bank_debit' as const, text: debitAuthorization(seller, debit) }]
      : []),
    ...(seller.paymentTermsText ? [{ ...by, kind: 'payment_terms' as const, ...termsOf(seller) }] : []),
    ...(checkout.mayStore && checkout.autopay && wantsAutopay(ask, checkout)
      ? [consentAhead(seller, { name: shop.name, origin: originOf(ask.request) }, checkout.autopay.cardFee)]
      : []),
  ];
}
