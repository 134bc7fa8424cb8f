import type { Actor, Database, Tx } from '#db/db.ts';
import { composeCredit, type NewCreditMemo } from '#features/credit-memos/compose-credit.ts';
import { readNextNumber } from '#features/credit-memos/create-credit-memo.ts';
import {
  type CreditMemoRow,
  readCreditApplications,
  readCreditLines,
  readCreditMemo,
} from '#features/credit-memos/queries.ts';
import {
  availableOf,
  type CreditLine,
  stateOfCreditMemo,
  sumsOfCredit,
} from '#features/credit-memos/rules.ts';
import { eInvoiceFile, filesWith, type Paper } from '#features/e-invoices/e-invoice-files.ts';
import { type ReadFacts, readCreditMemoFacts } from '#features/e-invoices/read-facts.ts';
import {
  addresseeOf,
  fileNameOf,
  lineOf,
  readBuyer,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import { type PaperDocument, paperPdf } from '#features/invoices/pdf/paper-pdf.ts';
import { pictureOfPaper } from '#features/invoices/picture-of-paper.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

type One = { organizationId: string; creditMemoId: string };
type Papers = ReadFacts & { paper: Paper; isIssued: boolean };

const marks: Record<string, PaperDocument['mark']> = {
  draft: { word: 'Draft', tone: 'quiet' },
  used: { word: 'Used up', tone: 'quiet' },
  void: { word: 'Void', tone: 'quiet' },
};

/** What of a credit memo is printed. One that is being written has it too, before it is a row. */
type Printed = Omit<CreditMemoRow, 'id' | 'customerName'> & {
  lines: readonly CreditLine[];
  used: { invoiceNumber: string; amount: bigint }[];
};

async function documentOfCreditMemo(tx: Tx, { organizationId, creditMemoId }: One): Promise<PaperDocument> {
  const memo = await readCreditMemo(tx, organizationId, creditMemoId);
  const lines = await readCreditLines(tx, organizationId, creditMemoId);
  const applications = await readCreditApplications(tx, organizationId, creditMemoId);
  const used = applications.filter(({ state }) => state === 'applied');
  return documentFrom(tx, organizationId, { ...memo, lines, used });
}

async function documentFrom(tx: Tx, organizationId: string, memo: Printed): Promise<PaperDocument> {
  const seller = await readSeller(tx, organizationId);
  const buyer = await readBuyer(tx, organizationId, memo.customerId);
  const { currency } = memo;
  const money = (amount: bigint) => ({ amount, currency });
  const state = stateOfCreditMemo(memo);
  const mark = marks[state];
  const available = availableOf(memo);
  return {
    ...sheetOf(seller),
    heading: 'Credit memo',
    number: memo.number,
    currency,
    createdAt: memo.voidedAt ?? memo.issuedAt ?? memo.createdAt,
    ...(mark ? { mark } : {}),
    addressed: 'For',
    customer: addresseeOf(buyer, seller.address.country),
    dates: [['Date', memo.memoDate]],
    panel: {
      label: state === 'draft' ? 'Total credit' : 'Credit available',
      amount: money(state === 'draft' ? memo.total : available),
      note: state === 'open' ? 'Use it when you pay an invoice' : (mark?.word ?? ''),
      filled: state === 'open',
    },
    lines: memo.lines.map((line) => lineOf(line, currency)),
    sums: [
      ...sumsOfCredit(memo).map(({ label, amount }) => ({ label, amount: money(amount) })),
      { label: 'Total credit', amount: money(memo.total), weight: 'rule' as const },
      ...memo.used.map((each) => ({ label: `Used for ${each.invoiceNumber}`, amount: money(-each.amount) })),
      { label: 'Credit available', amount: money(available), weight: 'strong' as const },
    ],
    ...(memo.reason ? { memo: memo.reason } : {}),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
  };
}

/** The page of a credit memo that is being written, worked out as it will be when it is saved. */
export async function previewCreditMemo(
  { db }: { db: Database },
  { actor, organization, now }: { actor: Actor; organization: { id: string }; now: Date },
  { id, ...input }: NewCreditMemo & { id?: string | undefined },
): Promise<FileReply> {
  const document = await db.transaction(actor, async (tx) => {
    const made = await composeCredit(tx, organization.id, input, now);
    const { number } = id
      ? await readCreditMemo(tx, organization.id, id)
      : { number: await readNextNumber(tx, organization.id) };
    const { customerId, reason = null } = input;
    const about = { customerId, number, reason, issuedAt: now, voidedAt: null, createdAt: now };
    return documentFrom(tx, organization.id, { ...made, ...about, applied: 0n, used: [] });
  });
  return pictureOfPaper(document, 'Credit-memo');
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
