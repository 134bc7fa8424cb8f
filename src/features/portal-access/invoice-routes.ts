import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { listOpenInvoices, openTotals, readPayerInvoice } from '#features/invoices/portal-queries.ts';
import { recordInvoiceView } from '#features/invoices/portal-record-view.ts';
import { readLines, readPaymentsOf } from '#features/invoices/queries.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { unappliedCashOf } from '#features/payments/portal-queries.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  isHead,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import { type Payer, payerOf, payerShell, readAs } from '#features/portal-access/payer-routes.ts';
import { momentsOf, payerStanding, sheetOf } from '#features/portal-access/show-invoice.ts';
import type { App } from '#http/app.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { invoiceListPage } from '#web/portal/views/invoice-list.ts';
import { invoicePage } from '#web/portal/views/invoice-page.ts';

const pageSize = 50;

/** Open invoices, one invoice, and its PDF. */
export function invoicePageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal' }, async (ask) =>
    sendInvoiceList(ask, await payerOf(ask)),
  );
  portalRoute(app, { method: 'GET', url: '/portal/' }, async ({ reply }) => goTo(reply, '/portal'));
  portalRoute(app, { method: 'GET', url: '/portal/invoices/:id' }, showInvoice);
  portalRoute(app, { method: 'GET', url: '/portal/invoices/:id/pdf' }, async (ask) => {
    const payer = await payerOf(ask);
    const invoice = await readAs(ask, payer, (tx) => readPayerInvoice(tx, payer.scope, idOf(ask)));
    const seen = { ...payer.actor, customerId: invoice.customerId };
    return sendFile(
      ask,
      await invoiceFile({ ...ask.app, baseUrl: ask.app.config.baseUrl }, seen, {
        organizationId: payer.seller.id,
        invoiceId: invoice.id,
      }),
    );
  });
}

function idOf(ask: Ask): string {
  const id = paramOf(ask.request, 'id');
  if (!isId('invoice', id)) throw notFound('invoice', 'in this address');
  return id;
}

type Returned = { form: FormState; typed: ReadonlyMap<string, string | undefined> };

/** The list, or the list again with what was typed and what is wrong with it. */
export async function sendInvoiceList(ask: Ask, payer: Payer, returned?: Returned): Promise<FastifyReply> {
  const { scope, today, seller, customer } = payer;
  const after = queryOf(ask.request, 'after');
  const read = await readAs(ask, payer, async (tx) => ({
    page: await listOpenInvoices(tx, scope, {
      limit: returned ? 500 : pageSize,
      after: after && isId('invoice', after) ? after : undefined,
    }),
    totals: await openTotals(tx, scope, today),
    unapplied: await unappliedCashOf(tx, scope),
  }));
  const shell = payerShell(payer, returned ? undefined : noteOf(queryOf(ask.request, 'note')));
  const invoices = read.page.rows.map((row) => ({
    id: row.id,
    number: row.number,
    url: `/portal/invoices/${row.id}`,
    issuedOn: row.invoiceDate,
    dueOn: row.dueDate,
    balanceDue: row.balanceDue,
    payable: payableNow(row),
    selected: returned ? returned.typed.has(row.id) : row.dueDate <= today,
    ...(returned?.typed.get(row.id) !== undefined ? { amount: returned.typed.get(row.id) ?? '' } : {}),
    ...(row.customerId === customer.id ? {} : { customerName: row.customerName }),
  }));
  return sendPage(
    ask.reply,
    invoiceListPage(shell, {
      today,
      currency: seller.currency,
      invoices,
      ...read.totals,
      unappliedCash: read.unapplied,
      partialAllowed: seller.allowPartialPayments && customer.allowPartialPayments,
      payUrl: '/portal/checkout',
      historyUrl: '/portal/history?show=invoices',
      ...(read.page.nextAfter ? { nextUrl: `/portal?after=${read.page.nextAfter}` } : {}),
      ...(returned ? { form: returned.form } : {}),
    }),
    { nonce: shell.nonce, status: returned ? 422 : 200 },
  );
}

async function showInvoice(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const { seller, scope, now } = payer;
  const papers = await readAs(ask, payer, async (tx) => {
    const invoice = await readPayerInvoice(tx, scope, idOf(ask));
    return {
      seller,
      invoice,
      customer: await readCustomer(tx, seller.id, invoice.customerId),
      lines: await readLines(tx, seller.id, invoice.id),
      payments: await readPaymentsOf(tx, seller.id, invoice.id),
    };
  });
  const { invoice } = papers;
  if (!isHead(ask.request)) {
    await ask.app.db.transaction(onBehalfOf(payer.actor), (tx) =>
      recordInvoiceView(tx, payer.actor, { organizationId: seller.id, invoiceId: invoice.id }, now),
    );
  }
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    invoicePage(shell, {
      today: payer.today,
      id: invoice.id,
      sheet: sheetOf(papers),
      standing: payerStanding(invoice),
      payable: payableNow(invoice),
      partialAllowed: seller.allowPartialPayments && papers.customer.allowPartialPayments,
      payUrl: '/portal/checkout',
      backUrl: '/portal',
      pdfUrl: `/portal/invoices/${invoice.id}/pdf`,
      moments: momentsOf(papers),
    }),
    { nonce: shell.nonce },
  );
}
