import type { FastifyReply } from 'fastify';
import { listPastInvoices, readPayerInvoices } from '#features/invoices/portal-queries.ts';
import { payableNow, stateOfInvoice } from '#features/invoices/rules.ts';
import {
  listPayerPayments,
  type PayerPaymentRow,
  readPayerPayment,
} from '#features/payments/portal-queries.ts';
import { type PayerSource, standingOf, writePayLine } from '#features/payments/portal-rules.ts';
import { receiptFile } from '#features/payments/receipt-document.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import { type Payer, payerOf, payerShell, readAs, visitOf } from '#features/portal-access/payer-routes.ts';
import {
  listStanding,
  type PaymentUrls,
  receiptOf,
  resultPage,
} from '#features/portal-access/payment-pages.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import type { App } from '#http/app.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';
import { historyPage } from '#web/portal/views/history-page.ts';

const pageSize = 50;

/** What became of a payment, its receipt, and everything paid or invoiced before. */
export function paymentPageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/payments/:id' }, showPayment);
  portalRoute(app, { method: 'GET', url: '/portal/payments/:id/standing' }, async (ask) => {
    const { payment } = await paymentOf(ask);
    const done = standingOf(payment.kind, payment.state) !== 'waiting';
    return ask.reply
      .header('cache-control', 'no-store')
      .send({ done, url: `/portal/payments/${payment.id}` });
  });
  portalRoute(app, { method: 'GET', url: '/portal/payments/:id/receipt' }, async (ask) => {
    const { payer, payment } = await paymentOf(ask);
    const shell = payerShell(payer);
    return sendPage(ask.reply, receiptOf(shell, payment, payer.seller, urlsOf(payment)), {
      nonce: shell.nonce,
    });
  });
  portalRoute(app, { method: 'GET', url: '/portal/payments/:id/pdf' }, async (ask) => {
    const { payer, payment } = await paymentOf(ask);
    const seen = { ...payer.actor, customerId: payment.customerId };
    return sendFile(
      ask,
      await receiptFile(app, seen, { organizationId: payer.seller.id, paymentId: payment.id }),
    );
  });
  portalRoute(app, { method: 'GET', url: '/portal/history' }, showHistory);
}

async function paymentOf(ask: Ask): Promise<{ payer: Payer; payment: PayerPaymentRow }> {
  const payer = await payerOf(ask);
  const id = paramOf(ask.request, 'id');
  if (!isId('payment', id)) throw notFound('payment', 'in this address');
  return { payer, payment: await readAs(ask, payer, (tx) => readPayerPayment(tx, payer.scope, id)) };
}

const urlsOf = (payment: PayerPaymentRow): PaymentUrls => {
  const self = `/portal/payments/${payment.id}`;
  const lines = payment.applications.map((each) => `pay=${writePayLine(each)}`).join('&');
  return {
    self,
    receipt: `${self}/receipt`,
    pdf: `${self}/pdf`,
    standing: `${self}/standing`,
    retry: lines ? `/portal/pay?${lines}` : '/portal',
    home: '/portal',
    back: '/portal/history',
    invoice: (id) => `/portal/invoices/${id}`,
  };
};

async function showPayment(ask: Ask): Promise<FastifyReply> {
  const { payer, payment } = await paymentOf(ask);
  const urls = urlsOf(payment);
  const invoices = await readAs(ask, payer, (tx) =>
    readPayerInvoices(
      tx,
      payer.scope,
      payment.applications.map((each) => each.invoiceId),
    ),
  );
  const shell = payerShell(payer);
  const page = resultPage(shell, payment, urls, {
    sentTo: payer.customer.sendReceipts ? (payment.payerEmail ?? undefined) : undefined,
    left: sum(invoices.map(payableNow)),
  });
  return page ? sendPage(ask.reply, page, { nonce: shell.nonce }) : goTo(ask.reply, urls.receipt);
}

async function showHistory(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const showing = queryOf(ask.request, 'show') === 'invoices' ? ('invoices' as const) : ('payments' as const);
  const given = queryOf(ask.request, 'after');
  const after = given && isId(showing === 'invoices' ? 'invoice' : 'payment', given) ? given : undefined;
  const { rows, nextAfter } = await (showing === 'invoices'
    ? pastInvoices(ask, payer, after)
    : pastPayments(visitOf(ask, payer), { after }));
  const urls = { paymentsUrl: '/portal/history', invoicesUrl: '/portal/history?show=invoices' };
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    historyPage(shell, {
      showing,
      ...urls,
      rows,
      ...(nextAfter ? { nextUrl: `/portal/history?show=${showing}&after=${nextAfter}` } : {}),
    }),
    { nonce: shell.nonce },
  );
}

/** What was paid by links of one kind, to whoever holds one. */
export async function sendPastPayments(ask: Ask, visit: Visit, source: PayerSource): Promise<FastifyReply> {
  const given = queryOf(ask.request, 'after');
  const after = given && isId('payment', given) ? given : undefined;
  const { rows, nextAfter } = await pastPayments(visit, { after, source });
  const shell = visit.shell();
  const paymentsUrl = `${visit.base}/history`;
  return sendPage(
    ask.reply,
    historyPage(shell, {
      showing: 'payments',
      paymentsUrl,
      backUrl: visit.base,
      rows,
      ...(nextAfter ? { nextUrl: `${paymentsUrl}?after=${nextAfter}` } : {}),
    }),
    { nonce: shell.nonce },
  );
}

async function pastPayments(visit: Visit, page: { after: string | undefined; source?: PayerSource }) {
  const { rows, nextAfter } = await visit.read((tx) =>
    listPayerPayments(tx, visit.scope, { ...page, limit: pageSize }),
  );
  return {
    nextAfter,
    rows: rows.map((row) => ({
      kind: 'payment' as const,
      on: row.receivedOn,
      amount: row.amount,
      refunded: row.refunded,
      currency: row.currency,
      standing: listStanding(row),
      invoices: row.invoices,
      ...(row.memo ? { memo: row.memo } : {}),
      url:
        standingOf(row.kind, row.state) === 'paid'
          ? `${visit.base}/payments/${row.id}/receipt`
          : `${visit.base}/payments/${row.id}`,
      ...(row.methodBrand && row.methodLast4
        ? {
            method: {
              kind: row.kind === 'bank_account' ? ('bank_account' as const) : ('card' as const),
              brand: row.methodBrand,
              last4: row.methodLast4,
            },
          }
        : {}),
    })),
  };
}

async function pastInvoices(ask: Ask, payer: Payer, after: string | undefined) {
  const { rows, nextAfter } = await readAs(ask, payer, (tx) =>
    listPastInvoices(tx, payer.scope, { limit: pageSize, after }),
  );
  return {
    nextAfter,
    rows: rows.map((row) => {
      const state = stateOfInvoice(row);
      return {
        kind: 'invoice' as const,
        on: row.invoiceDate,
        amount: row.total,
        currency: row.currency,
        standing: state === 'draft' ? ('open' as const) : state,
        number: row.number,
        url: `/portal/invoices/${row.id}`,
      };
    }),
  };
}
