import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { mayDispute, type OpenDispute, readOpenDispute } from '#features/collections/portal-queries.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import {
  listOpenInvoices,
  openTotals,
  type PayerInvoice,
  readPayerInvoice,
} from '#features/invoices/portal-queries.ts';
import { recordInvoiceView } from '#features/invoices/portal-record-view.ts';
import { readLines, readPaymentsOf } from '#features/invoices/queries.ts';
import { readLateFees } from '#features/invoices/read-late-fees.ts';
import { payableNow } from '#features/invoices/rules.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { hasPlans } from '#features/payment-plans/queries.ts';
import { unappliedCashOf } from '#features/payments/portal-queries.ts';
import { maxLines } from '#features/payments/portal-rules.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { filesOf, sendInvoiceFile } from '#features/portal-access/invoice-files.ts';
import { isStaff } from '#features/portal-access/link-holder-routes.ts';
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
import { payerOf, visitOf } from '#features/portal-access/payer-routes.ts';
import { feeNoteOf, momentsOf, payerStanding, sheetOf } from '#features/portal-access/show-invoice.ts';
import { mayPayParts, type Visit } from '#features/portal-access/visit.ts';
import type { App } from '#http/app.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { invoiceListPage } from '#web/portal/views/invoice-list.ts';
import { invoicePage, type Moment } from '#web/portal/views/invoice-page.ts';

const pageSize = 50;

/** Open invoices, one invoice, and its PDF. */
export function invoicePageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal' }, async (ask) =>
    sendInvoiceList(ask, visitOf(ask, await payerOf(ask))),
  );
  portalRoute(app, { method: 'GET', url: '/portal/' }, async ({ reply }) => goTo(reply, '/portal'));
  portalRoute(app, { method: 'GET', url: '/portal/invoices/:id' }, async (ask) =>
    showInvoice(ask, visitOf(ask, await payerOf(ask))),
  );
  portalRoute(app, { method: 'GET', url: '/portal/invoices/:id/pdf' }, async (ask) =>
    sendInvoicePdf(ask, visitOf(ask, await payerOf(ask))),
  );
  portalRoute(app, { method: 'GET', url: '/portal/invoices/:id/files/:file' }, async (ask) =>
    sendShownFile(ask, visitOf(ask, await payerOf(ask))),
  );
}

/** A file of an invoice: who may see the invoice may have what is shown with it. */
export async function sendShownFile(ask: Ask, visit: Visit): Promise<FastifyReply> {
  const invoice = await visit.read((tx) => readPayerInvoice(tx, visit.scope, idOf(ask)));
  const actor = { ...visit.actor, customerId: invoice.customerId };
  return sendInvoiceFile(ask, { actor, organizationId: visit.seller.id, invoiceId: invoice.id });
}

/** What the customer said is wrong, as it reads it itself. */
const momentsOfDispute = (seller: OrganizationRow, dispute: OpenDispute | undefined): Moment[] =>
  dispute ? [{ on: dateIn(seller.timeZone, dispute.createdAt), words: 'In dispute', state: 'waiting' }] : [];

export async function sendInvoicePdf(ask: Ask, visit: Visit): Promise<FastifyReply> {
  const invoice = await visit.read((tx) => readPayerInvoice(tx, visit.scope, idOf(ask)));
  const seen = { ...visit.actor, customerId: invoice.customerId };
  return sendFile(
    ask,
    await invoiceFile({ ...ask.app, baseUrl: ask.app.config.baseUrl }, seen, {
      organizationId: visit.seller.id,
      invoiceId: invoice.id,
    }),
  );
}

export function idOf(ask: Ask): string {
  const id = paramOf(ask.request, 'id');
  if (!isId('invoice', id)) throw notFound('invoice', 'in this address');
  return id;
}

type Returned = { form: FormState; typed: ReadonlyMap<string, string | undefined> };

