import type { FastifyReply } from 'fastify';
import { systemActor, type Tx } from '#db/db.ts';
import { countLinkTries, payByLink } from '#features/payment-links/pay-by-link.ts';
import { holdsPaymentLink } from '#features/payment-links/payment-link.ts';
import { findPaymentLink, type PaymentLinkRow } from '#features/payment-links/queries.ts';
import { decideAmount, readLinkWord, stateOfLink, writeLinkWord } from '#features/payment-links/rules.ts';
import { requestKeyOf } from '#features/payments/portal-rules.ts';
import {
  type PayDeps,
  type Shop,
  sendCheckout,
  takePayment,
} from '#features/portal-access/checkout-routes.ts';
import { checkDoor, doorShell } from '#features/portal-access/door-routes.ts';
import { type Guest, type Opened, openGuest, readGuest } from '#features/portal-access/link-holder-routes.ts';
import { linkPaymentRoutes } from '#features/portal-access/link-payment-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import { readFeeOffer } from '#features/portal-access/offer-fees.ts';
import { type Ask, paramOf, portalRoute, queryOf, sendPage } from '#features/portal-access/page-routes.ts';
import { type Checkout, readRoutes, type Shopper } from '#features/portal-access/read-checkout.ts';
import { takeReturned } from '#features/portal-access/return-routes.ts';
import { sendTerms } from '#features/portal-access/terms-routes.ts';
import type { App } from '#http/app.ts';
import { must, Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { toTyped } from '#lib/money.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { linkDonePage, paymentLinkPage } from '#web/portal/views/payment-link-page.ts';

/** The holder of a payment page's link. */
type PageHolder = Guest & { link: PaymentLinkRow };

/** The page for one payment without an invoice, made by staff for one customer. */
export function paymentLinkRoutes(app: App, deps: PayDeps): void {
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (ask: Ask, holder: PageHolder) => Promise<FastifyReply>,
  ): void =>
    portalRoute(
      app,
      { method, url: `/p/:linkId/:signature${url}`, perMinute: method === 'GET' ? 240 : 60 },
      async (ask) => {
        const opened = await openPaymentPage(ask);
        if ('problem' in opened) return opened.problem;
        if (method === 'POST') checkDoor(ask, opened.guest.door);
        return handler(ask, opened.guest);
      },
    );
  route('GET', '', (ask, holder) => showPaymentPage(ask, deps, holder));
  route('POST', '/pay', (ask, holder) => takePayment(ask, deps, shopOf(ask, holder)));
  route('GET', '/pay/return', (ask, holder) => takeReturned(ask, deps, shopOf(ask, holder)));
  route('GET', '/terms', async (ask, { door, seller }) =>
    sendTerms(ask, { seller, shell: () => doorShell(door) }),
  );
  linkPaymentRoutes<PageHolder>(route, {
    isOwn: ({ link }, payment) => payment.paymentLinkId === link.id,
    retry: (holder, { amount, fee }) => againUrl(holder, amount - fee),
  });
}

async function openPaymentPage(ask: Ask): Promise<Opened<PageHolder>> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'linkId'), paramOf(request, 'signature')];
  const link = isId('paymentLink', id)
    ? await app.db.transaction(systemActor('payment page'), (tx) => findPaymentLink(tx, id))
    : undefined;
  const opened = await openGuest(ask, {
    base: `/p/${id}/${signature}`,
    purpose: 'payment_page',
    named: link && { ...link, version: 0 },
    holds: () => link !== undefined && holdsPaymentLink(app.secrets, link, signature),
  });
  if ('problem' in opened) return opened;
  return { guest: { ...opened.guest, link: must(link, 'the payment page of its link') } };
}

/** To the page again, with this amount where it is the payer's to say. */
const againUrl = ({ base, link, seller }: PageHolder, amount: bigint, note?: string): string => {
  const asked = [
    ...(link.isFixed ? [] : [`amount=${toTyped(amount, seller.currency, seller.locale)}`]),
    ...(note ? [`note=${note}`] : []),
  ];
  return asked.length > 0 ? `${base}?${asked.join('&')}` : base;
};

