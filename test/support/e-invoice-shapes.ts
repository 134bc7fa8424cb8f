/**
 * What may stand in each element that our e-invoices write, in the order of the official schemas (UBL 2.1 of
 * OASIS; Factur-X 1.09, profile EN 16931): only what we use or must. ?: once at most, *: any number, +: one
 * at least.
 */
const ubl = `
Invoice: CustomizationID? ProfileID? ID IssueDate DueDate? InvoiceTypeCode? Note* DocumentCurrencyCode?
  BuyerReference? OrderReference? BillingReference* AccountingSupplierParty AccountingCustomerParty PaymentTerms*
  AllowanceCharge* TaxTotal* LegalMonetaryTotal InvoiceLine+
CreditNote: CustomizationID? ProfileID? ID IssueDate CreditNoteTypeCode? Note* DocumentCurrencyCode?
  BuyerReference? OrderReference? BillingReference* AccountingSupplierParty AccountingCustomerParty PaymentTerms*
  AllowanceCharge* TaxTotal* LegalMonetaryTotal CreditNoteLine+
OrderReference: ID
BillingReference: InvoiceDocumentReference?
InvoiceDocumentReference: ID IssueDate?
AccountingSupplierParty: Party?
AccountingCustomerParty: Party?
Party: EndpointID? PartyName* PostalAddress? PartyTaxScheme* PartyLegalEntity* Contact?
PartyName: Name
PostalAddress: StreetName? AdditionalStreetName? CityName? PostalZone? CountrySubentity? Country?
Country: IdentificationCode?
PartyTaxScheme: CompanyID? TaxScheme
TaxScheme: ID?
PartyLegalEntity: RegistrationName? CompanyID?
Contact: Telephone? ElectronicMail?
PaymentTerms: Note*
AllowanceCharge: ChargeIndicator AllowanceChargeReasonCode? AllowanceChargeReason* Amount TaxCategory*
TaxCategory: ID? Percent? TaxExemptionReason* TaxScheme
ClassifiedTaxCategory: ID? Percent? TaxExemptionReason* TaxScheme
TaxTotal: TaxAmount TaxSubtotal*
TaxSubtotal: TaxableAmount? TaxAmount TaxCategory
LegalMonetaryTotal: LineExtensionAmount? TaxExclusiveAmount? TaxInclusiveAmount? AllowanceTotalAmount?
  PrepaidAmount? PayableAmount
InvoiceLine: ID InvoicedQuantity? LineExtensionAmount Item Price?
CreditNoteLine: ID CreditedQuantity? LineExtensionAmount? Item? Price?
Item: Description* Name? ClassifiedTaxCategory*
Price: PriceAmount`;

const cii = `
CrossIndustryInvoice: ExchangedDocumentContext ExchangedDocument SupplyChainTradeTransaction
ExchangedDocumentContext: GuidelineSpecifiedDocumentContextParameter
GuidelineSpecifiedDocumentContextParameter: ID
ExchangedDocument: ID TypeCode IssueDateTime IncludedNote*
IssueDateTime: DateTimeString
IncludedNote: Content
SupplyChainTradeTransaction: IncludedSupplyChainTradeLineItem+ ApplicableHeaderTradeAgreement
  ApplicableHeaderTradeDelivery ApplicableHeaderTradeSettlement
IncludedSupplyChainTradeLineItem: AssociatedDocumentLineDocument SpecifiedTradeProduct
  SpecifiedLineTradeAgreement SpecifiedLineTradeDelivery SpecifiedLineTradeSettlement
AssociatedDocumentLineDocument: LineID
SpecifiedTradeProduct: Name Description?
SpecifiedLineTradeAgreement: NetPriceProductTradePrice
NetPriceProductTradePrice: ChargeAmount
SpecifiedLineTradeDelivery: BilledQuantity
SpecifiedLineTradeSettlement: ApplicableTradeTax SpecifiedTradeSettlementLineMonetarySummation
ApplicableTradeTax: CalculatedAmount? TypeCode ExemptionReason? BasisAmount? CategoryCode RateApplicablePercent?
CategoryTradeTax: TypeCode CategoryCode RateApplicablePercent?
SpecifiedTradeSettlementLineMonetarySummation: LineTotalAmount
ApplicableHeaderTradeAgreement: BuyerReference? SellerTradeParty BuyerTradeParty BuyerOrderReferencedDocument?
SellerTradeParty: Name? SpecifiedLegalOrganization? DefinedTradeContact? PostalTradeAddress?
  URIUniversalCommunication? SpecifiedTaxRegistration*
BuyerTradeParty: Name? SpecifiedLegalOrganization? DefinedTradeContact? PostalTradeAddress?
  URIUniversalCommunication? SpecifiedTaxRegistration*
SpecifiedLegalOrganization: ID? TradingBusinessName?
DefinedTradeContact: TelephoneUniversalCommunication? EmailURIUniversalCommunication?
TelephoneUniversalCommunication: CompleteNumber
EmailURIUniversalCommunication: URIID
URIUniversalCommunication: URIID
PostalTradeAddress: PostcodeCode? LineOne? LineTwo? CityName? CountryID CountrySubDivisionName?
SpecifiedTaxRegistration: ID
BuyerOrderReferencedDocument: IssuerAssignedID
ApplicableHeaderTradeDelivery:
ApplicableHeaderTradeSettlement: InvoiceCurrencyCode ApplicableTradeTax+ SpecifiedTradeAllowanceCharge*
  SpecifiedTradePaymentTerms? SpecifiedTradeSettlementHeaderMonetarySummation InvoiceReferencedDocument*
SpecifiedTradeAllowanceCharge: ChargeIndicator ActualAmount ReasonCode? Reason? CategoryTradeTax?
ChargeIndicator: Indicator
SpecifiedTradePaymentTerms: Description? DueDateDateTime?
DueDateDateTime: DateTimeString
SpecifiedTradeSettlementHeaderMonetarySummation: LineTotalAmount AllowanceTotalAmount? TaxBasisTotalAmount
  TaxTotalAmount* GrandTotalAmount TotalPrepaidAmount? DuePayableAmount
InvoiceReferencedDocument: IssuerAssignedID FormattedIssueDateTime?
FormattedIssueDateTime: DateTimeString`;

/** Of each element what may stand in it, as a pattern over the names of what does. */
function shapesOf(text: string): Map<string, RegExp> {
  const lines = text.trim().replaceAll('\n  ', ' ').split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', content = ''] = line.split(':');
      const parts = [...content.matchAll(/(\w+)([?*+]?)/g)].map(([, one, often]) => `(?:${one} )${often}`);
      return [name, new RegExp(`^${parts.join('')}$`)];
    }),
  );
}

export const eInvoiceShapes = { ubl: shapesOf(ubl), cii: shapesOf(cii) };
