import type { Line } from '#features/invoices/rules.ts';
import { totalsOf } from '#features/invoices/rules.ts';
import { currencyDigits, sum, toDecimal } from '#lib/money.ts';
import type { FieldKey } from './field-rules.ts';
import type { CustomerRef, InvoiceRow } from './invoice-rules.ts';
import { hasLineAmounts } from './invoice-rules.ts';
import type { ImportPlan, Problem } from './row-rules.ts';

/** An invoice as the file gives it, ready to be put on the books once its customer is found. */
export type InvoiceDraft = {
  customerRef: CustomerRef;
  externalId: string | undefined;
  number: string;
  invoiceDate: string;
  dueDate: string;
  currency: string;
  memo: string | undefined;
  poNumber: string | undefined;
  lines: Line[];
  subtotal: bigint;
  tax: bigint;
  total: bigint;
  /** Paid before it came to us; undefined when the file does not say. */
  amountPaid: bigint | undefined;
  /** The lines of the file that it was read from. */
  lineNos: number[];
};

export type DraftOutcome = { ok: true; value: InvoiceDraft } | { ok: false; problems: Problem[] };

const mostLines = 2000;

/** The facts of one invoice under way; what contradicts itself gathers in `problems`. */
type Draft = { plan: ImportPlan; rows: readonly InvoiceRow[]; first: InvoiceRow; problems: Problem[] };

export const columnOf = (plan: ImportPlan, key: FieldKey): string =>
  plan.headers[plan.columns[key] ?? -1] ?? '';

function refuse(draft: Draft, key: FieldKey, value: string, reason: string): undefined {
  draft.problems.push({ column: columnOf(draft.plan, key), value, reason });
  return undefined;
}

type InvoiceAmount = 'total' | 'balanceDue' | 'amountPaid';

/** An amount of the whole invoice, which its rows repeat or leave to one of them. */
function invoiceAmount(draft: Draft, key: InvoiceAmount): bigint | undefined {
  const given = draft.rows.flatMap((row) => row[key] ?? []);
  const other = given.find((amount) => amount !== given[0]);
  if (other !== undefined) {
    const figures = [given[0] ?? 0n, other].map((amount) => toDecimal(amount, draft.first.currency));
    refuse(
      draft,
      key,
      figures[1] ?? '',
      `The rows of the invoice disagree: ${figures.join(' and ')}. Correct one.`,
    );
  }
  return given[0];
}

const isTaxed = (row: InvoiceRow): boolean =>
  row.taxable ?? ((row.taxRate !== undefined && row.taxRate !== '0') || Boolean(row.taxAmount));

function lineOf(row: InvoiceRow, figures: { quantity: string; unitPrice: string; amount: bigint }): Line {
  const taxable = isTaxed(row);
  return {
    itemName: row.itemName ?? 'Sales',
    description: row.description ?? '',
    ...figures,
    taxable,
    taxRate: taxable ? (row.taxRate ?? '0') : '0',
  };
}

/** The one line of an invoice that comes with its total only. */
function lineFromTotal(draft: Draft, total: bigint | undefined): Line[] {
  const { first, rows } = draft;
  if (rows.length > 1) {
    const lineNos = rows.map((row) => row.lineNo).join(' and ');
    refuse(
      draft,
      'number',
      first.number,
      `The invoice stands on lines ${lineNos} of the file. Leave one of them.`,
    );
  }
  if (total === undefined) {
    refuse(
      draft,
      draft.plan.columns.total === undefined ? 'balanceDue' : 'total',
      '',
      'The invoice has no total. Fill it in.',
    );
  }
  if (isTaxed(first) && first.taxAmount === undefined) {
    refuse(
      draft,
      'taxRate',
      first.taxRate ?? '',
      'A total alone does not show its tax. Give the tax amount as well.',
    );
  }
  const amount = (total ?? 0n) - (first.taxAmount ?? 0n);
  return [lineOf(first, { quantity: '1', unitPrice: toDecimal(amount, first.currency), amount })];
}

