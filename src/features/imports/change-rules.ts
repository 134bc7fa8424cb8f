import { fieldsOf, type ImportKind } from '#features/imports/field-rules.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import { snapshotOf } from '#features/invoices/rules.ts';
import { canonicalJson } from '#lib/json.ts';
import { formatMoney } from '#lib/money.ts';

/** One thing that an update changes, as the preview says it: blank where nothing stood or stands. */
export type FieldChange = { field: string; before: string; after: string };

function words(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(words).join('; ');
  return typeof value === 'object' ? Object.values(value).map(words).join(', ') : String(value);
}

/** `billingAddress` → Billing address. */
const named = (key: string): string => {
  const spaced = key.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

/** What differs between a record and what a row says of it; what the row leaves out stays as it is. */
export function changesOf(kind: ImportKind, before: object, after: object): FieldChange[] {
  const labels = new Map<string, string>(fieldsOf(kind).map(({ key, label }) => [key, label]));
  return Object.entries(after).flatMap(([key, value]) => {
    const now: unknown = before[key as keyof typeof before];
    const isSame = value === undefined || canonicalJson(value ?? null) === canonicalJson(now ?? null);
    return isSame ? [] : [{ field: labels.get(key) ?? named(key), before: words(now), after: words(value) }];
  });
}

const headOf = ({ number, invoiceDate, dueDate, poNumber, memo, total, currency }: InvoiceDocument) => ({
  number,
  invoiceDate,
  dueDate,
  poNumber,
  memo,
  total: formatMoney(total, currency),
});

/** Of an invoice its head by field; of its lines and taxes that they change. */
export function changesOfInvoice(before: InvoiceDocument, after: InvoiceDocument): FieldChange[] {
  const head = changesOf('invoices', headOf(before), headOf(after));
  if (before.customerId !== after.customerId) head.push({ field: 'Customer', before: '', after: 'another' });
  const bodyOf = (document: InvoiceDocument): string => canonicalJson(snapshotOf(document).lines);
  if (bodyOf(before) === bodyOf(after)) return head;
  const count = ({ lines }: InvoiceDocument): string =>
    `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
  return [...head, { field: 'Lines', before: count(before), after: `${count(after)}, changed` }];
}
