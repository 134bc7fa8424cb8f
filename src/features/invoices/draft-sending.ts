import type { Tx } from '#db/db.ts';
import { readFeeNotes } from '#features/card-fees/read-fee-notes.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { readMailedFiles } from '#features/files/read-files.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { readSendable } from '#features/invoices/read-sendable.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { wordsOfInvoice } from '#features/invoices/send-invoice-mail.ts';
import { usualReaders } from '#features/invoices/send-invoice-rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

/** Whom a mail of this invoice would reach and what it would say, for a person to change before it goes. */
export async function draftSending(
  tx: Tx,
  { organizationId, invoiceId, ...makings }: MailMakings & { organizationId: string; invoiceId: string },
  now: Date,
) {
  const [invoice] = await readSendable(tx, organizationId, [invoiceId], 'as they are');
  if (!invoice) throw notFound('invoice', invoiceId);
  const from = await readCorrespondent(tx, organizationId);
  const today = dateIn(from.timeZone, now);
  const link = payLink(makings.secrets, makings.outbox.baseUrl, { ...invoice, organizationId });
  const [fee] = await readFeeNotes(tx, {
    ...{ organizationId, locale: from.locale, today },
    amounts: [{ ...invoice, base: payableNow(invoice), invoiceIds: [invoiceId] }],
  });
  const files = (await readMailedFiles(tx, organizationId, [invoiceId])).get(invoiceId) ?? [];
  return {
    ...usualReaders(invoice),
    ...wordsOfInvoice({ from, invoice, link, today, fee }),
    attachPdf: from.attachInvoicePdf,
    fileNames: files.map(({ fileName }) => fileName),
  };
}