type Sums = { subtotal: bigint; byRate: bigint; total: bigint | undefined };

/** The tax that the file states: line by line, or the invoice's tax repeated on each of its rows. */
function statedTax(draft: Draft, { subtotal, byRate, total }: Sums): bigint | undefined {
  const stated = draft.rows.flatMap((row) => row.taxAmount ?? []);
  const [one] = stated;
  if (one === undefined) return undefined;
  const all = sum(stated);
  if (stated.length === 1 || one === 0n || stated.some((tax) => tax !== one)) return all;
  if (total !== undefined) return subtotal + all === total ? all : one;
  if (byRate !== 0n) return isNear(all, byRate, draft.rows.length) ? all : one;
  return refuse(
    draft,
    'taxAmount',
    toDecimal(one, draft.first.currency),
    'Each row has the same tax: is it of the line, or of the whole invoice? Give the total as well.',
  );
}

/** Tax rounded line by line differs from tax rounded once by at most half a minor unit a line. */
const isNear = (one: bigint, other: bigint, lines: number): boolean => {
  const off = one > other ? one - other : other - one;
  return off <= BigInt(lines);
};

function taxOf(draft: Draft, lines: readonly Line[], sums: Sums): bigint {
  const { currency } = draft.first;
  const stated = statedTax(draft, sums);
  const { byRate, subtotal, total } = sums;
  const hasRates = lines.some((line) => line.taxable && line.taxRate !== '0');
  if (stated !== undefined) {
    if (hasRates && !isNear(stated, byRate, lines.length)) {
      const [given, found] = [toDecimal(stated, currency), toDecimal(byRate, currency)];
      refuse(
        draft,
        'taxAmount',
        given,
        `The tax is ${given}, but the rates come to ${found}. Correct one of them.`,
      );
    }
    return stated;
  }
  const unrated = draft.rows.find((row) => row.taxable && row.taxRate === undefined);
  if (unrated) {
    refuse(
      draft,
      'taxable',
      'Y',
      'A taxable line has no tax rate. Fill in the rate, or mark the line not taxable.',
    );
  }
  const implied = total === undefined ? byRate : total - subtotal;
  return hasRates && isNear(implied, byRate, lines.length) ? implied : byRate;
}

function checkTotal(
  draft: Draft,
  found: { subtotal: bigint; tax: bigint },
  stated: bigint | undefined,
): void {
  const { currency } = draft.first;
  const { subtotal, tax } = found;
  const total = subtotal + tax;
  if (stated !== undefined && stated !== total) {
    const hint =
      subtotal === stated
        ? 'If the lines include tax, bring them in without it.'
        : 'Correct one of them, or see whether a line or a column is missing.';
    const parts = `${toDecimal(subtotal, currency)} and tax of ${toDecimal(tax, currency)}`;
    const figure = toDecimal(stated, currency);
    refuse(draft, 'total', figure, `The total is ${figure}, but the lines come to ${parts}. ${hint}`);
  } else if (total < 0n) {
    const figure = toDecimal(total, currency);
    const key = draft.plan.columns.lineAmount === undefined ? 'total' : 'lineAmount';
    refuse(
      draft,
      key,
      figure,
      `The invoice comes to ${figure}, below zero. Enter it as a credit memo instead.`,
    );
  }
}

function paidOf(draft: Draft, total: bigint): bigint | undefined {
  const { currency } = draft.first;
  const balance = invoiceAmount(draft, 'balanceDue');
  const stated = invoiceAmount(draft, 'amountPaid');
  const paid = stated ?? (balance === undefined ? undefined : total - balance);
  if (paid === undefined) return undefined;
  const key = stated === undefined ? 'balanceDue' : 'amountPaid';
  const figure = toDecimal(stated ?? balance ?? 0n, currency);
  const whole = toDecimal(total, currency);
  if (paid < 0n || paid > total) {
    const what = key === 'amountPaid' ? 'The amount paid' : 'The balance due';
    return refuse(
      draft,
      key,
      figure,
      `${what} is ${figure}, but the invoice's total is ${whole}. Correct one of them.`,
    );
  }
  if (balance !== undefined && total - paid !== balance) {
    const due = toDecimal(balance, currency);
    return refuse(
      draft,
      key,
      figure,
      `Of ${whole}, ${figure} is paid, yet ${due} is due. Correct one of them.`,
    );
  }
  return paid;
}

