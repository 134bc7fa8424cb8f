import { sql } from 'kysely';
import { lineAmount } from '#features/invoices/line-rules.ts';
import { csvLine, guardFormula } from '#lib/csv-line.ts';
import { currencyDigits, toDecimal } from '#lib/money.ts';

/**
 * Issued invoices as the import reads them: one row a line, the figures of the whole on each. What the import
 * has no column for (a discount on the whole, late fees, tax inside the price) is a line of its own, so that
 * the same is owed by the same customer after it.
 */
export const invoiceHeadings = [
  'Customer external ID',
  'Customer name',
  'External ID',
  'Invoice number',
  'Invoice date',
  'Due date',
  'PO number',
  'Memo',
  'Currency',
  'Item name',
  'Description',
  'Quantity',
  'Unit price',
  'Line amount',
  'Taxable',
  'Tax amount',
  'Total',
  'Balance due',
] as const;

type Line = {
  itemName: string;
  description: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  taxable: boolean;
};
export type ExportedInvoice = {
  customerExternalId: string | null;
  customerName: string;
  externalId: string | null;
  number: string;
  invoiceDate: string;
  dueDate: string;
  poNumber: string | null;
  memo: string | null;
  currency: string;
  tax: bigint;
  total: bigint;
  fees: bigint;
  balanceDue: bigint;
  lines: Line[];
};

export const invoiceStatement = (organizationId: string) => sql`
  select c.external_id as customer_external_id, c.display_name as customer_name, i.external_id, i.number,
    i.invoice_date, i.due_date, i.po_number, i.memo, i.currency, i.tax, i.total, i.fees, i.balance_due,
    (select json_agg(json_build_object('itemName', l.item_name, 'description', l.description, 'quantity', l.quantity,
        'unitPrice', l.unit_price, 'amount', l.amount::text, 'taxable', l.taxable) order by l.line_no)
      from invoice_lines l where l.organization_id = i.organization_id and l.invoice_id = i.id) as lines
  from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  where i.organization_id = ${organizationId} and i.issued_at is not null and i.voided_at is null order by i.id`;

type Figures = Pick<Line, 'itemName' | 'description' | 'quantity' | 'unitPrice' | 'taxable'> & {
  amount: bigint;
};

export function rowsOfInvoice(invoice: ExportedInvoice): string[][] {
  const { currency, tax } = invoice;
  const decimal = (amount: bigint): string => toDecimal(amount, currency);
  const total = invoice.total + invoice.fees;
  const head = [
    ...[invoice.customerExternalId, invoice.customerName, invoice.externalId, invoice.number],
    ...[invoice.invoiceDate, invoice.dueDate, invoice.poNumber, invoice.memo, currency],
  ].map((cell) => cell ?? '');
  return linesOf(invoice).map((line, at) => [
    ...head,
    line.itemName,
    line.description,
    ...figuresOf(line, currency),
    line.taxable ? 'Y' : 'N',
    // Of the whole invoice, once.
    at === 0 ? decimal(tax) : '',
    decimal(total),
    decimal(invoice.balanceDue),
  ]);
}

function linesOf({ lines, total, tax, fees }: ExportedInvoice): Figures[] {
  const own = lines.map((line): Figures => ({ ...line, amount: BigInt(line.amount) }));
  const sum = own.reduce((so_far, { amount }) => so_far + amount, 0n);
  const extra = (itemName: string, amount: bigint): Figures[] =>
    amount === 0n
      ? []
      : [{ itemName, description: '', quantity: '1', unitPrice: '', amount, taxable: false }];
  const rest = total - tax - sum;
  return [...own, ...extra(rest < 0n ? 'Discount' : 'Adjustment', rest), ...extra('Late fees', fees)];
}

/** A price that does not multiply to the amount (a discount on the line) is left out: the amount counts. */
function figuresOf({ quantity, unitPrice, amount }: Figures, currency: string): string[] {
  const isProduct =
    unitPrice !== '' && lineAmount({ quantity, unitPrice }, currencyDigits(currency)) === amount;
  const whole = toDecimal(amount, currency);
  return isProduct ? [quantity, unitPrice, whole] : ['1', whole, whole];
}

export const csvOfInvoice = (invoice: ExportedInvoice): string =>
  rowsOfInvoice(invoice)
    .map((row) => csvLine(row.map(guardFormula)))
    .join('');
