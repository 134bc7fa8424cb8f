import { discountOf } from '#features/invoices/discount-rules.ts';
import { lineAmount } from '#features/invoices/line-rules.ts';
import { bareTax, chargeTaxes, type Tax, type TaxCharged } from '#features/taxes/rules.ts';
import { daysBetween } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';

export type InvoiceState = 'draft' | 'open' | 'pending' | 'paid' | 'void' | 'written_off';

export type InvoiceFacts = {
  issuedAt: Date | null;
  voidedAt: Date | null;
  balanceDue: bigint;
  reserved: bigint;
  writtenOff: bigint;
  dueDate: string;
};

/**
 * State is derived, never set by hand (money.md 4): pending means that payments under way cover what is due.
 */
export function stateOfInvoice(invoice: InvoiceFacts): InvoiceState {
  if (!invoice.issuedAt) return 'draft';
  if (invoice.voidedAt) return 'void';
  if (invoice.balanceDue === 0n) return invoice.writtenOff > 0n ? 'written_off' : 'paid';
  return invoice.reserved === invoice.balanceDue ? 'pending' : 'open';
}

export const payableNow = (invoice: InvoiceFacts): bigint =>
  invoice.issuedAt && !invoice.voidedAt ? invoice.balanceDue - invoice.reserved : 0n;

/**
 * Days past the due date with money still due; 0 when not late. A payment under way stops the count from
 * mattering.
 */
export function daysLate(invoice: InvoiceFacts, today: string): number {
  const state = stateOfInvoice(invoice);
  return state === 'open' ? Math.max(0, daysBetween(invoice.dueDate, today)) : 0;
}

export const agingBuckets = ['current', '1-30', '31-60', '61-90', '90+'] as const;
export type AgingBucket = (typeof agingBuckets)[number];

export function agingBucket(dueDate: string, today: string): AgingBucket {
  const late = daysBetween(dueDate, today);
  if (late <= 0) return 'current';
  if (late <= 30) return '1-30';
  if (late <= 60) return '31-60';
  return late <= 90 ? '61-90' : '90+';
}

export type LineInput = {
  itemName: string;
  description: string;
  quantity: string;
  unitPrice: string;
  amount?: bigint | undefined;
  taxable: boolean;
  taxRate: string;
  /** Off this line; `''`, `'10%'` or an amount. */
  discount?: string | undefined;
  serviceDate?: string | null | undefined;
  /** Rates of the organization; without any, `taxRate` stands alone. */
  taxes?: readonly Tax[] | undefined;
};
export type Line = LineInput & { amount: bigint };
export type Totals = {
  lines: Line[];
  subtotal: bigint;
  discount: bigint;
  taxes: TaxCharged[];
  tax: bigint;
  total: bigint;
};

const taxesOfLine = (line: LineInput): readonly Tax[] => {
  if (!line.taxable) return [];
  return line.taxes && line.taxes.length > 0 ? line.taxes : [bareTax(line.taxRate)];
};

/**
 * What each rate took of an invoice, from its lines. Where they do not explain its tax (a file gave it as an
 * amount), all of it is one tax without a rate.
 */
export function taxesOfInvoice(invoice: {
  subtotal: bigint;
  tax: bigint;
  discount?: bigint | undefined;
  lines: readonly Line[];
}): TaxCharged[] {
  const { subtotal, discount = 0n, lines, tax } = invoice;
  const taxes = chargeTaxes(
    lines.map((line) => ({ amount: line.amount, taxes: taxesOfLine(line) })),
    { subtotal, discount },
  ).filter((each) => each.id !== null || each.tax !== 0n);
  const rest = tax - sum(taxes.map((each) => each.tax));
  if (rest === 0n) return taxes;
  // A part of an estimate is rounded apart from its whole: by no more than a minor unit a rate.
  if ((rest < 0n ? -rest : rest) <= BigInt(taxes.length)) {
    const most = taxes.reduce((a, b) => (b.taxable > a.taxable ? b : a));
    return taxes.map((each) => (each === most ? { ...each, tax: each.tax + rest } : each));
  }
  const taxable = sum(lines.filter((line) => line.taxable).map((line) => line.amount));
  return [{ ...bareTax('0'), percent: null, taxable: taxable === 0n ? subtotal : taxable, tax }];
}

