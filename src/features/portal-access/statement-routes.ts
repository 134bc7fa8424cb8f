import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { billedTogether } from '#features/customers/shown-together.ts';
import { holdsStatementLink } from '#features/invoices/statement-link.ts';
import { type CartShop, cartOf, chooseAmounts, showCheckout } from '#features/portal-access/cart-routes.ts';
import { type PayDeps, takePayment } from '#features/portal-access/checkout-routes.ts';
import { takeCredit } from '#features/portal-access/credit-routes.ts';
import { disputeOf, showDispute, takeDispute } from '#features/portal-access/dispute-routes.ts';
import { checkDoor, doorShell } from '#features/portal-access/door-routes.ts';
import {
  sendInvoiceList,
  sendInvoicePdf,
  sendShownFile,
  showInvoice,
} from '#features/portal-access/invoice-routes.ts';
import { type Guest, type Opened, openGuest, readGuest } from '#features/portal-access/link-holder-routes.ts';
import { linkPaymentRoutes } from '#features/portal-access/link-payment-routes.ts';
import { type Ask, paramOf, portalRoute } from '#features/portal-access/page-routes.ts';
import { checkoutUrl, wordsOf } from '#features/portal-access/pay-urls.ts';
import { sendPastPayments } from '#features/portal-access/payment-routes.ts';
import { takeReturned } from '#features/portal-access/return-routes.ts';
import { sendTerms } from '#features/portal-access/terms-routes.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import { findStatement } from '#features/statements/queries.ts';
import type { App } from '#http/app.ts';
import { isId } from '#lib/ids.ts';

const source = 'statement_link';

/** Pages behind a statement link: every open invoice of one customer, paid without a sign-in. */
export function statementRoutes(app: App, deps: PayDeps): void {
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (ask: Ask, guest: Guest) => Promise<FastifyReply>,
  ): void =>
    portalRoute(
      app,
      { method, url: `/s/:customerId/:signature${url}`, perMinute: method === 'GET' ? 240 : 60 },
      async (ask) => {
        const opened = await openStatement(ask);
        if ('problem' in opened) return opened.problem;
        if (method === 'POST') checkDoor(ask, opened.guest.door);
        return handler(ask, opened.guest);
      },
    );
  route('GET', '', (ask, guest) => sendInvoiceList(ask, visitOf(ask, guest)));
  route('GET', '/invoices/:id', (ask, guest) => showInvoice(ask, visitOf(ask, guest)));
  route('GET', '/invoices/:id/dispute', (ask, guest) =>
    showDispute(ask, disputeOf(ask, visitOf(ask, guest))),
  );
  route('POST', '/invoices/:id/dispute', (ask, guest) =>
    takeDispute(ask, disputeOf(ask, visitOf(ask, guest))),
  );
  route('GET', '/invoices/:id/pdf', (ask, guest) => sendInvoicePdf(ask, visitOf(ask, guest)));
  route('GET', '/invoices/:id/files/:file', (ask, guest) => sendShownFile(ask, visitOf(ask, guest)));
  route('POST', '/checkout', (ask, guest) => chooseAmounts(ask, visitOf(ask, guest)));
  route('GET', '/pay', (ask, guest) => showCheckout(ask, deps, shopOf(ask, guest)));
  route('POST', '/pay', (ask, guest) => takePayment(ask, deps, shopOf(ask, guest)));
  route('POST', '/credit', (ask, guest) => takeCredit(ask, shopOf(ask, guest)));
  route('GET', '/pay/return', (ask, guest) => takeReturned(ask, deps, shopOf(ask, guest)));
  route('GET', '/terms', async (ask, guest) => sendTerms(ask, visitOf(ask, guest)));
  route('GET', '/history', (ask, guest) => sendPastPayments(ask, visitOf(ask, guest), source));
  linkPaymentRoutes<Guest>(route, {
    isOwn: (_, payment) => payment.source === source,
    retry: ({ base }, { applications }) => checkoutUrl(base, wordsOf(applications)),
    invoice: ({ base }, id) => `${base}/invoices/${id}`,
    back: ({ base }) => ({ home: base, back: `${base}/history` }),
  });
}

async function openStatement(ask: Ask): Promise<Opened<Guest>> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'customerId'), paramOf(request, 'signature')];
  const found = isId('customer', id)
    ? await app.db.transaction(systemActor('statement link'), (tx) => findStatement(tx, id))
    : undefined;
  return openGuest(ask, {
    base: `/s/${id}/${signature}`,
    purpose: 'statement',
    named: found && { ...found, customerId: found.shownId, version: found.statementLinkVersion },
    holds: (statementLinkVersion) =>
      found !== undefined && holdsStatementLink(app.secrets, { ...found, statementLinkVersion }, signature),
    together: (tx, customer) => billedTogether(tx, found?.organizationId ?? '', customer),
  });
}

const visitOf = (ask: Ask, guest: Guest): Visit => ({
  ...guest,
  signedIn: false,
  read: (work) => readGuest(ask, guest, work),
  shell: (flash) => doorShell(guest.door, flash),
});

const shopOf = (ask: Ask, guest: Guest): CartShop =>
  cartOf(ask, visitOf(ask, guest), {
    // Two people with one link are two payers; the two tabs of one are one.
    payer: `statement ${guest.door.secret}`,
    storesFor: undefined,
    vendorReturn: `${guest.base}/pay/return`,
    source,
    name: guest.customer.displayName,
    email: undefined,
  });