/** The list, or the list again with what was typed and what is wrong with it. */
export async function sendInvoiceList(ask: Ask, visit: Visit, returned?: Returned): Promise<FastifyReply> {
  const { base, signedIn, scope, today, seller, customer } = visit;
  const after = queryOf(ask.request, 'after');
  const read = await visit.read(async (tx) => ({
    page: await listOpenInvoices(tx, scope, {
      limit: returned ? 500 : signedIn ? pageSize : maxLines,
      after: after && isId('invoice', after) ? after : undefined,
    }),
    totals: await openTotals(tx, scope, today),
    unapplied: await unappliedCashOf(tx, scope),
    hasPlans: await hasPlans(tx, seller.id, customer.id),
  }));
  const shell = visit.shell(returned ? undefined : noteOf(queryOf(ask.request, 'note')));
  // A statement is there to be paid: all of it is ticked, as far as one payment can take it.
  const payable = read.page.rows.filter((row) => payableNow(row) > 0n);
  const [first] = payable.filter((row) => row.customerId === customer.id).concat(payable);
  const isTicked = (row: PayerInvoice): boolean =>
    signedIn ? row.dueDate <= today : row.customerId === first?.customerId;
  const invoices = read.page.rows.map((row) => ({
    id: row.id,
    number: row.number,
    url: `${base}/invoices/${row.id}`,
    issuedOn: row.invoiceDate,
    dueOn: row.dueDate,
    balanceDue: row.balanceDue,
    payable: payableNow(row),
    selected: returned ? returned.typed.has(row.id) : isTicked(row),
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
      partialAllowed: mayPayParts(visit),
      payUrl: `${base}/checkout`,
      historyUrl: signedIn ? '/portal/history?show=invoices' : `${base}/history`,
      ...(signedIn ? {} : { statementFor: customer.displayName }),
      ...(signedIn && (customer.allowPaymentPlans || read.hasPlans) ? { planUrl: '/portal/plans' } : {}),
      ...(read.page.nextAfter ? { nextUrl: `${base}?after=${read.page.nextAfter}` } : {}),
      ...(returned ? { form: returned.form } : {}),
    }),
    { nonce: shell.nonce, status: returned ? 422 : 200 },
  );
}

export async function showInvoice(ask: Ask, visit: Visit): Promise<FastifyReply> {
  const { base, seller, scope, now } = visit;
  const papers = await visit.read(async (tx) => {
    const invoice = await readPayerInvoice(tx, scope, idOf(ask));
    return {
      seller,
      invoice,
      customer: await readCustomer(tx, seller.id, invoice.customerId),
      lines: await readLines(tx, seller.id, invoice.id),
      payments: await readPaymentsOf(tx, seller.id, invoice.id),
      lateFees: await readLateFees(tx, seller.id, invoice),
      fee: await feeNoteOf(tx, seller, invoice),
      dispute: await readOpenDispute(tx, seller.id, invoice.id),
      files: await filesOf(tx, seller.id, {
        invoiceId: invoice.id,
        url: `${base}/invoices/${invoice.id}`,
      }),
    };
  });
  const { invoice, dispute } = papers;
  if (!isHead(ask.request) && (visit.signedIn || !(await isStaff(ask)))) {
    await ask.app.db.transaction(onBehalfOf(visit.actor), (tx) =>
      recordInvoiceView(tx, visit.actor, { organizationId: seller.id, invoiceId: invoice.id }, now),
    );
  }
  const shell = visit.shell(noteOf(queryOf(ask.request, 'note')));
  return sendPage(
    ask.reply,
    invoicePage(shell, {
      today: visit.today,
      id: invoice.id,
      sheet: sheetOf(papers),
      standing: payerStanding(invoice),
      payable: payableNow(invoice),
      partialAllowed: seller.allowPartialPayments && papers.customer.allowPartialPayments,
      payUrl: `${base}/checkout`,
      backUrl: base,
      pdfUrl: `${base}/invoices/${invoice.id}/pdf`,
      moments: [...momentsOf(papers), ...momentsOfDispute(papers.seller, dispute)],
      disputed: dispute !== undefined,
      ...(mayDispute(invoice, dispute) ? { disputeUrl: `${base}/invoices/${invoice.id}/dispute` } : {}),
      ...(visit.signedIn ? { askUrl: `/portal/questions/new?invoice=${invoice.id}` } : {}),
    }),
    { nonce: shell.nonce },
  );
}
