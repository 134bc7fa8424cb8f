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

/** A paper as UN/CEFACT Cross Industry Invoice, in the EN 16931 profile of Factur-X and ZUGFeRD. */
export function ciiOf(facts: Facts, groups: readonly TaxGroup[]): string {
  return writeXml({
    'rsm:CrossIndustryInvoice': {
      '@xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
      '@xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
      '@xmlns:qdt': 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
      '@xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
      'rsm:ExchangedDocumentContext': {
        'ram:GuidelineSpecifiedDocumentContextParameter': { 'ram:ID': 'urn:cen.eu:en16931:2017' },
      },
      'rsm:ExchangedDocument': {
        'ram:ID': facts.number,
        'ram:TypeCode': facts.typeCode,
        'ram:IssueDateTime': day(facts.issuedOn),
        'ram:IncludedNote': facts.note ? { 'ram:Content': facts.note } : undefined,
      },
      'rsm:SupplyChainTradeTransaction': {
        'ram:IncludedSupplyChainTradeLineItem': facts.lines.map((line, at) => lineOf(facts, line, at)),
        'ram:ApplicableHeaderTradeAgreement': {
          'ram:BuyerReference': optional(facts.buyerReference),
          'ram:SellerTradeParty': partyOf(facts.seller, true),
          'ram:BuyerTradeParty': partyOf(facts.buyer, false),
          'ram:BuyerOrderReferencedDocument': facts.poNumber
            ? { 'ram:IssuerAssignedID': facts.poNumber }
            : undefined,
        },
        'ram:ApplicableHeaderTradeDelivery': '',
        'ram:ApplicableHeaderTradeSettlement': settlementOf(facts, groups),
      },
    },
  });
}

const day = (date: string): Xml => ({
  'udt:DateTimeString': { '@format': '102', '#text': date.replaceAll('-', '') },
});

function lineOf(facts: Facts, line: SoldLine, at: number): Xml {
  const { quantity, price } = pricedAs(line, facts.currency);
  const category = categoryOf(line, facts);
  const name = nameOf(line);
  return {
    'ram:AssociatedDocumentLineDocument': { 'ram:LineID': String(at + 1) },
    'ram:SpecifiedTradeProduct': {
      'ram:Name': name,
      'ram:Description': line.description === name ? undefined : optional(line.description),
    },
    'ram:SpecifiedLineTradeAgreement': { 'ram:NetPriceProductTradePrice': { 'ram:ChargeAmount': price } },
    'ram:SpecifiedLineTradeDelivery': {
      'ram:BilledQuantity': { '@unitCode': 'C62', '#text': quantity },
    },
    'ram:SpecifiedLineTradeSettlement': {
      'ram:ApplicableTradeTax': {
        'ram:TypeCode': 'VAT',
        'ram:CategoryCode': category,
        'ram:RateApplicablePercent': category === 'O' ? undefined : category === 'S' ? line.taxRate : '0',
      },
      'ram:SpecifiedTradeSettlementLineMonetarySummation': {
        'ram:LineTotalAmount': toDecimal(line.amount, facts.currency),
      },
    },
  };
}

function partyOf(party: Party, isSeller: boolean): Xml {
  const { address } = party;
  const hasVat = isVatId(party.taxId);
  const taxId = optional(party.taxId) && plainTaxId(party.taxId);
  const scheme = hasVat ? 'VA' : isSeller ? 'FC' : undefined;
  const legal = optional(party.legalName);
  return {
    'ram:Name': legal ?? party.name,
    'ram:SpecifiedLegalOrganization':
      (taxId && !hasVat) || (legal && legal !== party.name)
        ? { 'ram:ID': hasVat ? undefined : taxId, 'ram:TradingBusinessName': party.name }
        : undefined,
    'ram:DefinedTradeContact':
      isSeller && (party.phone || party.email)
        ? {
            'ram:TelephoneUniversalCommunication': party.phone
              ? { 'ram:CompleteNumber': party.phone }
              : undefined,
            'ram:EmailURIUniversalCommunication': party.email ? { 'ram:URIID': party.email } : undefined,
          }
        : undefined,
    'ram:PostalTradeAddress': {
      'ram:PostcodeCode': optional(address.postal_code),
      'ram:LineOne': optional(address.line1),
      'ram:LineTwo': optional(address.line2),
      'ram:CityName': optional(address.city),
      'ram:CountryID': address.country ?? '',
      'ram:CountrySubDivisionName': optional(address.region),
    },
    'ram:URIUniversalCommunication': party.email
      ? { 'ram:URIID': { '@schemeID': 'EM', '#text': party.email } }
      : undefined,
    'ram:SpecifiedTaxRegistration':
      taxId && scheme ? { 'ram:ID': { '@schemeID': scheme, '#text': taxId } } : undefined,
  };
}

function settlementOf(facts: Facts, groups: readonly TaxGroup[]): Xml {
  const { currency } = facts;
  const say = (amount: bigint): string => toDecimal(amount, currency);
  const totals = totalsOf(facts, groups);
  return {
    'ram:InvoiceCurrencyCode': currency,
    'ram:ApplicableTradeTax': groups.map((group) => ({
      'ram:CalculatedAmount': say(group.tax),
      'ram:TypeCode': 'VAT',
      'ram:ExemptionReason': exemptionWords[group.category],
      'ram:BasisAmount': say(group.taxable),
      'ram:CategoryCode': group.category,
      'ram:RateApplicablePercent': group.category === 'O' ? undefined : group.percent,
    })),
    'ram:SpecifiedTradeAllowanceCharge': groups.filter(({ allowance }) => allowance !== 0n).map((group) => ({
      'ram:ChargeIndicator': { 'udt:Indicator': 'false' },
      'ram:ActualAmount': say(group.allowance),
      'ram:ReasonCode': discountCode,
      'ram:Reason': 'Discount',
      'ram:CategoryTradeTax': {
        'ram:TypeCode': 'VAT',
        'ram:CategoryCode': group.category,
        'ram:RateApplicablePercent': group.category === 'O' ? undefined : group.percent,
      },
    })),
    'ram:SpecifiedTradePaymentTerms':
      facts.terms || facts.dueOn
        ? {
            'ram:Description': optional(facts.terms),
            'ram:DueDateDateTime': facts.dueOn ? day(facts.dueOn) : undefined,
          }
        : undefined,
    'ram:SpecifiedTradeSettlementHeaderMonetarySummation': {
      'ram:LineTotalAmount': say(totals.lines),
      'ram:AllowanceTotalAmount': totals.allowance === 0n ? undefined : say(totals.allowance),
      'ram:TaxBasisTotalAmount': say(totals.beforeTax),
      'ram:TaxTotalAmount': { '@currencyID': currency, '#text': say(totals.tax) },
      'ram:GrandTotalAmount': say(totals.withTax),
      'ram:TotalPrepaidAmount': totals.paid === 0n ? undefined : say(totals.paid),
      'ram:DuePayableAmount': say(totals.due),
    },
    'ram:InvoiceReferencedDocument': facts.precedes.map(({ number, issuedOn }) => ({
      'ram:IssuerAssignedID': number,
      'ram:FormattedIssueDateTime': {
        'qdt:DateTimeString': { '@format': '102', '#text': issuedOn.replaceAll('-', '') },
      },
    })),
  };
}
