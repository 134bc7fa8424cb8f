import type { FastifyReply } from 'fastify';
import { readPayerInvoices } from '#features/invoices/portal-queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { type PayerPaymentRow, readPayerPayment } from '#features/payments/portal-queries.ts';
import { standingOf } from '#features/payments/portal-rules.ts';
import { receiptFile } from '#features/payments/receipt-document.ts';
import { doorShell } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { type Guest, readGuest } from '#features/portal-access/link-holder-routes.ts';
import { type Ask, goTo, paramOf, sendPage } from '#features/portal-access/page-routes.ts';
import { type PaymentUrls, receiptOf, resultPage } from '#features/portal-access/payment-pages.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

/** What a kind of link shows of payments: those made by it, and the way to try one again. */
export type LinkPayments<G> = {
  isOwn(guest: G, payment: PayerPaymentRow): boolean;
  retry(guest: G, payment: PayerPaymentRow): string;
  invoice?(guest: G, invoiceId: string): string;
  /** Where there is more to see than this payment. */
  back?(guest: G): { home: string; back: string };
};

type Mount<G> = (method: 'GET', url: string, handler: (ask: Ask, guest: G) => Promise<FastifyReply>) => void;

/** What became of a payment made by a link. */
export function linkPaymentRoutes<G extends Guest>(route: Mount<G>, of: LinkPayments<G>): void {
  const self = '/payments/:paymentId';
  route('GET', self, (ask, guest) => showPayment(ask, guest, of));
  route('GET', `${self}/standing`, async (ask, guest) => {
    const payment = await paymentOf(ask, guest, of);
    const done = standingOf(payment.kind, payment.state) !== 'waiting';
    return ask.reply.header('cache-control', 'no-store').send({ done, url: selfOf(guest, payment) });
  });
  route('GET', `${self}/receipt`, async (ask, guest) => {
    const payment = await paymentOf(ask, guest, of);
    const shell = doorShell(guest.door);
    return sendPage(ask.reply, receiptOf(shell, payment, guest.seller, urlsOf(guest, payment, of)), {
      nonce: shell.nonce,
    });
  });
  route('GET', `${self}/pdf`, async (ask, guest) => {
    const payment = await paymentOf(ask, guest, of);
    const seen = { ...guest.actor, customerId: payment.customerId };
    return sendFile(
      ask,
      await receiptFile(ask.app, seen, { organizationId: guest.seller.id, paymentId: payment.id }),
    );
  });
}

async function paymentOf<G extends Guest>(ask: Ask, guest: G, of: LinkPayments<G>): Promise<PayerPaymentRow> {
  const id = paramOf(ask.request, 'paymentId');
  const payment = isId('payment', id)
    ? await readGuest(ask, guest, (tx) => readPayerPayment(tx, guest.scope, id))
    : undefined;
  if (!payment || !of.isOwn(guest, payment)) throw notFound('payment', 'in this address');
  return payment;
}

const selfOf = ({ base }: Guest, { id }: PayerPaymentRow): string => `${base}/payments/${id}`;

function urlsOf<G extends Guest>(guest: G, payment: PayerPaymentRow, of: LinkPayments<G>): PaymentUrls {
  const self = selfOf(guest, payment);
  const { invoice } = of;
  return {
    self,
    receipt: `${self}/receipt`,
    pdf: `${self}/pdf`,
    standing: `${self}/standing`,
    retry: of.retry(guest, payment),
    ...of.back?.(guest),
    ...(invoice ? { invoice: (id: string) => invoice(guest, id) } : {}),
  };
}

async function showPayment<G extends Guest>(ask: Ask, guest: G, of: LinkPayments<G>): Promise<FastifyReply> {
  const payment = await paymentOf(ask, guest, of);
  const urls = urlsOf(guest, payment, of);
  const ids = payment.applications.map((each) => each.invoiceId);
  const invoices = await readGuest(ask, guest, (tx) => readPayerInvoices(tx, guest.scope, ids));
  const shell = doorShell(guest.door);
  // Where the receipt goes is the customer's address, which a link's holder need not know.
  const page = resultPage(shell, payment, urls, { sentTo: undefined, left: sum(invoices.map(payableNow)) });
  return page ? sendPage(ask.reply, page, { nonce: shell.nonce }) : goTo(ask.reply, urls.receipt);
}
