import type { FastifyReply } from 'fastify';
import { type PayerInvoice, readPayerInvoices } from '#features/invoices/portal-queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { decideAmounts, readPayLines, totalOf, writePayLine } from '#features/payments/portal-rules.ts';
import {
  type PayDeps,
  type Shop,
  sendCheckout,
  takePayment,
} from '#features/portal-access/checkout-routes.ts';
import { takeCredit } from '#features/portal-access/credit-routes.ts';
import { sendInvoiceList } from '#features/portal-access/invoice-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  allInQuery,
  allOf,
  goTo,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { checkoutUrl } from '#features/portal-access/pay-urls.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { readCheckout } from '#features/portal-access/read-checkout.ts';
import { takeReturned } from '#features/portal-access/return-routes.ts';
import type { App } from '#http/app.ts';
import { isId } from '#lib/ids.ts';
import { least } from '#lib/money.ts';
import { checkoutPage } from '#web/portal/views/checkout-page.ts';
import { textPage } from '#web/portal/views/text-page.ts';

/** From the ticked invoices to the checkout, and from there to the charge. */
export function payRoutes(app: App, deps: PayDeps): void {
  portalRoute(app, { method: 'POST', url: '/portal/checkout' }, chooseAmounts);
  portalRoute(app, { method: 'GET', url: '/portal/pay' }, (ask) => showCheckout(ask, deps));
  portalRoute(app, { method: 'POST', url: '/portal/pay', perMinute: 60 }, async (ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return takePayment(ask, deps, shopOf(ask, payer));
  });
  portalRoute(app, { method: 'POST', url: '/portal/credit', perMinute: 60 }, async (ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return takeCredit(ask, shopOf(ask, payer));
  });
  portalRoute(app, { method: 'GET', url: '/portal/pay/return', perMinute: 60 }, async (ask) =>
    takeReturned(ask, deps, shopOf(ask, await payerOf(ask))),
  );
  portalRoute(app, { method: 'GET', url: '/portal/terms' }, async (ask) => {
    const payer = await payerOf(ask);
    const shell = payerShell(payer);
    const page = textPage(shell, {
      title: 'Payment terms',
      text: payer.seller.paymentTermsText ?? 'There are none.',
    });
    return sendPage(ask.reply, page, { nonce: shell.nonce });
  });
}

async function chooseAmounts(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const ids = [...new Set(allOf(ask.request, 'invoice').filter((id) => isId('invoice', id)))];
  const invoices = await readAs(ask, payer, (tx) => readPayerInvoices(tx, payer.scope, ids));
  const partial = payer.seller.allowPartialPayments && payer.customer.allowPartialPayments;
  const typedOf = (invoice: PayerInvoice): string | undefined =>
    partial ? textOf(ask.request, `amount_${invoice.id}`, 30) || undefined : undefined;
  const { lines, errors } = decideAmounts(
    invoices.map((invoice) => ({ ...invoice, payable: payableNow(invoice), typed: typedOf(invoice) })),
    { ...payer.seller, partial },
  );
  if (Object.keys(errors).length === 0) return goTo(ask.reply, checkoutUrl(lines));
  const typed = new Map(invoices.map((invoice) => [invoice.id, typedOf(invoice)]));
  const { invoice: message, ...fields } = errors;
  return sendInvoiceList(ask, payer, { form: { errors: fields, ...(message ? { message } : {}) }, typed });
}

async function showCheckout(ask: Ask, deps: PayDeps): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const lines = readPayLines(allInQuery(ask.request, 'pay'));
  if (!lines) return goTo(ask.reply, '/portal');
  const shop = shopOf(ask, payer);
  const checkout = await shop.read((tx) => readCheckout(tx, shop, lines));
  const stale = checkout.invoices.some(
    (invoice) => payableNow(invoice) < (lines.find((line) => line.invoiceId === invoice.id)?.amount ?? 0n),
  );
  // Paid meanwhile, or in another tab: the list shows how things stand.
  return stale ? goTo(ask.reply, '/portal?note=changed') : sendCheckout(ask, deps, shop, { checkout });
}

const shopOf = (ask: Ask, payer: Payer): Shop => ({
  seller: payer.seller,
  scope: payer.scope,
  payer: payer.person.id,
  storesFor: payer.customer.id,
  only: undefined,
  actor: payer.actor,
  now: payer.now,
  today: payer.today,
  source: 'portal',
  name: payer.person.name ?? payer.customer.displayName,
  email: payer.person.email,
  read: (work) => readAs(ask, payer, work),
  shell: () => payerShell(payer, noteOf(queryOf(ask.request, 'note'))),
  urls: {
    pay: '/portal/pay',
    back: '/portal/pay/return',
    terms: '/portal/terms',
    home: '/portal',
    payment: (id) => `/portal/payments/${id}`,
    again: (checkout, note) => checkoutUrl(checkout.lines, note ?? 'declined_before'),
  },
  page: async (shell, checkout, panel) =>
    checkoutPage(shell, {
      panel,
      backUrl: '/portal',
      ...(checkout.credit > 0n
        ? {
            credit: {
              action: '/portal/credit',
              usable: least(checkout.credit, totalOf(checkout.lines)),
              available: checkout.credit,
              fields: checkout.lines.map((line): [string, string] => ['pay', writePayLine(line)]),
            },
          }
        : {}),
      lines: checkout.invoices.map((invoice) => ({
        number: invoice.number,
        dueOn: invoice.dueDate,
        balanceDue: invoice.balanceDue,
        amount: checkout.lines.find((line) => line.invoiceId === invoice.id)?.amount ?? 0n,
      })),
    }),
});