/** quantity × unit price less the line's discount. */
export const computedAmount = (line: LineInput, currencyDigits: number): bigint => {
  const full = lineAmount(line, currencyDigits);
  return full - discountOf(line.discount ?? '', full, currencyDigits);
};

type Priced = { quantity: string; unitPrice: string; discount?: string | undefined; amount: bigint };

/** An amount that was given stands alone: a price beside it that does not multiply to it would be a lie. */
export function isPriced(line: Priced, currencyDigits: number): boolean {
  const full = lineAmount(line, currencyDigits);
  const off = discountOf(line.discount ?? '', full, currencyDigits);
  return full - off === line.amount && (line.amount === 0n || /[1-9]/.test(line.unitPrice));
}

/**
 * Lines to totals. An amount that is given stands; else quantity × unit price less its discount, rounded half
 * up to minor units. The invoice's discount is taken off before tax; tax is rounded half up on the invoice,
 * once for each rate. total = subtotal − discount + taxes on top; those inside the prices are in it already.
 */
export function totalsOf(inputs: readonly LineInput[], currencyDigits: number, discountTerms = ''): Totals {
  const lines = inputs.map((line) => ({
    ...line,
    amount: line.amount ?? computedAmount(line, currencyDigits),
  }));
  const subtotal = sum(lines.map((line) => line.amount));
  const discount = discountOf(discountTerms, subtotal, currencyDigits);
  const taxes = chargeTaxes(
    lines.map((line) => ({ amount: line.amount, taxes: taxesOfLine(line) })),
    { subtotal, discount },
  );
  const onTop = sum(taxes.filter(({ inclusive }) => !inclusive).map(({ tax }) => tax));
  return {
    lines,
    subtotal,
    discount,
    taxes,
    tax: sum(taxes.map(({ tax }) => tax)),
    total: subtotal - discount + onTop,
  };
}

/**
 * What the document says, and nothing that moves later: the event keeps it, `owed check` compares it byte for
 * byte.
 */
export type InvoiceDocumentFacts = {
  number: string;
  customerId: string;
  currency: string;
  invoiceDate: string;
  dueDate: string;
  terms: string | null;
  poNumber: string | null;
  memo: string | null;
  subtotal: bigint;
  tax: bigint;
  total: bigint;
  discount?: bigint | undefined;
  discountTerms?: string | undefined;
  taxExemptReason?: string | null | undefined;
  lines: readonly Line[];
};

/** Only what is said is kept, so that documents from before there were discounts read as they did. */
const said = (facts: InvoiceDocumentFacts) => ({
  ...(facts.discountTerms ? { discount: facts.discount ?? 0n, discount_terms: facts.discountTerms } : {}),
  ...(facts.taxExemptReason ? { tax_exempt_reason: facts.taxExemptReason } : {}),
});
const saidOfLine = ({ discount = '', serviceDate = null, taxes = [] }: Line): unknown[] =>
  discount !== '' || serviceDate !== null || taxes.length > 0 ? [discount, serviceDate, taxes] : [];

export function snapshotOf(facts: InvoiceDocumentFacts): Record<string, unknown> {
  return {
    number: facts.number,
    customer_id: facts.customerId,
    currency: facts.currency,
    invoice_date: facts.invoiceDate,
    due_date: facts.dueDate,
    terms: facts.terms,
    po_number: facts.poNumber,
    memo: facts.memo,
    subtotal: facts.subtotal,
    tax: facts.tax,
    total: facts.total,
    ...said(facts),
    lines: facts.lines.map((line) => [
      line.itemName,
      line.description,
      line.quantity,
      line.unitPrice,
      line.amount,
      line.taxable,
      line.taxRate,
      ...saidOfLine(line),
    ]),
  };
}
