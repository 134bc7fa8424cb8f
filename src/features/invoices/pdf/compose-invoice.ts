import type { Money } from '#lib/money.ts';
import type { Column, Sum } from './compose-sheet.ts';
import {
  addressee,
  composeSheet,
  facts,
  figures,
  minus,
  negated,
  optional,
  withDirection,
} from './compose-sheet.ts';
import { composePay, composeSlip } from './compose-slip.ts';
import type { InvoiceDocument, InvoiceLine } from './document.ts';
import { plainText } from './plain-text.ts';

type Figures = ReturnType<typeof figures>;
type Field = { column: Column; text: (line: InvoiceLine) => string };

/** Longer cells may break over a page; shorter rows stay whole. */
const longest_row_characters = 700;

/** The invoice as the template prints it: every string final, nothing left to decide but where it goes. */
export function composeInvoice(invoice: InvoiceDocument): Record<string, unknown> {
  const say = figures(invoice);
  const due = invoice.balanceDue.amount > 0n;
  const owed = invoice.status === 'open' && due;
  const fields = shownFields(invoice, say);
  const anyTaxable =
    invoice.lines.some((line) => line.taxable) && fields.some((field) => field.column.title === 'Amount');
  return withDirection({
    ...composeSheet(invoice, 'Invoice'),
    theme: invoice.theme ?? 'simple',
    mark: marks[invoice.status],
    watermark: invoice.status !== 'open',
    facts: facts([
      ['Invoice date', say.date(invoice.invoiceDate)],
      ['Due date', say.date(invoice.dueDate)],
      ['Terms', invoice.terms],
      ['PO number', invoice.poNumber],
    ]),
    parties: [
      addressee(invoice.labels?.billTo ?? 'Bill to', invoice.customer),
      ...(invoice.shipTo ? [addressee(invoice.labels?.shipTo ?? 'Ship to', invoice.shipTo)] : []),
    ],
    panel: {
      label: invoice.balanceDue.amount < 0n ? 'Credit balance' : 'Balance due',
      amount: say.money(invoice.balanceDue),
      note: owed ? `Due ${say.date(invoice.dueDate)}` : (marks[invoice.status]?.note ?? null),
      filled: owed,
    },
    columns: fields.map((field) => field.column),
    rows: invoice.lines.map((line) => composeRow(line, fields)),
    legend: anyTaxable ? 'T  Taxable' : null,
    sums: composeSums(invoice, say),
    memo: optional(invoice.memo),
    pay: owed && invoice.payUrl ? composePay(invoice.payUrl) : null,
    slip: owed && invoice.remitTo ? composeSlip(invoice, say) : null,
  });
}

const marks = {
  draft: { word: 'Draft', tone: 'quiet', note: 'Draft, not yet issued' },
  open: null,
  paid: { word: 'Paid', tone: 'good', note: 'Paid, with thanks' },
  void: { word: 'Void', tone: 'quiet', note: 'Void, nothing is owed' },
} as const;

function shownFields(invoice: InvoiceDocument, say: Figures): Field[] {
  const show = {
    item: true,
    serviceDate: false,
    description: true,
    quantity: true,
    unitPrice: true,
    discount: false,
    taxes: false,
    amount: true,
  };
  Object.assign(show, invoice.columns);
  const quantity = new Intl.NumberFormat(invoice.locale, { maximumFractionDigits: 20 });
  const all: Record<keyof typeof show, Field> = {
    item: { column: column('Item', 'wide'), text: (line) => plainText(line.item ?? '') },
    serviceDate: {
      column: column('Date', 'date'),
      text: (line) => (line.serviceDate ? say.date(line.serviceDate) : ''),
    },
    description: {
      column: column('Description', 'wider'),
      text: (line) => plainText(line.description ?? ''),
    },
    quantity: {
      column: column('Quantity', 'auto'),
      text: (line) => (line.quantity ? minus(quantity.format(line.quantity as `${number}`)) : ''),
    },
    unitPrice: {
      column: column('Unit price', 'auto'),
      text: (line) => (line.unitPrice ? say.money(line.unitPrice) : ''),
    },
    discount: { column: column('Discount', 'auto'), text: (line) => plainText(line.discount ?? '') },
    taxes: {
      column: column('Tax', 'date'),
      text: (line) => plainText(line.taxes?.join(', ') ?? (line.taxable ? 'Taxed' : '')),
    },
    amount: { column: column('Amount', 'auto'), text: (line) => say.money(line.amount) },
  };
  const keys = Object.keys(all) as (keyof typeof all)[];
  return keys.filter((key) => show[key]).map((key) => all[key]);
}

function column(title: string, width: Column['width']): Column {
  return { title, width, numeric: width === 'auto' };
}

function composeRow(
  line: InvoiceLine,
  fields: Field[],
): { cells: string[]; taxable: boolean; whole: boolean } {
  const cells = fields.map((field) => field.text(line));
  const length = Math.max(0, ...cells.map((cell) => cell.length + 60 * cell.split('\n').length));
  return { cells, taxable: line.taxable ?? false, whole: length < longest_row_characters };
}

function composeSums(invoice: InvoiceDocument, say: Figures): Sum[] {
  const line = (label: string, amount: Money, weight: Sum['weight'] = 'plain'): Sum => {
    return { label: plainText(label), amount: say.money(amount), weight };
  };
  const discounts = (invoice.discounts ?? []).map((each) => line(each.label, negated(each.amount)));
  const taxes = invoice.taxes.map((each) => line(each.label, each.amount));
  const parts =
    discounts.length + taxes.length > 0 ? [line('Subtotal', invoice.subtotal), ...discounts, ...taxes] : [];
  const settled = [
    ...(invoice.applied.amount === 0n ? [] : [line('Payments applied', negated(invoice.applied))]),
    ...(invoice.credits.amount === 0n ? [] : [line('Credits applied', negated(invoice.credits))]),
  ];
  return [
    ...parts,
    line('Total', invoice.total, 'rule'),
    ...(invoice.taxesInside ?? []).map((each) => line(each.label, each.amount)),
    ...settled,
    line(invoice.balanceDue.amount < 0n ? 'Credit balance' : 'Balance due', invoice.balanceDue, 'strong'),
    ...(invoice.prices ?? []).map((each) => line(each.label, each.amount)),
  ];
}
