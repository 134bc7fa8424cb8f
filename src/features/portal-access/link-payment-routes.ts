import type { FastifyReply } from 'fastify';
import { readPayerInvoice } from '#features/invoices/portal-queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { type PayerPaymentRow, readPayerPayment } from '#features/payments/portal-queries.ts';
import { standingOf } from '#features/payments/portal-rules.ts';
import { receiptFile } from '#features/payments/receipt-document.ts';
import { doorShell } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { type Holder, type LinkHandler, scopeOf } from '#features/portal-access/link-holder-routes.ts';
import { type Ask, goTo, paramOf, sendPage } from '#features/portal-access/page-routes.ts';
import { type PaymentUrls, receiptOf, resultPage } from '#features/portal-access/payment-pages.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { toTyped } from '#lib/money.ts';

/** What became of a payment made by a link. */
export function linkPaymentRoutes(route: (method: 'GET', url: string, handler: LinkHandler) => void): void {
  const self = '/payments/:paymentId';
  route('GET', self, showPayment);
  route('GET', `${self}/standing`, async (ask, holder) => {
    const payment = await paymentOf(ask, holder);
    const done = standingOf(payment.kind, payment.state) !== 'waiting';
    return ask.reply.header('cache-control', 'no-store').send({ done, url: urlsOf(holder, payment).self });
  });
  route('GET', `${self}/receipt`, async (ask, holder) => {
    const payment = await paymentOf(ask, holder);
    const shell = doorShell(holder.door);
    return sendPage(ask.reply, receiptOf(shell, payment, holder.seller, urlsOf(holder, payment)), {
      nonce: shell.nonce,
    });
  });
  route('GET', `${self}/pdf`, async (ask, holder) => {
    const payment = await paymentOf(ask, holder);
    return sendFile(
      ask,
      await receiptFile(ask.app, holder.actor, { organizationId: holder.seller.id, paymentId: payment.id }),
    );
  });
}

/** A payment made by this invoice's link, for this invoice and no other. */
async function paymentOf(ask: Ask, holder: Holder): Promise<PayerPaymentRow> {
  const { actor, linked } = holder;
  const scope = scopeOf(holder);
  const id = paramOf(ask.request, 'paymentId');
  const payment = isId('payment', id)
    ? await ask.app.db.transaction(actor, (tx) => readPayerPayment(tx, scope, id))
    : undefined;
  const own =
    payment?.source === 'invoice_link' && payment.applications.every((each) => each.invoiceId === linked.id);
  if (!payment || !own) throw notFound('payment', 'in this address');
  return payment;
}

function urlsOf({ base, seller }: Holder, payment: PayerPaymentRow): PaymentUrls {
  const self = `${base}/payments/${payment.id}`;
  return {
    self,
    receipt: `${self}/receipt`,
    pdf: `${self}/pdf`,
    standing: `${self}/standing`,
    retry: `${base}?amount=${toTyped(payment.amount, seller.currency, seller.locale)}`,
    invoice: () => base,
  };
}

async function showPayment(ask: Ask, holder: Holder): Promise<FastifyReply> {
  const { actor, linked, door } = holder;
  const payment = await paymentOf(ask, holder);
  const urls = urlsOf(holder, payment);
  const invoice = await ask.app.db.transaction(actor, (tx) =>
    readPayerInvoice(tx, scopeOf(holder), linked.id),
  );
  const shell = doorShell(door);
  // Where the receipt goes is the customer's address, which a link's holder need not know.
  const page = resultPage(shell, payment, urls, { sentTo: undefined, left: payableNow(invoice) });
  return page ? sendPage(ask.reply, page, { nonce: shell.nonce }) : goTo(ask.reply, urls.receipt);
}