const refText = ({ id, externalId, displayName, email }: CustomerRef): string =>
  (id ?? externalId ?? displayName ?? email ?? '').toLowerCase();

/** Rows under one number must be one invoice: numbers are unique, so a difference is a slip in a row. */
function checkAgreement(draft: Draft): void {
  const { first, rows } = draft;
  const differs = (key: FieldKey, pick: (row: InvoiceRow) => string): void => {
    const other = rows.find((row) => pick(row) !== pick(first));
    if (!other) return;
    const [one, two] = [pick(first), pick(other)];
    const where = `line ${first.lineNo} has "${one}", line ${other.lineNo} has "${two}"`;
    refuse(
      draft,
      key,
      two,
      `Invoice ${first.number} contradicts itself: ${where}. Make them the same, or renumber one.`,
    );
  };
  const keys = ['customerId', 'customerExternalId', 'customerName', 'customerEmail'] as const;
  differs(keys.find((key) => draft.plan.columns[key] !== undefined) ?? 'customerName', (row) =>
    refText(row.customerRef),
  );
  differs('invoiceDate', (row) => row.invoiceDate);
  differs('dueDate', (row) => row.dueDate);
  differs('currency', (row) => row.currency);
  differs('externalId', (row) => row.externalId ?? first.externalId ?? '');
  if (rows.length > mostLines) {
    refuse(
      draft,
      'number',
      first.number,
      `The invoice has ${rows.length} lines; at most ${mostLines} fit. Split it.`,
    );
  }
}

/** The rows of one number, in the order of the file, as an invoice; or what contradicts itself. */
export function draftInvoice(plan: ImportPlan, rows: readonly [InvoiceRow, ...InvoiceRow[]]): DraftOutcome {
  const [first] = rows;
  const draft: Draft = { plan, rows, first, problems: [] };
  if (rows.length > 1) checkAgreement(draft);
  if (draft.problems.length > 0) return { ok: false, problems: draft.problems };
  const given = invoiceAmount(draft, 'total');
  // A list of open balances without totals: what is still due is the invoice.
  const total = given ?? (hasLineAmounts(plan) ? undefined : invoiceAmount(draft, 'balanceDue'));
  const lines = hasLineAmounts(plan)
    ? rows.flatMap((row) => (row.line ? [lineOf(row, row.line)] : []))
    : lineFromTotal(draft, total);
  const found = totalsOf(lines, currencyDigits(first.currency));
  const tax = taxOf(draft, lines, { subtotal: found.subtotal, byRate: found.tax, total });
  checkTotal(draft, { subtotal: found.subtotal, tax }, total);
  const amountPaid = paidOf(draft, found.subtotal + tax);
  if (draft.problems.length > 0) return { ok: false, problems: draft.problems };
  const pick = (key: 'externalId' | 'memo' | 'poNumber'): string | undefined =>
    first[key] ?? rows.find((row) => row[key] !== undefined)?.[key];
  const value: InvoiceDraft = {
    customerRef: first.customerRef,
    externalId: pick('externalId'),
    number: first.number,
    invoiceDate: first.invoiceDate,
    dueDate: first.dueDate,
    currency: first.currency,
    memo: pick('memo'),
    poNumber: pick('poNumber'),
    lines,
    subtotal: found.subtotal,
    tax,
    total: found.subtotal + tax,
    amountPaid,
    lineNos: rows.map((row) => row.lineNo),
  };
  return { ok: true, value };
}
