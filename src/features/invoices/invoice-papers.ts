import type { Actor, Database } from '#db/db.ts';
import { eInvoiceFile, filesWith, type Paper } from '#features/e-invoices/e-invoice-files.ts';
import { type ReadFacts, readInvoiceFacts } from '#features/e-invoices/read-facts.ts';
import { documentOfInvoice, fileOfDocument, type Links } from '#features/invoices/document-of-invoice.ts';
import { archivalInvoicePdf } from '#features/invoices/pdf/invoice-pdf.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

type Deps = Links & { db: Database };
type One = { organizationId: string; invoiceId: string };

/** The invoice as people and as machines read it, from the same rows at the same moment. */
async function readPapers(deps: Deps, actor: Actor, one: One): Promise<ReadFacts & { paper: Paper }> {
  const { organizationId, invoiceId } = one;
  return deps.db.transaction(actor, async (tx) => {
    const { issuedAt } = await readInvoice(tx, organizationId, invoiceId);
    if (!issuedAt)
      throw new Refusal(
        'state_refused',
        'This invoice is a draft. Issue it first: machines book what they read.',
      );
    const document = await documentOfInvoice(tx, deps, organizationId, invoiceId);
    const [read] = await readInvoiceFacts(tx, organizationId, [invoiceId]);
    const paper = {
      pdf: fileOfDocument(document),
      archivalPdf: () => archivalInvoicePdf(document),
      changedAt: document.createdAt,
    };
    return { ...must(read, 'the facts of the invoice'), paper };
  });
}

export async function invoiceAsEInvoice(
  deps: Deps,
  actor: Actor,
  one: One,
  format: 'ubl' | 'factur_x',
): Promise<FileReply> {
  const { facts, paper } = await readPapers(deps, actor, one);
  return eInvoiceFile(facts, format, paper);
}

/** What a mail about an invoice brings along, in the form that its customer wants. */
export async function invoicePapers(deps: Deps, actor: Actor, one: One): Promise<FileReply[]> {
  const { facts, wants, paper } = await readPapers(deps, actor, one);
  return filesWith(facts, wants, paper);
}
