import type { FastifyReply } from 'fastify';
import { onBehalfOf, systemActor } from '#db/db.ts';
import { mayDispute, readOpenDispute } from '#features/collections/portal-queries.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { holdsPayLink } from '#features/invoices/pay-link.ts';
import {
  findLinkedInvoice,
  type LinkedInvoice,
  readPayerInvoice,
} from '#features/invoices/portal-queries.ts';
import { recordInvoiceView } from '#features/invoices/portal-record-view.ts';
import { readLines } from '#features/invoices/queries.ts';
import { readLateFees } from '#features/invoices/read-late-fees.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { decideAmounts, type PayLine, writePayLine } from '#features/payments/portal-rules.ts';
import {
  type PayDeps,
  type Shop,
  sendCheckout,
  takePayment,
} from '#features/portal-access/checkout-routes.ts';
import { type Objection, showDispute, takeDispute } from '#features/portal-access/dispute-routes.ts';
import { checkDoor, doorShell } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { filesOf, sendInvoiceFile } from '#features/portal-access/invoice-files.ts';
import { type Guest, isStaff, type Opened, openGuest } from '#features/portal-access/link-holder-routes.ts';
import { linkPaymentRoutes } from '#features/portal-access/link-payment-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  isHead,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import { readCheckout, type Shopper } from '#features/portal-access/read-checkout.ts';
import { takeReturned } from '#features/portal-access/return-routes.ts';
import { feeNoteOf, payerStanding, sheetOf } from '#features/portal-access/show-invoice.ts';
import { sendTerms } from '#features/portal-access/terms-routes.ts';
import type { App } from '#http/app.ts';
import { must } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { toTyped } from '#lib/money.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { payByLinkPage } from '#web/portal/views/pay-by-link-page.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** The holder of one invoice's link. */
type Holder = Guest & { linked: LinkedInvoice };

/** Pages behind the link in an invoice mail. */
export function linkRoutes(app: App, deps: PayDeps): void {
  const base = '/i/:invoiceId/:signature';
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (ask: Ask, holder: Holder) => Promise<FastifyReply>,
  ): void =>
    portalRoute(
      app,
      { method, url: `${base}${url}`, perMinute: method === 'GET' ? 240 : 60 },
      async (ask) => {
        const opened = await openLink(ask);
        return 'problem' in opened ? opened.problem : handler(ask, opened.guest);
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
  route('GET', '/files/:file', (ask, { actor, linked, seller }) =>
    sendInvoiceFile(ask, { actor, organizationId: seller.id, invoiceId: linked.id }),
  );
  route('GET', '/dispute', (ask, holder) => showDispute(ask, disputeOfLink(ask, holder)));
  route('POST', '/dispute', async (ask, holder) => {
    checkDoor(ask, holder.door);
    return takeDispute(ask, disputeOfLink(ask, holder));
  });
  route('GET', '/pay/return', (ask, holder) => takeReturned(ask, deps, shopOf(ask, holder)));
  route('GET', '/terms', async (ask, { door, seller }) =>
    sendTerms(ask, { seller, shell: () => doorShell(door) }),
  );
  linkPaymentRoutes<Holder>(route, {
    // Made by this invoice's link, for this invoice and no other.
    isOwn: ({ linked }, { source, applications }) =>
      source === 'invoice_link' && applications.every((each) => each.invoiceId === linked.id),
    retry: ({ base, seller }, { amount, fee }) =>
      `${base}?amount=${toTyped(amount - fee, seller.currency, seller.locale)}`,
    invoice: ({ base }) => base,
  });
}

async function openLink(ask: Ask): Promise<Opened<Holder>> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'invoiceId'), paramOf(request, 'signature')];
  const linked = isId('invoice', id)
    ? await app.db.transaction(systemActor('pay link'), (tx) => findLinkedInvoice(tx, id))
    : undefined;
  const opened = await openGuest(ask, {
    base: `/i/${id}/${signature}`,
    purpose: 'invoice',
    named: linked && { ...linked, invoiceId: linked.id, version: linked.linkVersion },
    holds: (linkVersion) =>
      linked !== undefined && holdsPayLink(app.secrets, { ...linked, linkVersion }, signature),
  });
  if ('problem' in opened) return opened;
  return { guest: { ...opened.guest, linked: must(linked, 'the invoice of its link') } };
}

