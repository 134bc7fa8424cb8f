import type { Actor, Database, Tx } from '#db/db.ts';
import { getCreditMemo } from '#features/credit-memos/queries.ts';
import { eInvoiceFile, filesWith, type Paper } from '#features/e-invoices/e-invoice-files.ts';
import { type ReadFacts, readCreditMemoFacts } from '#features/e-invoices/read-facts.ts';
import {
  addresseeOf,
  fileNameOf,
  readBuyer,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import { type PaperDocument, paperPdf } from '#features/invoices/pdf/paper-pdf.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

type One = { organizationId: string; creditMemoId: string };
type Papers = ReadFacts & { paper: Paper; isIssued: boolean };

const marks: Record<string, PaperDocument['mark']> = {
  draft: { word: 'Draft', tone: 'quiet' },
  used: { word: 'Used up', tone: 'quiet' },
  void: { word: 'Void', tone: 'quiet' },
};

async function documentOfCreditMemo(tx: Tx, { organizationId, creditMemoId }: One): Promise<PaperDocument> {
  const memo = await getCreditMemo(tx, organizationId, creditMemoId);
  const seller = await readSeller(tx, organizationId);
  const buyer = await readBuyer(tx, organizationId, memo.customer_id);
  const { currency } = memo;
  const money = (amount: bigint) => ({ amount, currency });
  const mark = marks[memo.state];
  const used = memo.applications.filter(({ state }) => state === 'applied');
  return {
    ...sheetOf(seller),
    heading: 'Credit memo',
    number: memo.number,
    currency,
    createdAt: memo.voided_at ?? memo.issued_at ?? memo.created_at,
    ...(mark ? { mark } : {}),
    addressed: 'For',
    customer: addresseeOf(buyer, seller.address.country),
    dates: [['Date', memo.memo_date]],
    panel: {
      label: 'Credit available',
      amount: money(memo.state === 'void' ? 0n : memo.available),
      note: memo.state === 'open' ? 'Use it when you pay an invoice' : (mark?.word ?? ''),
      filled: memo.state === 'open',
    },
    lines: memo.lines.map(({ description, amount }) => ({ description, amount: money(amount) })),
    sums: [
      ...(memo.tax === 0n
        ? []
        : [
            { label: 'Subtotal', amount: money(memo.subtotal) },
            { label: 'Tax', amount: money(memo.tax) },
          ]),
      { label: 'Total credit', amount: money(memo.total), weight: 'rule' as const },
      ...used.map((each) => ({ label: `Used for ${each.invoice_number}`, amount: money(-each.amount) })),
      { label: 'Credit available', amount: money(memo.available), weight: 'strong' as const },
    ],
    ...(memo.reason ? { memo: memo.reason } : {}),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
  };
}

async function readPapers(deps: { db: Database }, actor: Actor, one: One): Promise<Papers> {
  return deps.db.transaction(actor, async (tx) => {
    const document = await documentOfCreditMemo(tx, one);
    const read = await readCreditMemoFacts(tx, one.organizationId, one.creditMemoId);
    const pdf: FileReply = {
      contentType: 'application/pdf',
      fileName: fileNameOf('Credit-memo', document.number),
      version: versionOf(document),
      render: () => paperPdf(document),
    };
    const archivalPdf = () => paperPdf(document, { archival: true });
    return {
      ...must(read, 'the facts of the credit memo'),
      isIssued: document.mark?.word !== 'Draft',
      paper: { pdf, archivalPdf, changedAt: document.createdAt },
    };
  });
}

/** The credit memo as a file to keep. */
export async function creditMemoFile(deps: { db: Database }, actor: Actor, one: One): Promise<FileReply> {
  return (await readPapers(deps, actor, one)).paper.pdf;
}

/** The credit memo as machines read it. */
export async function creditMemoAsEInvoice(
  deps: { db: Database },
  actor: Actor,
  one: One,
  format: 'ubl' | 'factur_x',
): Promise<FileReply> {
  const { facts, paper, isIssued } = await readPapers(deps, actor, one);
  if (!isIssued) throw new Refusal('state_refused', 'This credit memo is a draft. Issue it first.');
  return eInvoiceFile(facts, format, paper);
}

/** What a mail about a credit memo brings along, in the form that its customer wants. */
export async function creditMemoPapers(deps: { db: Database }, actor: Actor, one: One): Promise<FileReply[]> {
  const { facts, wants, paper } = await readPapers(deps, actor, one);
  return filesWith(facts, wants, paper);
}
