import type { FastifyReply } from 'fastify';
import { onBehalfOf, type Tx } from '#db/db.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { readPayerInvoice } from '#features/invoices/portal-queries.ts';
import { recordInvoiceView } from '#features/invoices/portal-record-view.ts';
import { readLines } from '#features/invoices/queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { decideAmounts, type PayLine } from '#features/payments/portal-rules.ts';
import {
  type PayDeps,
  type Shop,
  sendCheckout,
  takePayment,
} from '#features/portal-access/checkout-routes.ts';
import { checkDoor, doorShell } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import {
  type Holder,
  type LinkHandler,
  openLink,
  scopeOf,
} from '#features/portal-access/link-holder-routes.ts';
import { linkPaymentRoutes } from '#features/portal-access/link-payment-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import { type Ask, isHead, portalRoute, queryOf, sendPage } from '#features/portal-access/page-routes.ts';
import { readCheckout } from '#features/portal-access/read-checkout.ts';
import { takeReturned } from '#features/portal-access/return-routes.ts';
import { payerStanding, sheetOf } from '#features/portal-access/show-invoice.ts';
import type { App } from '#http/app.ts';
import { findSession, staffCookie } from '#http/session.ts';
import { toTyped } from '#lib/money.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { payByLinkPage } from '#web/portal/views/pay-by-link-page.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { textPage } from '#web/portal/views/text-page.ts';

/** Pages behind the link in an invoice mail. */
export function linkRoutes(app: App, deps: PayDeps): void {
  const base = '/i/:invoiceId/:signature';
  const route = (method: 'GET' | 'POST', url: string, handler: LinkHandler): void =>
    portalRoute(
      app,
      { method, url: `${base}${url}`, perMinute: method === 'GET' ? 240 : 60 },
      async (ask) => {
        const opened = await openLink(ask);
        return 'problem' in opened ? opened.problem : handler(ask, opened.holder);
      },
    );
  route('GET', '', (ask, holder) => showLink(ask, deps, holder));
  route('POST', '/pay', async (ask, holder) => {
    checkDoor(ask, holder.door);
    return takePayment(ask, deps, shopOf(ask, holder));
  });
  route('GET', '/pdf', async (ask, { actor, linked, seller }) =>
    sendFile(
      ask,
      await invoiceFile({ ...ask.app, baseUrl: ask.app.config.baseUrl }, actor, {
        organizationId: seller.id,
        invoiceId: linked.id,
      }),
    ),
  );
  route('GET', '/pay/return', (ask, holder) => takeReturned(ask, deps, shopOf(ask, holder)));
  route('GET', '/terms', async (ask, { door, seller }) => {
    const shell = doorShell(door);
    const page = textPage(shell, {
      title: 'Payment terms',
      text: seller.paymentTermsText ?? 'There are none.',
    });
    return sendPage(ask.reply, page, { nonce: shell.nonce });
  });
  linkPaymentRoutes(route);
}

async function showLink(ask: Ask, deps: PayDeps, holder: Holder): Promise<FastifyReply> {
  const { linked, seller, customer, actor, now } = holder;
  const invoice = await ask.app.db.transaction(actor, (tx) =>
    readPayerInvoice(tx, scopeOf(holder), linked.id),
  );
  const isStaff = (await findSession(ask.app.db, ask.request.cookies[staffCookie])) !== undefined;
  if (!isStaff && !isHead(ask.request)) {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) =>
      recordInvoiceView(tx, actor, { organizationId: seller.id, invoiceId: linked.id }, now),
    );
  }
  const payable = payableNow(invoice);
  const shop = shopOf(ask, holder);
  if (payable <= 0n) {
    const shell = shop.shell();
    return sendPage(ask.reply, await linkPage(ask, holder, { shell }), { nonce: shell.nonce });
  }
  const partial = seller.allowPartialPayments && customer.allowPartialPayments;
  const typed = partial ? queryOf(ask.request, 'amount') : undefined;
  const { lines, errors } = decideAmounts([{ ...invoice, payable, typed }], { ...seller, partial });
  const line: PayLine = lines[0] ?? { invoiceId: linked.id, amount: payable };
  const checkout = await shop.read((tx: Tx) => readCheckout(tx, shop, [line]));
  const wrong = errors[`amount_${linked.id}`];
  const amountForm: FormState | undefined = wrong
    ? { errors: { amount: wrong }, values: { amount: typed ?? '' } }
    : undefined;
  return sendCheckout(
    ask,
    deps,
    { ...shop, page: (shell, _, panel) => linkPage(ask, holder, { shell, panel, amountForm }) },
    { checkout },
  );
}

type LinkView = { shell: PortalShell; panel?: PaymentPanel; amountForm?: FormState | undefined };

async function linkPage(ask: Ask, holder: Holder, view: LinkView) {
  const { base, seller, customer, linked, actor } = holder;
  const { invoice, lines } = await ask.app.db.transaction(actor, async (tx) => ({
    invoice: await readPayerInvoice(tx, scopeOf(holder), linked.id),
    lines: await readLines(tx, seller.id, linked.id),
  }));
  const partial = seller.allowPartialPayments && customer.allowPartialPayments;
  return payByLinkPage(view.shell, {
    sheet: sheetOf({ seller, customer, invoice, lines, payments: [] }),
    standing: payerStanding(invoice),
    today: holder.today,
    payable: payableNow(invoice),
    pdfUrl: `${base}/pdf`,
    signInUrl: '/portal/sign-in',
    ...(view.panel ? { panel: view.panel } : {}),
    ...(view.panel && partial
      ? { amount: { url: base, ...(view.amountForm ? { form: view.amountForm } : {}) } }
      : {}),
  });
}

function shopOf(ask: Ask, holder: Holder): Shop {
  const { base, seller, customer, actor, now, today, door } = holder;
  return {
    seller,
    actor,
    now,
    today,
    scope: scopeOf(holder),
    source: 'invoice_link',
    // Two people with one link are two payers; the two tabs of one are one.
    payer: `link ${door.secret}`,
    storesFor: undefined,
    only: holder.linked.id,
    name: customer.displayName,
    email: undefined,
    read: (work) => ask.app.db.transaction(actor, work),
    shell: () => doorShell(door, noteOf(queryOf(ask.request, 'note'))),
    urls: {
      pay: `${base}/pay`,
      back: `${base}/pay/return`,
      terms: `${base}/terms`,
      home: base,
      payment: (id) => `${base}/payments/${id}`,
      again: (checkout, note) =>
        `${base}?note=${note ?? 'declined_before'}&amount=${toTyped(checkout.lines[0]?.amount ?? 0n, seller.currency, seller.locale)}`,
    },
    page: (shell, _, panel) => linkPage(ask, holder, { shell, panel }),
  };
}
