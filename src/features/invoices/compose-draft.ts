import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { NewInvoice } from '#features/invoices/create-invoices.ts';
import { discountOf } from '#features/invoices/discount-rules.ts';
import { lineAmount, untaxed } from '#features/invoices/line-rules.ts';
import { readHabits } from '#features/invoices/numbering.ts';
import { type LineInput, type Totals, totalsOf } from '#features/invoices/rules.ts';
import { percentTogether } from '#features/taxes/rules.ts';
import { ratesInUse } from '#features/taxes/tax-rates.ts';
import { dueDateUnder } from '#features/terms/rules.ts';
import { readTerms } from '#features/terms/terms.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { formatMoney, maxAmount, sum } from '#lib/money.ts';

export type DraftLine = LineInput & { taxRateIds?: readonly string[] | undefined };

export type InvoiceInput = {
  customerId: string;
  number?: string | undefined;
  externalId?: string | undefined;
  invoiceDate?: string | undefined;
  dueDate?: string | undefined;
  /** Of the list of terms; gives the due date and the words where these are left out. */
  termsId?: string | undefined;
  terms?: string | undefined;
  poNumber?: string | undefined;
  memo?: string | undefined;
  /** Off the whole invoice, before tax: `10%` or an amount. */
  discount?: string | undefined;
  lines: readonly DraftLine[];
};

/** All that an invoice will say but its number: dates, rates and totals worked out, or refused. */
export async function composeDraft(
  tx: Tx,
  organizationId: string,
  invoice: InvoiceInput,
  now: Date,
): Promise<Omit<NewInvoice, 'number'>> {
  const seller = await readHabits(tx, organizationId);
  const customer = await tx.row<{ termsDays: number | null; taxExemptReason: string | null }>(sql`
    select terms_days, tax_exempt_reason from customers
    where organization_id = ${organizationId} and id = ${invoice.customerId} for share`);
  if (!customer)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  const terms = invoice.termsId ? await readTerms(tx, organizationId, invoice.termsId) : undefined;
  const invoiceDate = invoice.invoiceDate ?? dateIn(seller.timeZone, now);
  const usual = terms
    ? dueDateUnder(terms, invoiceDate)
    : addDays(invoiceDate, customer.termsDays ?? seller.termsDays);
  const dueDate = invoice.dueDate ?? usual;
  if (dueDate < invoiceDate) {
    throw new Refusal('invalid_request', {
      message: 'The due date is before the invoice date.',
      param: 'due_date',
    });
  }
  const exempt = customer.taxExemptReason;
  const totals = await composeLines(tx, organizationId, { ...seller, ...invoice, exempt });
  if (totals.total < 0n) {
    throw new Refusal('invalid_request', {
      message: 'The total is below zero. Give a credit memo instead.',
      param: 'lines',
    });
  }
  const { discount: _typed, termsId: _id, number: _number, ...rest } = invoice;
  return {
    ...rest,
    ...totals,
    terms: invoice.terms ?? terms?.name,
    taxExemptReason: exempt,
    currency: seller.currency,
    invoiceDate,
    dueDate,
  };
}

/** The tax on top of lines for a customer; of what they come to, below zero too, nothing is refused. */
export async function taxOnTop(
  tx: Tx,
  organizationId: string,
  { customerId, lines: typed }: Pick<InvoiceInput, 'customerId' | 'lines'>,
): Promise<bigint> {
  const { digits } = await readHabits(tx, organizationId);
  const customer = await tx.row<{ isExempt: boolean }>(sql`select tax_exempt_reason is not null as is_exempt
    from customers where organization_id = ${organizationId} and id = ${customerId} for share`);
  if (customer?.isExempt) return 0n;
  const { lines, total } = totalsOf(await taxedLines(tx, organizationId, typed), digits, '');
  return total - sum(lines.map(({ amount }) => amount));
}

type Composing = {
  lines: readonly DraftLine[];
  discount?: string | undefined;
  /** Why no tax is charged; null: it is. */
  exempt: string | null;
  digits: number;
  currency: string;
};

/** Lines with their rates and discounts, and what they come to, or refused. */
export async function composeLines(
  tx: Tx,
  organizationId: string,
  { lines: typed, discount: discountTerms = '', exempt, digits, currency }: Composing,
): Promise<Totals & { discountTerms: string }> {
  const lines = exempt
    ? typed.map(({ taxRateIds: _ids, ...line }) => untaxed(line))
    : await taxedLines(tx, organizationId, typed);
  refuseDiscounts(lines, digits);
  const totals = totalsOf(lines, digits, discountTerms);
  refuseTotals(totals, currency);
  return { ...totals, discountTerms };
}

/** Lines with the rates they name, as these are today. */
export async function taxedLines(
  tx: Tx,
  organizationId: string,
  lines: readonly DraftLine[],
): Promise<LineInput[]> {
  const ids = lines.flatMap((line) => line.taxRateIds ?? []);
  const rates = await ratesInUse(tx, organizationId, ids);
  return lines.map(({ taxRateIds = [], ...line }) => {
    const taxes = [...new Set(taxRateIds)].flatMap((id) => rates.get(id) ?? []);
    if (taxes.length === 0) return line;
    return { ...line, taxable: true, taxes, taxRate: percentTogether(taxes) };
  });
}

function refuseDiscounts(lines: readonly LineInput[], digits: number): void {
  const refuse = (index: number, words: string): never => {
    const message = `Line ${index + 1}: ${words}`;
    throw new Refusal('invalid_request', { message, param: `lines.${index}.discount` });
  };
  for (const [index, line] of lines.entries()) {
    if (!line.discount) continue;
    if (line.amount !== undefined) refuse(index, 'give an amount or a discount, not both.');
    const full = lineAmount(line, digits);
    const off = discountOf(line.discount, full, digits);
    if (full < 0n ? off < full : off > full) refuse(index, 'the discount is more than the line comes to.');
  }
}

/** Too much of a discount, or beyond what a column holds and a reply could name exactly. */
function refuseTotals({ lines, subtotal, discount, tax, total }: Totals, currency: string): void {
  if (discount !== 0n && (subtotal <= 0n || discount > subtotal)) {
    const message = 'The discount is more than the lines come to. Make it smaller.';
    throw new Refusal('invalid_request', { message, param: 'discount' });
  }
  const isTooMuch = (amount: bigint): boolean => amount > maxAmount || amount < -maxAmount;
  if (![subtotal, tax, total, ...lines.map((line) => line.amount)].some(isTooMuch)) return;
  const message = `An amount is above ${formatMoney(maxAmount, currency)}, the most that a paper may say.`;
  throw new Refusal('invalid_request', { message, param: 'lines' });
}
