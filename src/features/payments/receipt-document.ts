import type { Actor, Database, Tx } from '#db/db.ts';
import {
  addresseeOf,
  fileNameOf,
  readBuyer,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import type { ReceiptDocument } from '#features/invoices/pdf/document.ts';
import { receiptPdf } from '#features/invoices/pdf/receipt-pdf.ts';
import { feeNameOf } from '#features/payments/fee-name.ts';
import { readPaidInvoices, readPaymentFacts } from '#features/payments/receipt-facts.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import type { PaymentState } from '#features/payments/rules.ts';
import { Refusal } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

const statusOf: Partial<Record<PaymentState, ReceiptDocument['status']>> = {
  approved: 'received',
  settling: 'received',
  settled: 'received',
  submitted: 'processing',
  accepted: 'processing',
  collected: 'processing',
};

const noReceipt: Partial<Record<PaymentState, string>> = {
  returned: 'This payment was returned by the bank, so it has no receipt.',
  declined: 'This payment was declined, so it has no receipt.',
  voided: 'This payment was voided, so it has no receipt.',
};

/** Why there is none. */
export const noReceiptWords = (state: PaymentState): string =>
  noReceipt[state] ?? 'This payment is not known to have gone through yet. Try later.';

/** The receipt as its document. A bank debit that has not cleared is no receipt yet, and says so. */
export async function documentOfReceipt(
  tx: Tx,
  organizationId: string,
  paymentId: string,
): Promise<ReceiptDocument> {
  const payment = await readPaymentFacts(tx, organizationId, paymentId);
  const status = statusOf[payment.state];
  if (!status) {
    throw new Refusal('state_refused', noReceiptWords(payment.state));
  }
  const seller = await readSeller(tx, organizationId);
  const buyer = await readBuyer(tx, organizationId, payment.customerId);
  const invoices = await readPaidInvoices(tx, organizationId, paymentId);
  const money = (amount: bigint) => ({ amount, currency: payment.currency });
  const reference = payment.kind === 'check' ? null : (payment.gatewayReference ?? payment.reference);
  return {
    ...sheetOf(seller),
    number: receiptNumber(payment.id),
    currency: payment.currency,
    status,
    createdAt: payment.settledAt ?? payment.postedAt ?? payment.requestedAt,
    customer: addresseeOf(buyer, seller.address.country),
    paymentDate: payment.receivedOn,
    method: methodWords(payment),
    amount: money(payment.amount),
    ...(payment.fee !== 0n ? { fees: [{ label: feeNameOf(payment), amount: money(payment.fee) }] } : {}),
    ...(reference ? { reference } : {}),
    applications: invoices.map((invoice) => ({
      number: invoice.number,
      invoiceDate: invoice.invoiceDate,
      total: money(invoice.total),
      applied: money(invoice.amount),
      balanceDue: money(invoice.balanceAfter),
    })),
    unapplied: money(
      status === 'received'
        ? payment.amount - payment.fee - payment.applied
        : payment.amount - payment.fee - invoices.reduce((total, invoice) => total + invoice.amount, 0n),
    ),
    ...(payment.memo ? { memo: payment.memo } : {}),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
  };
}

/** What people quote on the phone: the last letters of the payment's id, which are its random ones. */
export const receiptNumber = (paymentId: string): string => paymentId.slice(-10).toUpperCase();

/** The receipt as a file, for whoever may see the payment. */
export async function receiptFile(
  deps: { db: Database },
  actor: Actor,
  payment: { organizationId: string; paymentId: string },
): Promise<FileReply> {
  const document = await deps.db.transaction(actor, (tx) =>
    documentOfReceipt(tx, payment.organizationId, payment.paymentId),
  );
  return {
    contentType: 'application/pdf',
    fileName: fileNameOf('Receipt', document.number),
    version: versionOf(document),
    render: () => receiptPdf(document),
  };
}