async function showPaymentPage(ask: Ask, deps: PayDeps, holder: PageHolder): Promise<FastifyReply> {
  const { base, door, link, seller, now } = holder;
  const state = stateOfLink(link, now);
  if (state === 'withdrawn' || state === 'expired')
    return sendLinkProblem(ask, door, {
      problem: state === 'expired' ? 'expired' : 'revoked',
      purpose: 'payment_page',
    });
  const shell = doorShell(door, noteOf(queryOf(ask.request, 'note')));
  if (state !== 'open') {
    const { id, amount } = must(link.payment, 'the payment of a page');
    const done = { description: link.description, standing: state, amount, currency: link.currency };
    const page = linkDonePage(shell, { ...done, paymentUrl: `${base}/payments/${id}` });
    return sendPage(ask.reply, page, { nonce: shell.nonce });
  }
  const typed = queryOf(ask.request, 'amount');
  const { amount, error } = decideAmount(link, typed, seller);
  const form: FormState | undefined = error
    ? { errors: { amount: error }, values: { amount: typed ?? '' } }
    : undefined;
  const standing = amount ?? link.amount;
  if (standing === null)
    return sendPage(ask.reply, paymentLinkPage(shell, viewOf(holder, form)), {
      nonce: shell.nonce,
      status: form ? 422 : 200,
    });
  const shop = shopOf(ask, holder, form);
  const checkout = await shop.read((tx) => shop.readCheckout(tx, [writeLinkWord(link.id, standing)]));
  return sendCheckout(ask, deps, shop, { checkout });
}

const viewOf = ({ base, link, customer }: PageHolder, form?: FormState) => ({
  description: link.description,
  customerName: customer.displayName,
  ...(link.isFixed ? {} : { amount: { url: base, ...(form ? { form } : {}) } }),
});

async function readLinkCheckout(
  tx: Tx,
  shopper: Shopper,
  { link, seller, customer }: PageHolder,
  words: readonly string[],
): Promise<Checkout> {
  const total = readLinkWord(link, words);
  if (total === undefined)
    throw new Refusal('invalid_request', 'Open the payment page again, and choose how to pay.');
  const tries = await countLinkTries(tx, seller.id, link.id);
  return {
    words,
    total,
    about: link.description,
    memo: link.description,
    lines: [],
    invoices: [],
    customer,
    methods: [],
    routed: await readRoutes(tx, shopper),
    key: requestKeyOf({ payer: shopper.payer, words, standing: [], tries }),
    partial: true,
    mayStore: false,
    credit: 0n,
    fees: await readFeeOffer(tx, { ...shopper, customerId: customer.id, total, lines: [], methods: [] }),
  };
}

function shopOf(ask: Ask, holder: PageHolder, form?: FormState): Shop {
  const { base, door, link, seller, customer, scope, actor, now, today } = holder;
  const shopper: Shopper = {
    seller,
    scope,
    // Two people with one link are two payers; the two tabs of one are one.
    payer: `page ${door.secret}`,
    storesFor: undefined,
    creditOf: undefined,
    only: undefined,
    today,
    vendorReturn: `${base}/pay/return`,
  };
  return {
    ...shopper,
    ...{ actor, now },
    source: 'payment_page',
    name: customer.displayName,
    email: undefined,
    read: (work) => readGuest(ask, holder, work),
    readCheckout: (tx, words) => readLinkCheckout(tx, shopper, holder, words),
    within: (tx, asked) =>
      payByLink(tx, { ...asked, organizationId: seller.id, paymentLinkId: link.id }, now),
    shell: () => doorShell(door, noteOf(queryOf(ask.request, 'note'))),
    urls: {
      pay: `${base}/pay`,
      terms: `${base}/terms`,
      home: undefined,
      payment: (id) => `${base}/payments/${id}`,
      choose: ({ total }) => againUrl(holder, total),
      again: ({ total }, note) => againUrl(holder, total, note ?? 'declined_before'),
    },
    page: async (shell, _, panel) => paymentLinkPage(shell, { ...viewOf(holder, form), panel }),
  };
}
