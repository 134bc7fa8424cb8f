import { composeInvoice } from './compose-invoice.ts';
import type { InvoiceDocument } from './document.ts';
import { typeset } from './typeset.ts';

/** The invoice as a customer files it. */
export function invoicePdf(invoice: InvoiceDocument): Promise<Buffer> {
  const { createdAt, organization } = invoice;
  return typeset('invoice', composeInvoice(invoice), { createdAt, logo: organization.logo });
}

/** The same as PDF/A-3, which may carry its e-invoice. */
export function archivalInvoicePdf(invoice: InvoiceDocument): Promise<Buffer> {
  const { createdAt, organization } = invoice;
  return typeset('invoice', composeInvoice(invoice), { createdAt, logo: organization.logo, archival: true });
}

/** The same pages as one picture, for whoever is still writing it. */
export function invoicePicture(invoice: InvoiceDocument): Promise<Buffer> {
  const { createdAt, organization } = invoice;
  return typeset('invoice', composeInvoice(invoice), { createdAt, logo: organization.logo, asPicture: true });
}
