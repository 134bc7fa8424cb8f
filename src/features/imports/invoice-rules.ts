import { lineAmount } from '#features/invoices/line-rules.ts';
import { addDays } from '#lib/dates.ts';
import { currencyDigits, toDecimal } from '#lib/money.ts';
import { afterPercent, decimalPlaces, over, times } from './decimal-rules.ts';
import type { FieldKey } from './field-rules.ts';
import type { ImportPlan, Problem, SourceRow } from './row-rules.ts';
import { RowReader } from './row-rules.ts';

/** Whom the file means: everything the row says, at least one of them. The first that is given decides. */
export type CustomerRef = {
  id: string | undefined;
  externalId: string | undefined;
  displayName: string | undefined;
  email: string | undefined;
};

/** One row of an invoice file: a line, and what it says of its invoice. Amounts are in `currency`. */
export type InvoiceRow = {
  lineNo: number;
  customerRef: CustomerRef;
  externalId: string | undefined;
  number: string;
  invoiceDate: string;
  dueDate: string;
  currency: string;
  memo: string | undefined;
  poNumber: string | undefined;
  itemName: string | undefined;
  description: string | undefined;
  /** The line's figures; undefined in files that have one row an invoice and only its total. */
  line: LineFigures | undefined;
  taxable: boolean | undefined;
  /** Percent. */
  taxRate: string | undefined;
  taxAmount: bigint | undefined;
  total: bigint | undefined;
  balanceDue: bigint | undefined;
  amountPaid: bigint | undefined;
};

export type LineFigures = { quantity: string; unitPrice: string; amount: bigint };

/** `number` is kept of a rejected row too: one bad line holds its whole invoice back. */
export type InvoiceOutcome =
  | { ok: true; value: InvoiceRow }
  | { ok: false; lineNo: number; number: string; problems: Problem[] };

/** Files with one row an invoice have totals, but no amounts of lines. */
export const hasLineAmounts = ({ columns }: ImportPlan): boolean =>
  columns.lineAmount !== undefined ||
  (columns.quantity !== undefined && columns.unitPrice !== undefined) ||
  columns.debit !== undefined ||
  columns.credit !== undefined;

function readCustomerRef(row: RowReader): CustomerRef {
  const id = row.raw('customerId');
  if (id !== '' && !/^cus_[0-9a-z]{22}$/.test(id)) row.notAnIdOfOurs('customerId');
  const ref = {
    id: id === '' ? undefined : id,
    externalId: row.text('customerExternalId'),
    displayName: row.text('customerName'),
    email: row.isMapped('customerEmail') ? row.emails('customerEmail')?.[0] : undefined,
  };
  const keys = ['customerId', 'customerExternalId', 'customerName', 'customerEmail'] as const;
  const isGiven = ref.id ?? ref.externalId ?? ref.displayName ?? ref.email;
  const mapped = keys.filter((key) => row.isMapped(key));
  if (isGiven === undefined && !mapped.some((key) => row.failed(key))) {
    row.refuse(
      mapped.map((key) => row.column(key)).join(', '),
      '',
      'The row names no customer. Fill one in.',
    );
  }
  return ref;
}

/** The amount that stands in the row: in one column, or split in debit and credit. */
function readGivenAmount(row: RowReader, currency: string): bigint | undefined {
  if (!row.isMapped('debit') && !row.isMapped('credit')) return row.amount('lineAmount', currency);
  const debit = row.amount('debit', currency);
  const credit = row.amount('credit', currency);
  if (debit && credit) {
    row.fault('credit', `The row has a debit of ${row.raw('debit')} as well as a credit. Leave one of them.`);
  }
  if (debit === undefined && credit === undefined) return row.amount('lineAmount', currency);
  return (debit ?? 0n) - (credit ?? 0n);
}

/** A quantity and a price that come to an amount known beforehand. */
function figuresOf(
  amount: bigint,
  currency: string,
  known: { quantity?: string; unitPrice?: string },
): LineFigures {
  const decimal = toDecimal(amount, currency);
  const unitPrice = known.unitPrice ?? (known.quantity && over(decimal, known.quantity));
  const quantity = known.quantity ?? (known.unitPrice && over(decimal, known.unitPrice));
  if (quantity && unitPrice && lineAmount({ quantity, unitPrice }, currencyDigits(currency)) === amount) {
    return { quantity, unitPrice, amount };
  }
  return { quantity: '1', unitPrice: decimal, amount };
}

type Given = { quantity: string; unitPrice: string; amount: bigint | undefined };

/** Quantity × unit price less discount, checked against the amount where the row has both. */
function multiplied(row: RowReader, given: Given, currency: string): LineFigures {
  const { unitPrice, amount } = given;
  const discount = row.rate('discountPercent');
  const isReduced = discount !== undefined && discount !== '0';
  const quantity = isReduced ? times(given.quantity, afterPercent(discount)) : given.quantity;
  const digits = currencyDigits(currency);
  const product = lineAmount({ quantity, unitPrice }, digits);
  if (amount !== undefined && amount !== product) {
    // Half a minor unit may have been rounded the other way; an exact product leaves no choice.
    const wasRounded = decimalPlaces(times(quantity, unitPrice)) > digits;
    const off = amount > product ? amount - product : product - amount;
    if (!wasRounded || off > 1n) {
      const less = isReduced ? ` less ${discount} %` : '';
      row.fault(
        row.isMapped('lineAmount') ? 'lineAmount' : 'debit',
        `The amount is ${toDecimal(amount, currency)}, but ${given.quantity} × ${unitPrice}${less} ` +
          `comes to ${toDecimal(product, currency)}. Correct one of them, or leave the unit price blank.`,
      );
    }
  }
  const result = amount ?? product;
  if (isReduced) return figuresOf(result, currency, { quantity: given.quantity });
  return { quantity: given.quantity, unitPrice, amount: result };
}