async function showLink(ask: Ask, deps: PayDeps, holder: Holder): Promise<FastifyReply> {
  const { linked, seller, customer, actor, now } = holder;
  const invoice = await ask.app.db.transaction(actor, (tx) => readPayerInvoice(tx, holder.scope, linked.id));
  if (!isHead(ask.request) && !(await isStaff(ask))) {
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
  const checkout = await shop.read((tx) => shop.readCheckout(tx, [writePayLine(line)]));
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
  const papers = await ask.app.db.transaction(actor, async (tx) => {
    const invoice = await readPayerInvoice(tx, holder.scope, linked.id);
    const lines = await readLines(tx, seller.id, linked.id);
    const dispute = await readOpenDispute(tx, seller.id, linked.id);
    const fee = await feeNoteOf(tx, seller, invoice);
    const files = await filesOf(tx, seller.id, { invoiceId: linked.id, url: base });
    return { invoice, lines, dispute, fee, files, lateFees: await readLateFees(tx, seller.id, invoice) };
  });
  const { invoice, dispute } = papers;
  const partial = seller.allowPartialPayments && customer.allowPartialPayments;
  return payByLinkPage(view.shell, {
    sheet: sheetOf({ ...papers, seller, customer, payments: [] }),
    standing: payerStanding(invoice),
    today: holder.today,
    payable: payableNow(invoice),
    pdfUrl: `${base}/pdf`,
    signInUrl: '/portal/sign-in',
    disputed: dispute !== undefined,
    ...(mayDispute(invoice, dispute) ? { disputeUrl: `${base}/dispute` } : {}),
    ...(view.panel ? { panel: view.panel } : {}),
    ...(view.panel && partial
      ? { amount: { url: base, ...(view.amountForm ? { form: view.amountForm } : {}) } }
      : {}),
  });
}

const disputeOfLink = (ask: Ask, { base, seller, scope, actor, now, door, linked }: Holder): Objection => ({
  ...{ seller, scope, actor, now, invoiceId: linked.id, url: `${base}/dispute`, backUrl: base },
  read: (work) => ask.app.db.transaction(actor, work),
  shell: () => doorShell(door),
});

function shopOf(ask: Ask, holder: Holder): Shop {
  const { base, seller, customer, scope, actor, now, today, door } = holder;
  const shopper: Shopper = {
    seller,
    scope,
    // Two people with one link are two payers; the two tabs of one are one.
    payer: `link ${door.secret}`,
    storesFor: undefined,
    creditOf: undefined,
    only: holder.linked.id,
    today,
    vendorReturn: `${base}/pay/return`,
  };
  return {
    ...shopper,
    actor,
    now,
    source: 'invoice_link',
    name: customer.displayName,
    email: undefined,
    read: (work) => ask.app.db.transaction(actor, work),
    readCheckout: (tx, words) => readCheckout(tx, shopper, words),
    shell: () => doorShell(door, noteOf(queryOf(ask.request, 'note'))),
    urls: {
      pay: `${base}/pay`,
      terms: `${base}/terms`,
      home: base,
      payment: (id) => `${base}/payments/${id}`,
      choose: ({ total }) => `${base}?amount=${toTyped(total, seller.currency, seller.locale)}`,
      again: (checkout, note) =>
        `${base}?note=${note ?? 'declined_before'}&amount=${toTyped(checkout.total, seller.currency, seller.locale)}`,
    },
    page: (shell, _, panel) => linkPage(ask, holder, { shell, panel }),
  };
}
