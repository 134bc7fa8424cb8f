import type { CustomerFieldKey } from './customer-field-rules.ts';
import { customerFields } from './customer-field-rules.ts';
import type { Field } from './field-kind-rules.ts';
import type { InvoiceFieldKey } from './invoice-field-rules.ts';
import { invoiceFields } from './invoice-field-rules.ts';
import type { ItemFieldKey } from './item-field-rules.ts';
import { itemFields } from './item-field-rules.ts';

export const importKinds = ['customers', 'items', 'invoices'] as const;
export type ImportKind = (typeof importKinds)[number];

export const isImportKind = (text: string | undefined): text is ImportKind =>
  importKinds.some((kind) => kind === text);

export type FieldKey = CustomerFieldKey | InvoiceFieldKey | ItemFieldKey;

const fields: Readonly<Record<ImportKind, readonly (Field & { key: FieldKey })[]>> = {
  customers: customerFields,
  items: itemFields,
  invoices: invoiceFields,
};

export const fieldsOf = (kind: ImportKind): readonly (Field & { key: FieldKey })[] => fields[kind];

/** Of each of these a file needs at least one; the first entry names the need. */
const needs: Readonly<Record<ImportKind, readonly (readonly [string, ...(readonly FieldKey[])[]])[]>> = {
  customers: [['a name', ['displayName'], ['businessName'], ['firstName', 'lastName']]],
  items: [['the name of the item', ['name']]],
  invoices: [
    ['the customer', ['customerId'], ['customerExternalId'], ['customerName'], ['customerEmail']],
    ['the invoice number', ['number']],
    ['the invoice date', ['invoiceDate']],
    ['an amount', ['lineAmount'], ['quantity', 'unitPrice'], ['debit', 'credit'], ['total'], ['balanceDue']],
  ],
};

export type MissingField = { what: string; anyOf: FieldKey[][] };

/** What a file of this kind cannot do without and no column gives. */
export function missingFields(kind: ImportKind, mapped: ReadonlySet<string>): MissingField[] {
  return needs[kind]
    .filter(([, ...choices]) => !choices.some((choice) => choice.every((key) => mapped.has(key))))
    .map(([what, ...choices]) => ({ what, anyOf: choices.map((choice) => [...choice]) }));
}
