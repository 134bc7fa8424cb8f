import type { PostalAddress } from '#lib/address-lines.ts';
import { allocate, percentOf, sum, toDecimal } from '#lib/money.ts';

export const eInvoiceFormats = ['none', 'ubl', 'factur_x'] as const;
export type EInvoiceFormat = (typeof eInvoiceFormats)[number];

export type Party = {
  name: string;
  legalName: string | null;
  address: PostalAddress;
  email: string | null;
  phone: string | null;
  taxId: string | null;
};

/** S: at a rate. Z: at the rate of zero. E: exempt. O: not subject to it at all. */
export type TaxCategory = 'S' | 'Z' | 'E' | 'O';
export type TaxGroup = {
  category: TaxCategory;
  percent: string;
  /** What the invoice’s discount takes off the lines of this group (BG-20). */
  allowance: bigint;
  taxable: bigint;
  tax: bigint;
};

export type SoldLine = {
  itemName: string;
  description: string;
  quantity: string;
  unitPrice: string;
  amount: bigint;
  taxable: boolean;
  taxRate: string;
};

/** What a paper says, before it is told in either language of machines. */
export type Facts = {
  /** UNTDID 1001: a commercial invoice, a credit note. */
  typeCode: '380' | '381';
  number: string;
  issuedOn: string;
  dueOn: string | null;
  currency: string;
  note: string | null;
  terms: string | null;
  poNumber: string | null;
  buyerReference: string | null;
  seller: Party;
  buyer: Party;
  /** Without tax inside their prices. */
  lines: readonly SoldLine[];
  /** Off the whole, as it was agreed: with tax where the prices have it inside. */
  discount: bigint;
  tax: bigint;
  total: bigint;
  /** The invoices that a credit note takes from (BG-3). */
  precedes: readonly { number: string; issuedOn: string }[];
  /** What payments and credits have taken off it. */
  paid: bigint;
};

export type MissingFact = { field: string; remedy: string };

/** A VAT number leads with the letters of its country (BR-CO-09); any other is only registered at home. */
export const isVatId = (taxId: string | null): boolean =>
  /^[A-Z]{2}[0-9A-Z+*.]{2,13}$/.test(plainTaxId(taxId));
export const plainTaxId = (taxId: string | null): string => (taxId ?? '').replace(/[\s-]/g, '').toUpperCase();

const plainRate = (rate: string): string => (rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate) || '0';

export function categoryOf(line: SoldLine, facts: Pick<Facts, 'seller' | 'lines'>): TaxCategory {
  if (line.taxable) return plainRate(line.taxRate) === '0' ? 'Z' : 'S';
  // Nothing may stand beside O, and nobody with a VAT number may use it (BR-O-02, BR-O-11).
  return isVatId(facts.seller.taxId) || facts.lines.some(({ taxable }) => taxable) ? 'E' : 'O';
}

/** What the lines lose to the discount of the whole, without tax; undefined where sums do not say so. */
function allowanceOf({ lines, tax, total, discount }: Facts): bigint | undefined {
  const allowance = sum(lines.map(({ amount }) => amount)) + tax - total;
  if (discount === 0n) return allowance === 0n ? 0n : undefined;
  return allowance >= 0n && allowance <= discount + 1n ? allowance : undefined;
}

/**
 * The tax by category and rate (BG-23), from the lines less the discount. A part of an estimate may differ
 * from its rates by a minor unit a rate; more than that and the rates do not explain the tax.
 */
export function taxGroupsOf(facts: Facts): TaxGroup[] | undefined {
  const allowance = allowanceOf(facts);
  if (allowance === undefined) return undefined;
  const groups = new Map<string, Omit<TaxGroup, 'tax' | 'allowance'>>();
  for (const line of facts.lines) {
    const category = categoryOf(line, facts);
    const percent = category === 'S' ? plainRate(line.taxRate) : '0';
    const group = groups.get(`${category} ${percent}`) ?? { category, percent, taxable: 0n };
    groups.set(`${category} ${percent}`, { ...group, taxable: group.taxable + line.amount });
  }
  const shares = allowancesOf(allowance, [...groups.values()]);
  const all = [...groups.values()].map((group, at) => {
    const taxable = group.taxable - (shares[at] ?? 0n);
    return { ...group, allowance: shares[at] ?? 0n, taxable, tax: percentOf(taxable, group.percent) };
  });
  const rest = facts.tax - sum(all.map(({ tax }) => tax));
  const rated = all
    .filter(({ category }) => category === 'S')
    .sort((a, b) => (a.taxable < b.taxable ? 1 : -1));
  if (rest === 0n) return all;
  if ((rest < 0n ? -rest : rest) > BigInt(rated.length)) return undefined;
  return all.map((group) => (group === rated[0] ? { ...group, tax: group.tax + rest } : group));
}

