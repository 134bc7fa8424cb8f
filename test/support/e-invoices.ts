import { withoutTaxInside } from '#features/e-invoices/net-rules.ts';
import type { Facts, SoldLine } from '#features/e-invoices/rules.ts';
import { totalsOf } from '#features/invoices/rules.ts';

/** A business of France with a VAT number, and what it says on paper of what it sold. */
export const party = {
  name: 'Ovens & <Sons>',
  legalName: null,
  address: { line1: 'Rue 1', city: 'Paris', postal_code: '75001', country: 'FR' },
  email: 'a@x.example',
  phone: '+33 1 23',
  taxId: 'FR12345678901',
};
export type Sold = Partial<SoldLine> & { inclusive?: boolean };
export const paper = (inputs: readonly Sold[], change: Partial<Facts> = {}, discountTerms = ''): Facts => {
  const whole = {
    itemName: 'Oven',
    description: '',
    quantity: '1',
    unitPrice: '0',
    taxable: false,
    taxRate: '0',
  };
  const priced = inputs.map(({ inclusive = false, ...line }) => {
    const id = inclusive ? `inside ${line.taxRate}` : null;
    const rate = { id, name: 'VAT', percent: line.taxRate ?? '0', compound: false };
    return { ...whole, ...line, taxes: line.taxable ? [{ ...rate, inclusive }] : [] };
  });
  const totals = totalsOf(priced, 2, discountTerms);
  const lines = totals.lines.map((line, at) => {
    const { taxable, taxRate } = line;
    return { ...line, inclusiveRate: inputs[at]?.inclusive && taxable ? taxRate : '0' };
  });
  const about = {
    number: 'INV-1',
    issuedOn: '2026-03-02',
    dueOn: '2026-04-01',
    currency: 'EUR',
    note: null,
    terms: null,
  };
  const references = { poNumber: 'PO-7', buyerReference: null, paid: 0n, precedes: [] };
  return {
    typeCode: '380',
    ...about,
    ...references,
    seller: party,
    buyer: { ...party, taxId: null },
    ...totals,
    lines: withoutTaxInside(lines, totals),
    ...change,
  };
};
