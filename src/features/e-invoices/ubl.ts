import {
  categoryOf,
  type Facts,
  isVatId,
  type Party,
  plainTaxId,
  pricedAs,
  type SoldLine,
  type TaxGroup,
  totalsOf,
} from '#features/e-invoices/rules.ts';
import { discountCode, exemptionWords, nameOf } from '#features/e-invoices/words.ts';
import { optional, writeXml, type Xml } from '#features/e-invoices/xml.ts';
import { toDecimal } from '#lib/money.ts';

const peppol = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';

/** A paper in UBL 2.1, as Peppol BIS Billing 3 wants it; a credit memo is a document of its own. */
export function ublOf(facts: Facts, groups: readonly TaxGroup[]): string {
  const isCredit = facts.typeCode === '381';
  const root = isCredit ? 'CreditNote' : 'Invoice';
  const document: Xml = {
    '@xmlns': `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
    '@xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
    '@xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
    'cbc:CustomizationID': peppol,
    'cbc:ProfileID': 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0',
    'cbc:ID': facts.number,
    'cbc:IssueDate': facts.issuedOn,
    'cbc:DueDate': isCredit ? undefined : (facts.dueOn ?? undefined),
    [`cbc:${root}TypeCode`]: facts.typeCode,
    'cbc:Note': optional(facts.note),
    'cbc:DocumentCurrencyCode': facts.currency,
    'cbc:BuyerReference': optional(facts.buyerReference),
    'cac:OrderReference': facts.poNumber ? { 'cbc:ID': facts.poNumber } : undefined,
    'cac:BillingReference': facts.precedes.map(({ number, issuedOn }) => ({
      'cac:InvoiceDocumentReference': { 'cbc:ID': number, 'cbc:IssueDate': issuedOn },
    })),
    'cac:AccountingSupplierParty': { 'cac:Party': partyOf(facts.seller, true) },
    'cac:AccountingCustomerParty': { 'cac:Party': partyOf(facts.buyer, false) },
    'cac:PaymentTerms': facts.terms ? { 'cbc:Note': facts.terms } : undefined,
    'cac:AllowanceCharge': groups.filter(({ allowance }) => allowance !== 0n).map((group) => ({
      'cbc:ChargeIndicator': 'false',
      'cbc:AllowanceChargeReasonCode': discountCode,
      'cbc:AllowanceChargeReason': 'Discount',
      'cbc:Amount': money(group.allowance, facts.currency),
      'cac:TaxCategory': {
        'cbc:ID': group.category,
        'cbc:Percent': percentSaid(group),
        'cac:TaxScheme': { 'cbc:ID': 'VAT' },
      },
    })),
    'cac:TaxTotal': taxTotalOf(facts, groups),
    'cac:LegalMonetaryTotal': sumsOf(facts, groups),
    [`cac:${root}Line`]: facts.lines.map((line, at) => lineOf(facts, line, at)),
  };
  return writeXml({ [root]: document });
}

const money = (amount: bigint, currency: string): Xml => ({
  '@currencyID': currency,
  '#text': toDecimal(amount, currency),
});

function partyOf(party: Party, isSeller: boolean): Xml {
  const { address } = party;
  const hasVat = isVatId(party.taxId);
  const taxId = optional(party.taxId) && plainTaxId(party.taxId);
  const scheme = hasVat ? 'VAT' : isSeller ? 'TAX' : undefined;
  return {
    'cbc:EndpointID': party.email ? { '@schemeID': 'EM', '#text': party.email } : undefined,
    'cac:PartyName': { 'cbc:Name': party.name },
    'cac:PostalAddress': {
      'cbc:StreetName': optional(address.line1),
      'cbc:AdditionalStreetName': optional(address.line2),
      'cbc:CityName': optional(address.city),
      'cbc:PostalZone': optional(address.postal_code),
      'cbc:CountrySubentity': optional(address.region),
      'cac:Country': { 'cbc:IdentificationCode': address.country ?? '' },
    },
    'cac:PartyTaxScheme':
      taxId && scheme ? { 'cbc:CompanyID': taxId, 'cac:TaxScheme': { 'cbc:ID': scheme } } : undefined,
    'cac:PartyLegalEntity': {
      'cbc:RegistrationName': party.legalName || party.name,
      // Who has no VAT number is known by another one (BR-CO-26).
      'cbc:CompanyID': hasVat ? undefined : taxId,
    },
    'cac:Contact':
      isSeller && (party.phone || party.email)
        ? { 'cbc:Telephone': optional(party.phone), 'cbc:ElectronicMail': optional(party.email) }
        : undefined,
  };
}

function taxTotalOf(facts: Facts, groups: readonly TaxGroup[]): Xml {
  const { currency } = facts;
  return {
    'cbc:TaxAmount': money(totalsOf(facts, groups).tax, currency),
    'cac:TaxSubtotal': groups.map((group) => ({
      'cbc:TaxableAmount': money(group.taxable, currency),
      'cbc:TaxAmount': money(group.tax, currency),
      'cac:TaxCategory': {
        'cbc:ID': group.category,
        'cbc:Percent': percentSaid(group),
        'cbc:TaxExemptionReason': exemptionWords[group.category],
        'cac:TaxScheme': { 'cbc:ID': 'VAT' },
      },
    })),
  };
}

const percentSaid = ({ category, percent }: TaxGroup): string | undefined =>
  category === 'O' ? undefined : percent;

function sumsOf(facts: Facts, groups: readonly TaxGroup[]): Xml {
  const totals = totalsOf(facts, groups);
  const say = (amount: bigint): Xml => money(amount, facts.currency);
  return {
    'cbc:LineExtensionAmount': say(totals.lines),
    'cbc:TaxExclusiveAmount': say(totals.beforeTax),
    'cbc:TaxInclusiveAmount': say(totals.withTax),
    'cbc:AllowanceTotalAmount': totals.allowance === 0n ? undefined : say(totals.allowance),
    'cbc:PrepaidAmount': totals.paid === 0n ? undefined : say(totals.paid),
    'cbc:PayableAmount': say(totals.due),
  };
}

function lineOf(facts: Facts, line: SoldLine, at: number): Xml {
  const { currency } = facts;
  const { quantity, price } = pricedAs(line, currency);
  const category = categoryOf(line, facts);
  const name = nameOf(line);
  return {
    'cbc:ID': String(at + 1),
    [facts.typeCode === '381' ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity']: {
      '@unitCode': 'C62',
      '#text': quantity,
    },
    'cbc:LineExtensionAmount': money(line.amount, currency),
    'cac:Item': {
      'cbc:Description': line.description === name ? undefined : optional(line.description),
      'cbc:Name': name,
      'cac:ClassifiedTaxCategory': {
        'cbc:ID': category,
        'cbc:Percent': category === 'O' ? undefined : category === 'S' ? line.taxRate : '0',
        'cac:TaxScheme': { 'cbc:ID': 'VAT' },
      },
    },
    'cac:Price': { 'cbc:PriceAmount': { '@currencyID': currency, '#text': price } },
  };
}
