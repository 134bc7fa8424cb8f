import type { Actor, Database, Tx } from '#db/db.ts';
import { readEstimate, readEstimateLines, stateOf } from '#features/estimates/queries.ts';
import type { EstimateState } from '#features/estimates/rules.ts';
import {
  addresseeOf,
  fileNameOf,
  readBuyer,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import { sumsOf } from '#features/invoices/sum-rules.ts';
import type { PaperDocument } from '#features/invoices/pdf/paper-pdf.ts';
import { paperPdf } from '#features/invoices/pdf/paper-pdf.ts';
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

async function documentOfEstimate(tx: Tx, organizationId: string, id: string): Promise<PaperDocument> {
  const estimate = await readEstimate(tx, organizationId, id);
  const lines = await readEstimateLines(tx, organizationId, id);
  const seller = await readSeller(tx, organizationId);
  const buyer = await readBuyer(tx, organizationId, estimate.customerId);
  const { currency } = estimate;
  const money = (amount: bigint) => ({ amount, currency });
  const state = stateOf(estimate, dateIn(seller.timeZone, organizationNow(seller)));
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