function allowancesOf(allowance: bigint, groups: readonly { taxable: bigint }[]): bigint[] {
  const weights = groups.map(({ taxable }) => (taxable > 0n ? taxable : 0n));
  return sum(weights) > 0n ? allocate(allowance, weights) : groups.map(() => 0n);
}

export type Totals = {
  lines: bigint;
  allowance: bigint;
  beforeTax: bigint;
  tax: bigint;
  withTax: bigint;
  paid: bigint;
  due: bigint;
};

/** The sums of a paper (BG-22) by BR-CO-10, 13, 14, 15 and 16. */
export function totalsOf(facts: Facts, groups: readonly TaxGroup[]): Totals {
  const lines = sum(facts.lines.map(({ amount }) => amount));
  const allowance = sum(groups.map((group) => group.allowance));
  const tax = sum(groups.map((group) => group.tax));
  const beforeTax = lines - allowance;
  const withTax = beforeTax + tax;
  return { lines, allowance, beforeTax, tax, withTax, paid: facts.paid, due: withTax - facts.paid };
}

/** Quantity times price is the amount; a price is never below zero (BR-27), so the quantity is. */
export function pricedAs(line: SoldLine, currency: string): { quantity: string; price: string } {
  const isNegative = line.amount < 0n;
  const price = line.unitPrice.replace('-', '');
  const quantity = line.quantity.replace('-', '');
  if (exactAmount(quantity, price, currency) === (isNegative ? -line.amount : line.amount))
    return { quantity: isNegative ? `-${quantity}` : quantity, price };
  return {
    quantity: isNegative ? '-1' : '1',
    price: toDecimal(isNegative ? -line.amount : line.amount, currency),
  };
}

/** The product where it is whole minor units; undefined where it would have to be rounded. */
function exactAmount(quantity: string, price: string, currency: string): bigint | undefined {
  const [a, b] = [quantity, price].map((text) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return { value: BigInt(`${whole}${fraction}`), scale: fraction.length };
  }) as [{ value: bigint; scale: number }, { value: bigint; scale: number }];
  const digits = toDecimal(0n, currency).split('.')[1]?.length ?? 0;
  const scale = a.scale + b.scale - digits;
  const product = a.value * b.value;
  if (scale <= 0) return product * 10n ** BigInt(-scale);
  const unit = 10n ** BigInt(scale);
  return product % unit === 0n ? product / unit : undefined;
}

const needed = (value: string | null | undefined, field: string, remedy: string): MissingFact[] =>
  value?.trim() ? [] : [{ field, remedy }];

const isCountry = (code: string | undefined): boolean => /^[A-Z]{2}$/.test(code ?? '');

/** What the standard wants and the papers do not say, each with its remedy; nothing goes out before that. */
export function missingFacts(facts: Facts, format: EInvoiceFormat): MissingFact[] {
  const { seller, buyer } = facts;
  const country = (party: Party, field: string, remedy: string): MissingFact[] =>
    isCountry(party.address.country) ? [] : [{ field, remedy }];
  return [
    ...needed(seller.taxId, 'seller.tax_id', 'Give your tax or VAT number under Settings, General.'),
    ...needed(seller.address.line1, 'seller.address.line1', 'Give your street under Settings, General.'),
    ...needed(seller.address.city, 'seller.address.city', 'Give your city under Settings, General.'),
    ...country(seller, 'seller.address.country', 'Give your country under Settings, General.'),
    ...country(buyer, 'buyer.billing_address.country', 'Give the country in the customer’s billing address.'),
    ...(format === 'ubl'
      ? [
          ...needed(seller.email, 'seller.email', 'Give your e-mail address under Settings, General.'),
          ...needed(buyer.email, 'buyer.email', 'Give the customer’s e-mail address.'),
          ...needed(
            facts.poNumber ?? facts.buyerReference,
            'buyer.buyer_reference',
            'Give the customer’s buyer reference, or a PO number on the invoice.',
          ),
        ]
      : []),
    ...(taxGroupsOf(facts)
      ? []
      : [
          {
            field: 'lines.tax_rate',
            remedy: 'Give the lines the rates that make up the tax of this invoice.',
          },
        ]),
  ];
}

export const missingWords = (missing: readonly MissingFact[]): string =>
  `The e-invoice lacks ${missing.map(({ field }) => field).join(', ')}. ${missing.map(({ remedy }) => remedy).join(' ')}`;
