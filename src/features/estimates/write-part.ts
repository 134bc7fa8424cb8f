import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import type { EstimateRow } from '#features/estimates/queries.ts';
import type { Share } from '#features/estimates/rules.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import type { Line } from '#features/invoices/rules.ts';
import { takeNumbers } from '#features/invoices/take-numbers.ts';
import { must } from '#lib/errors.ts';
import { sum, toDecimal } from '#lib/money.ts';

export type Part = {
  kind: 'deposit' | 'part';
  shareBps: number;
  share: Share;
  lines: readonly Line[];
  invoiceDate: string;
  dueDate: string;
  issue: boolean;
  taxExemptReason?: string | null;
  /** Of the deposit, off this part; only of one that is issued. */
  deduct?: bigint;
};

/** The invoice of a part, its deduction by a credit memo that is used up at once, and the chain. */
export async function writePart(
  tx: Tx,
  actor: Actor,
  input: { estimate: EstimateRow; part: Part },
  now: Date,
): Promise<{ invoiceId: string }> {
  const { estimate, part } = input;
  const { organizationId, id: estimateId, customerId, currency, poNumber, memo } = estimate;
  const number = must((await takeNumbers(tx, organizationId, 1))[0], 'a number');
  const subtotal = sum(part.lines.map(({ amount }) => amount));
  const { discount, tax, taxInside } = part.share;
  const { invoiceDate, dueDate, lines } = part;
  const about = { customerId, number, currency, invoiceDate, dueDate, poNumber, lines };
  const invoice = {
    ...about,
    memo: part.kind === 'deposit' ? null : memo,
    taxExemptReason: part.taxExemptReason,
    subtotal,
    discount,
    discountTerms: termsOfDiscount(estimate, discount),
    tax,
    total: subtotal - discount + tax - taxInside,
  };
  const made = await createInvoices(
    tx,
    actor,
    { organizationId, invoices: [invoice], issue: part.issue },
    now,
  );
  const invoiceId = must(made.invoiceIds[0], 'the new invoice');
  const deducted = part.deduct ?? 0n;
  const creditMemoId = deducted > 0n ? await deduct(tx, actor, { estimate, invoiceId, deducted }, now) : null;
  await tx.run(sql`
    insert into estimate_invoices (organization_id, estimate_id, invoice_id, customer_id, kind, share_bps, line_amounts,
      discount, tax, tax_inside, deducted, credit_memo_id, created_at)
    values (${organizationId}, ${estimateId}, ${invoiceId}, ${customerId}, ${part.kind}, ${part.shareBps},
      ${[...part.share.lineAmounts]}::bigint[], ${discount}, ${tax}, ${taxInside}, ${deducted}, ${creditMemoId}, ${now})`);
  await tx.run(sql`update estimates set billed_bps = billed_bps + ${part.kind === 'part' ? part.shareBps : 0}
    where organization_id = ${organizationId} and id = ${estimateId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: part.kind === 'deposit' ? 'estimate.deposit_billed' : 'estimate.billed',
      subjectId: estimateId,
      customerId,
      data: {
        number: estimate.number,
        amount: invoice.total,
        currency,
        invoice_id: invoiceId,
        invoice: number,
        ...(part.kind === 'part' ? { share_bps: part.shareBps } : {}),
        ...(deducted > 0n ? { deducted } : {}),
      },
    },
  ]);
  return { invoiceId };
}

/** The whole discount keeps its words; a part of it is an amount. */
const termsOfDiscount = ({ discount: whole, discountTerms, currency }: EstimateRow, part: bigint): string =>
  part === 0n ? '' : part === whole ? discountTerms : toDecimal(part, currency);

async function deduct(
  tx: Tx,
  actor: Actor,
  { estimate, invoiceId, deducted }: { estimate: EstimateRow; invoiceId: string; deducted: bigint },
  now: Date,
): Promise<string> {
  const { organizationId, customerId, number } = estimate;
  const lines = [{ description: `Deposit on estimate ${number}`, amount: deducted, tax: 0n }];
  const memo = { customerId, lines, reason: `Deposit on estimate ${number}, billed before` };
  const { creditMemoId } = await createCreditMemo(tx, actor, { organizationId, memo, issue: true }, now);
  const applications = [{ invoiceId, amount: deducted }];
  await applyCredit(tx, actor, { organizationId, creditMemoId, applications }, now);
  return creditMemoId;
}