const figureKeys: readonly FieldKey[] = ['lineAmount', 'quantity', 'unitPrice', 'debit', 'credit'];

function readLine(row: RowReader, currency: string): LineFigures | undefined {
  const amount = readGivenAmount(row, currency);
  const quantity = row.decimal('quantity');
  const unitPrice = row.decimal('unitPrice', currency);
  const mapped = figureKeys.filter((key) => row.isMapped(key));
  if (row.problems && mapped.some((key) => row.failed(key))) return undefined;
  if (row.plan.layout === 'itemAmounts') {
    if (amount === undefined)
      return row.fault('lineAmount', 'The line has no amount. This layout needs it filled in.');
    return { quantity: quantity ?? '1', unitPrice: unitPrice ?? toDecimal(amount, currency), amount };
  }
  if (quantity !== undefined && unitPrice !== undefined) {
    return multiplied(row, { quantity, unitPrice, amount }, currency);
  }
  if (amount !== undefined) {
    return figuresOf(amount, currency, { ...(quantity && { quantity }), ...(unitPrice && { unitPrice }) });
  }
  const columns = mapped.map((key) => row.column(key)).join(', ');
  const reason =
    'The line has no amount. Fill in the amount, or quantity and unit price; 0 for a line of text only.';
  return row.refuse(columns, '', reason);
}

type Heading = Pick<InvoiceRow, 'customerRef' | 'number' | 'invoiceDate' | 'dueDate' | 'currency'>;

const headingKeys: readonly FieldKey[] = [
  'customerId',
  'customerExternalId',
  'customerName',
  'customerEmail',
  'invoiceDate',
  'dueDate',
  'currency',
];

function readDueDate(row: RowReader, invoiceDate: string | undefined): string | undefined {
  const dueDate = row.date('dueDate');
  if (dueDate !== undefined) {
    if (invoiceDate !== undefined && dueDate < invoiceDate) {
      row.fault(
        'dueDate',
        `The due date ${dueDate} is before the invoice date ${invoiceDate}. Correct one of them.`,
      );
    }
    return dueDate;
  }
  const terms = row.days('termsDays') ?? row.plan.termsDays;
  if (invoiceDate === undefined || row.failed('dueDate')) return undefined;
  if (terms !== undefined) return addDays(invoiceDate, terms);
  if (row.isMapped('termsDays') && row.failed('termsDays')) return undefined;
  return row.fault('dueDate', 'The invoice has no due date. Fill it in, or give the terms in days.');
}

function readHeading(row: RowReader, previous: InvoiceRow | undefined): Heading {
  const number = row.required('number', row.text('number'), 'The invoice has no number. Fill it in.') ?? '';
  // Some programs write customer and dates only on the first row of an invoice.
  if (previous && previous.number === number && headingKeys.every((key) => row.raw(key) === '')) {
    const { customerRef, invoiceDate, dueDate, currency } = previous;
    return { customerRef, number, invoiceDate, dueDate, currency };
  }
  const reason = 'The invoice has no date. Fill it in.';
  const invoiceDate = row.required('invoiceDate', row.date('invoiceDate'), reason);
  return {
    customerRef: readCustomerRef(row),
    number,
    invoiceDate: invoiceDate ?? '',
    dueDate: readDueDate(row, invoiceDate) ?? '',
    currency: row.currency('currency') ?? row.plan.currency,
  };
}

/**
 * Read one row of an invoice file: a line with its invoice's particulars, or all that is wrong with it.
 * `previous` is the row before it, if that was read: rows that leave customer and dates blank continue it.
 */
export function interpretInvoiceRow(
  plan: ImportPlan,
  source: SourceRow,
  previous?: InvoiceRow,
): InvoiceOutcome {
  const { lineNo, cells } = source;
  const row = new RowReader(plan, cells);
  if (row.problems) return { ok: false, lineNo, number: row.raw('number'), problems: row.problems };
  const { customerRef, number, invoiceDate, dueDate, currency } = readHeading(row, previous);
  const value: InvoiceRow = {
    lineNo,
    customerRef,
    externalId: row.text('externalId'),
    number,
    invoiceDate,
    dueDate,
    currency,
    memo: row.text('memo'),
    poNumber: row.text('poNumber'),
    itemName: row.text('itemName'),
    description: row.text('description'),
    line: hasLineAmounts(plan) ? readLine(row, currency) : undefined,
    taxable: row.flag('taxable'),
    taxRate: row.rate('taxRate'),
    taxAmount: row.amount('taxAmount', currency),
    total: row.amount('total', currency),
    balanceDue: row.amount('balanceDue', currency),
    amountPaid: row.amount('amountPaid', currency),
  };
  if (row.problems) return { ok: false, lineNo, number: row.raw('number'), problems: row.problems };
  return { ok: true, value };
}
