import { csvLine } from '#lib/csv-line.ts';
import type { FieldKey, ImportKind } from './field-rules.ts';
import { fieldsOf } from './field-rules.ts';

type Example = { readonly [key in FieldKey]?: string };

const examples: Readonly<Record<ImportKind, readonly Example[]>> = {
  customers: [
    {
      externalId: 'C-1001',
      displayName: 'Harbor Dental',
      businessName: 'Harbor Dental LLC',
      firstName: 'Ana',
      lastName: 'Reyes',
      email: 'billing@harbordental.example',
      ccEmails: 'ana@harbordental.example',
      phone: '(555) 010-2030',
      billingAddress1: '12 Quay Street',
      billingCity: 'Portland',
      billingRegion: 'ME',
      billingPostalCode: '04101',
      billingCountry: 'US',
      customerType: 'Clinic',
      active: 'Y',
      termsDays: '30',
    },
  ],
  items: [
    {
      name: 'Consulting',
      description: 'An hour on site',
      unitPrice: '125.50',
      currency: 'USD',
      taxable: 'Y',
      active: 'Y',
    },
    { name: 'Travel', unitPrice: '80.00', currency: 'USD', taxable: 'N', active: 'Y' },
  ],
  invoices: [
    {
      customerExternalId: 'C-1001',
      number: 'INV-2001',
      invoiceDate: '2026-03-12',
      dueDate: '2026-04-11',
      poNumber: 'PO 778',
      currency: 'USD',
      itemName: 'Consulting',
      description: 'On site, March',
      quantity: '4',
      unitPrice: '125.50',
      lineAmount: '502.00',
      taxable: 'Y',
      taxRate: '8.25%',
    },
    {
      customerExternalId: 'C-1001',
      number: 'INV-2001',
      invoiceDate: '2026-03-12',
      dueDate: '2026-04-11',
      poNumber: 'PO 778',
      currency: 'USD',
      itemName: 'Travel',
      quantity: '1',
      unitPrice: '80.00',
      lineAmount: '80.00',
      taxable: 'N',
    },
  ],
};

/** Columns that only files of other programs have, or of people who know our ids. */
const foreign: ReadonlySet<FieldKey> = new Set([
  'customerId',
  'debit',
  'credit',
  'discountPercent',
  'taxAmount',
  'amountPaid',
]);

export const templateName: Readonly<Record<ImportKind, string>> = {
  customers: 'customers-template.csv',
  items: 'items-template.csv',
  invoices: 'invoices-template.csv',
};

/** Our own layout with an example to overwrite: every header known, every value readable in one way only. */
export function templateCsv(kind: ImportKind): string {
  const fields = fieldsOf(kind).filter((field) => !foreign.has(field.key));
  const header = csvLine(fields.map((field) => field.label));
  return header + examples[kind].map((row) => csvLine(fields.map((field) => row[field.key] ?? ''))).join('');
}
