import { daysBetween } from '#lib/dates.ts';
import { multiply, percentOf, sum } from '#lib/money.ts';

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
};
export type Line = LineInput & { amount: bigint };
export type Totals = { lines: Line[]; subtotal: bigint; tax: bigint; total: bigint };

/**
 * Lines to totals. An amount that is given stands; else quantity × unit price, rounded half up to minor
 * units. Tax is taken once for each rate, on the sum of its taxable lines, as most books do.
 */
export function totalsOf(inputs: readonly LineInput[], currencyDigits: number): Totals {
  const lines = inputs.map((line) => ({ ...line, amount: line.amount ?? lineAmount(line, currencyDigits) }));
  const byRate = new Map<string, bigint>();
  for (const line of lines) {
    if (!line.taxable) continue;
    const rate = plainRate(line.taxRate);
    byRate.set(rate, (byRate.get(rate) ?? 0n) + line.amount);
  }
  const tax = sum([...byRate].map(([rate, amount]) => percentOf(amount, rate)));
  const subtotal = sum(lines.map((line) => line.amount));
  return { lines, subtotal, tax, total: subtotal + tax };
}

/** `08.250` and `8.25` are one rate, taxed and rounded together. */
const plainRate = (rate: string): string =>
  (rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate).replace(/^(-?)0+(?=\d)/, '$1');

/** quantity × unit price in minor units; both are decimal strings in major units. */
export function lineAmount(line: { quantity: string; unitPrice: string }, currencyDigits: number): bigint {
  const [quantity, unitPrice] = [scaled(line.quantity), scaled(line.unitPrice)];
  const scale = quantity.scale + unitPrice.scale - currencyDigits;
  const product = quantity.value * unitPrice.value;
  return scale <= 0 ? product * 10n ** BigInt(-scale) : multiply(product, `0.${'0'.repeat(scale - 1)}1`);
}

function scaled(text: string): { value: bigint; scale: number } {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(`${whole}${fraction}`);
  return { value: text.startsWith('-') ? -value : value, scale: fraction.length };
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
  lines: readonly Line[];
};

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
    lines: facts.lines.map((line) => [
      line.itemName,
      line.description,
      line.quantity,
      line.unitPrice,
      line.amount,
      line.taxable,
      line.taxRate,
    ]),
  };
}
