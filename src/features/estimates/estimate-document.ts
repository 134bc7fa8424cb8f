import type { Actor, Database, Tx } from '#db/db.ts';
import { readNextEstimateNumber } from '#features/estimates/create-estimate.ts';
import { type EstimateRow, readEstimate, readEstimateLines, stateOf } from '#features/estimates/queries.ts';
import type { EstimateState } from '#features/estimates/rules.ts';
import {
  type EstimateInput,
  readEstimateSeller,
  workOutEstimate,
} from '#features/estimates/write-estimate.ts';
import {
  addresseeOf,
  fileNameOf,
  readBuyer,
  readSeller,
  type Seller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import type { PaperDocument } from '#features/invoices/pdf/paper-pdf.ts';
import { paperPdf } from '#features/invoices/pdf/paper-pdf.ts';
import { pictureOfPaper } from '#features/invoices/picture-of-paper.ts';
import type { Line } from '#features/invoices/rules.ts';
import { sumsOf } from '#features/invoices/sum-rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn, formatDate } from '#lib/dates.ts';
import type { FileReply } from '#lib/file-reply.ts';
import { formatMoney, parseDecimal } from '#lib/money.ts';

const marks: Partial<Record<EstimateState, PaperDocument['mark']>> = {
  accepted: { word: 'Accepted', tone: 'good' },
  invoiced: { word: 'Accepted', tone: 'good' },
  declined: { word: 'Declined', tone: 'quiet' },
  expired: { word: 'Expired', tone: 'quiet' },
};

/** What of an estimate is printed. One that is being written has it too, before it is a row. */
type Printed = Pick<
  EstimateRow,
  | 'number'
  | 'customerId'
  | 'currency'
  | 'estimateDate'
  | 'expiresOn'
  | 'poNumber'
  | 'memo'
  | 'subtotal'
  | 'discount'
  | 'discountTerms'
  | 'tax'
  | 'total'
  | 'deposit'
  | 'updatedAt'
> & { lines: readonly Line[]; state: EstimateState };

async function documentOfEstimate(tx: Tx, organizationId: string, id: string): Promise<PaperDocument> {
  const estimate = await readEstimate(tx, organizationId, id);
  const lines = await readEstimateLines(tx, organizationId, id);
  const seller = await readSeller(tx, organizationId);
  const state = stateOf(estimate, dateIn(seller.timeZone, organizationNow(seller)));
  return documentFrom(tx, seller, { ...estimate, lines, state });
}

async function documentFrom(tx: Tx, seller: Seller, estimate: Printed): Promise<PaperDocument> {
  const { lines, state } = estimate;
  const buyer = await readBuyer(tx, seller.id, estimate.customerId);
  const { currency } = estimate;
  const money = (amount: bigint) => ({ amount, currency });
  const mark = marks[state];
  const until = formatDate(estimate.expiresOn, seller.locale);
  const deposit = formatMoney(estimate.deposit, currency, seller.locale);
  return {
    ...sheetOf(seller),
    heading: 'Estimate',
    number: estimate.number,
    currency,
    createdAt: estimate.updatedAt,
    ...(mark ? { mark } : {}),
    addressed: 'For',
    customer: addresseeOf(buyer, seller.address.country),
    dates: [
      ['Date', estimate.estimateDate],
      ['Valid until', estimate.expiresOn],
    ],
    ...(estimate.poNumber ? { poNumber: estimate.poNumber } : {}),
    panel: {
      label: 'Estimated total',
      amount: money(estimate.total),
      note: `Valid until ${until}`,
      filled: !mark,
    },
    lines: lines.map((line) => {
      const unitPrice = parseDecimal(line.unitPrice, currency);
      return {
        ...(line.itemName ? { item: line.itemName } : {}),
        ...(line.description ? { description: line.description } : {}),
        quantity: line.quantity,
        ...(unitPrice === undefined ? {} : { unitPrice: money(unitPrice) }),
        amount: money(line.amount),
      };
    }),
    sums: [
      ...sumsOf(estimate, lines).map(({ label, amount }) => ({ label, amount: money(amount) })),
      { label: 'Total', amount: money(estimate.total), weight: 'strong' as const },
      ...(estimate.deposit > 0n ? [{ label: 'Deposit on acceptance', amount: money(estimate.deposit) }] : []),
    ],
    notice:
      estimate.deposit > 0n
        ? `Nothing is owed by this estimate. Once accepted, a deposit of ${deposit} is billed; it is deducted from what is billed later.`
        : 'Nothing is owed by this estimate.',
    ...(estimate.memo ? { memo: estimate.memo } : {}),
    ...(seller.invoiceFooter ? { footer: seller.invoiceFooter } : {}),
  };
}

/** The estimate as a file, for staff and for whoever holds its link. */
export async function estimateFile(
  deps: { db: Database },
  actor: Actor,
  one: { organizationId: string; estimateId: string },
): Promise<FileReply> {
  const document = await deps.db.transaction(actor, (tx) =>
    documentOfEstimate(tx, one.organizationId, one.estimateId),
  );
  return {
    contentType: 'application/pdf',
    fileName: fileNameOf('Estimate', document.number),
    version: versionOf(document),
    render: () => paperPdf(document),
  };
}

/** The page of an estimate that is being written, worked out as it will be when it is saved. */
export async function previewEstimate(
  { db }: { db: Database },
  { actor, organization, now }: { actor: Actor; organization: { id: string }; now: Date },
  { id, ...estimate }: EstimateInput & { id?: string | undefined },
): Promise<FileReply> {
  const document = await db.transaction(actor, async (tx) => {
    const seller = await readSeller(tx, organization.id);
    const { currency } = await readEstimateSeller(tx, organization.id);
    const about = { organizationId: organization.id, currency, timeZone: seller.timeZone };
    const made = await workOutEstimate(tx, about, estimate, dateIn(seller.timeZone, now));
    const { number } = id
      ? await readEstimate(tx, organization.id, id)
      : { number: await readNextEstimateNumber(tx, organization.id) };
    const { customerId, poNumber = null, memo = null } = estimate;
    const words = { customerId, currency, number, poNumber, memo, updatedAt: now };
    return documentFrom(tx, seller, { ...made, ...words, state: 'draft' });
  });
  return pictureOfPaper(document, 'Estimate');
}
