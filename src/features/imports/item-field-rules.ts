import type { Field } from './field-kind-rules.ts';

export const itemFields = [
  {
    key: 'name',
    label: 'Name',
    kind: 'text',
    required: true,
    maxLength: 200,
    synonyms:
      'name|itemname|item|productservice|productservicename|productname|product|service|servicename|' +
      'artikel|bezeichnung|article|producto|title',
  },
  {
    key: 'description',
    label: 'Description',
    kind: 'text',
    maxLength: 2000,
    synonyms:
      'description|itemdescription|salesdescription|productdescription|details|memo|beschreibung|' +
      'descripcion|designation',
  },
  {
    key: 'unitPrice',
    label: 'Price of one',
    kind: 'price',
    synonyms:
      'priceofone|unitprice|price|salesprice|salespricerate|salesunitprice|rate|itemrate|itemprice|' +
      'unitamount|listprice|einzelpreis|preis|prixunitaire|prix|preciounitario|precio',
  },
  {
    key: 'currency',
    label: 'Currency',
    kind: 'currency',
    synonyms: 'currency|currencycode|isocurrency|wahrung|devise|moneda',
  },
  {
    key: 'taxable',
    label: 'Taxable',
    kind: 'flag',
    synonyms: 'taxable|istaxable|salestaxable|steuerpflichtig',
  },
  {
    key: 'taxRates',
    label: 'Tax rates',
    kind: 'text',
    maxLength: 600,
    synonyms: 'taxrates|taxrate|taxratename|salestaxrate|taxtype|taxcode|taxname|tax|steuersatz',
  },
  {
    key: 'active',
    label: 'Active',
    kind: 'flag',
    synonyms: 'active|activestatus|isactive|status|enabled|inuse|aktiv|activo|actif',
  },
] as const satisfies readonly Field[];

export type ItemFieldKey = (typeof itemFields)[number]['key'];
