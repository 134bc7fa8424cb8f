export type ImportKind = 'customers' | 'invoices';

export type FieldKind =
  | 'text' | 'ourId' | 'email' | 'emails' | 'country' | 'currency'
  | 'flag' | 'days' | 'date' | 'amount' | 'price' | 'quantity' | 'rate';

export type Field = {
  key: string;
  label: string;
  kind: FieldKind;
  required?: true;
  maxLength?: number;
  /** Headers that people really have, separated by `|`; the best first. Read without case, spaces and signs. */
  synonyms: string;
};

const addressFields = [
  ['Address1', 'address 1', 200],
  ['Address2', 'address 2', 200],
  ['City', 'city', 100],
  ['Region', 'region', 100],
  ['PostalCode', 'postal code', 20],
  ['Country', 'country', 100],
] as const;

type AddressPart = (typeof addressFields)[number][0];

const addressSynonyms: Readonly<Record<AddressPart, { billing: string; shipping: string }>> = {
  Address1: {
    billing:
      'billingaddress1|billingaddress|billingstreet|billaddress1|billaddr1|billaddress|billto1|poaddressline1|' +
      'addressline1|address1|address|streetaddress|street|street1|mailingaddress|strasse|adresse|direccion',
    shipping:
      'shippingaddress1|shippingaddress|shippingstreet|shipaddress1|shipaddr1|shipaddress|shipto1|' +
      'saaddressline1|shippingaddressline1|deliveryaddress',
  },
  Address2: {
    billing: 'billingaddress2|billaddress2|billto2|poaddressline2|addressline2|address2|street2|suite|unit',
    shipping: 'shippingaddress2|shipaddress2|shipto2|saaddressline2|shippingaddressline2',
  },
  City: {
    billing: 'billingcity|billcity|billaddresscity|pocity|city|town|ort|stadt|ville|ciudad',
    shipping: 'shippingcity|shipcity|sacity|deliverycity',
  },
  Region: {
    billing:
      'billingregion|billingstate|billingprovince|billstate|poregion|state|province|provincestate|stateprovince|' +
      'region|county|bundesland',
    shipping: 'shippingregion|shippingstate|shippingprovince|shipstate|saregion|shippingprovincestate',
  },
  PostalCode: {
    billing:
      'billingpostalcode|billingzip|billingzipcode|billingpostcode|billzip|popostalcode|postalcode|zip|zipcode|' +
      'postcode|postalcodezipcode|zippostalcode|plz|codepostal|codigopostal',
    shipping:
      'shippingpostalcode|shippingzip|shippingzipcode|shippingpostcode|shipzip|sapostalcode|' +
      'shippingpostalcodezipcode',
  },
  Country: {
    billing: 'billingcountry|billcountry|pocountry|country|land|pays|pais',
    shipping: 'shippingcountry|shipcountry|sacountry|shiptocountry',
  },
};

const address = <P extends 'billing' | 'shipping'>(prefix: P): (Field & { key: `${P}${AddressPart}` })[] =>
  addressFields.map(([part, label, maxLength]) => ({
    key: `${prefix}${part}` as const,
    label: `${prefix === 'billing' ? 'Billing' : 'Shipping'} ${label}`,
    kind: part === 'Country' ? 'country' : 'text',
    maxLength,
    synonyms: addressSynonyms[part][prefix],
  }));

const customers = [
  {
    key: 'externalId', label: 'External ID', kind: 'text', maxLength: 200,
    synonyms:
      'externalid|customerid|customernumber|customerno|custno|custid|accountnumber|accountno|account|customercode|' +
      'clientid|contactid|id|kundennummer|numeroclient|numerodecliente',
  },
  {
    key: 'displayName', label: 'Display name', kind: 'text', maxLength: 200,
    synonyms:
      'displayname|customerdisplayname|customer|customername|customerfullname|contactname|name|fullname|' +
      'clientname|client|kunde|kundenname|nomduclient|nombredelcliente|cliente',
  },
  {
    key: 'businessName', label: 'Business name', kind: 'text', maxLength: 200,
    synonyms:
      'businessname|companyname|company|business|organization|organizationname|organisation|legalname|firma|' +
      'societe|empresa',
  },
  {
    key: 'firstName', label: 'First name', kind: 'text', maxLength: 100,
    synonyms: 'firstname|givenname|contactfirstname|first|forename|vorname|prenom|nombre',
  },
  {
    key: 'lastName', label: 'Last name', kind: 'text', maxLength: 100,
    synonyms: 'lastname|familyname|surname|contactlastname|last|nachname|nom|apellido',
  },
  {
    key: 'email', label: 'Email', kind: 'emails',
    synonyms:
      'email|emailaddress|mainemail|primaryemail|primaryemailaddr|customeremail|billingemail|invoiceemail|mail|' +
      'correoelectronico|courriel',
  },
  {
    key: 'ccEmails', label: 'CC emails', kind: 'emails',
    synonyms: 'ccemails|ccemail|cc|emailcc|additionalemails|otheremails|secondaryemail|alternateemail',
  },
  {
    key: 'phone', label: 'Phone', kind: 'text', maxLength: 50,
    synonyms: 'phone|phonenumber|mainphone|primaryphone|telephone|tel|businessphone|workphone|mobile|telefon|telefono',
  },
  ...address('billing'),
  ...address('shipping'),
  {
    key: 'customerType', label: 'Customer type', kind: 'text', maxLength: 100,
    synonyms: 'customertype|type|customergroup|group|category|segment',
  },
  {
    key: 'active', label: 'Active', kind: 'flag',
    synonyms: 'active|activestatus|isactive|status|enabled|aktiv|activo|actif',
  },
  {
    key: 'notes', label: 'Notes', kind: 'text', maxLength: 4000,
    synonyms: 'notes|note|customernotes|comments|comment|remarks|bemerkung|notas',
  },
  {
    key: 'termsDays', label: 'Terms days', kind: 'days',
    synonyms: 'termsdays|terms|paymentterms|term|netdays|creditterms|zahlungsziel|duedatesalesday',
  },
] as const satisfies readonly Field[];

const invoices = [
  {
    key: 'customerId', label: 'Customer ID', kind: 'ourId',
    synonyms: 'customerid|customer|owedid|cusid',
  },
  {
    key: 'customerExternalId', label: 'Customer external ID', kind: 'text', maxLength: 200,
    synonyms:
      'customerexternalid|customerid|customernumber|customerno|custno|custid|accountnumber|accountno|' +
      'customercode|clientid|contactid|kundennummer|numeroclient',
  },
  {
    key: 'customerName', label: 'Customer name', kind: 'text', maxLength: 200,
    synonyms:
      'customername|customer|customerdisplayname|customerfullname|contactname|displayname|clientname|client|' +
      'billto|soldto|name|companyname|company|organization|kunde|nomduclient|cliente',
  },
  {
    key: 'customerEmail', label: 'Customer email', kind: 'email',
    synonyms: 'customeremail|emailaddress|email|billingemail|clientemail|contactemail|mail',
  },
  {
    key: 'externalId', label: 'External ID', kind: 'text', maxLength: 200,
    synonyms: 'externalid|invoiceid|transactionid|txnid|documentid',
  },
  {
    key: 'number', label: 'Invoice number', kind: 'text', required: true, maxLength: 60,
    synonyms:
      'invoicenumber|invoiceno|invoicenum|invoice|invoiceref|invnumber|invno|docnumber|documentnumber|num|no|' +
      'number|refnumber|rechnungsnummer|rechnungsnr|numerodefacture|numerofacture|numerodefactura',
  },
  {
    key: 'invoiceDate', label: 'Invoice date', kind: 'date', required: true,
    synonyms:
      'invoicedate|dateissued|issuedate|dateofissue|txndate|transactiondate|documentdate|billdate|date|' +
      'rechnungsdatum|datum|datedefacture|fechadefactura|fecha',
  },
  {
    key: 'dueDate', label: 'Due date', kind: 'date',
    synonyms: 'duedate|datedue|paymentdue|paymentduedate|due|faelligam|falligam|falligkeit|dateecheance|vencimiento',
  },
  {
    key: 'termsDays', label: 'Terms days', kind: 'days',
    synonyms: 'termsdays|terms|paymentterms|term|netdays|zahlungsziel',
  },
  {
    key: 'poNumber', label: 'PO number', kind: 'text', maxLength: 50,
    synonyms: 'ponumber|po|pono|purchaseorder|purchaseordernumber|purchaseorderno|poso|reference|customerpo|bestellnummer',
  },
  {
    key: 'memo', label: 'Memo', kind: 'text', maxLength: 4000,
    synonyms: 'memo|notes|note|message|customermessage|messageoninvoice|invoicenote|comments|memodescription',
  },
  {
    key: 'currency', label: 'Currency', kind: 'currency',
    synonyms: 'currency|currencycode|invoicecurrency|isocurrency|wahrung|devise|moneda',
  },
  {
    key: 'itemName', label: 'Item name', kind: 'text', maxLength: 200,
    synonyms:
      'itemname|item|productservice|itemproductservice|product|service|productname|inventoryitemcode|sku|' +
      'itemcode|artikel|article|producto',
  },
  {
    key: 'description', label: 'Description', kind: 'text', maxLength: 4000,
    synonyms:
      'description|itemdescription|linedescription|productdescription|productservicedescription|details|' +
      'beschreibung|descripcion|designation',
  },
  {
    key: 'quantity', label: 'Quantity', kind: 'quantity',
    synonyms: 'quantity|qty|itemquantity|units|hours|menge|anzahl|quantite|cantidad',
  },
  {
    key: 'unitPrice', label: 'Unit price', kind: 'price',
    synonyms:
      'unitprice|unitamount|itemrate|rate|salesprice|price|unitcost|itemprice|einzelpreis|prixunitaire|' +
      'preciounitario',
  },
  {
    key: 'discountPercent', label: 'Discount percent', kind: 'rate',
    synonyms: 'discountpercent|discountpercentage|discount|linediscount|rabatt|remise|descuento',
  },
  {
    key: 'lineAmount', label: 'Line amount', kind: 'amount',
    synonyms: 'lineamount|itemamount|amount|linesubtotal|extendedprice|lineitemamount|netamount|betrag|montant|importe',
  },
  {
    key: 'debit', label: 'Debit', kind: 'amount',
    synonyms: 'debit|debitamount|charge|charges|soll',
  },
  {
    key: 'credit', label: 'Credit', kind: 'amount',
    synonyms: 'credit|creditamount|credits|haben',
  },
  {
    key: 'taxable', label: 'Taxable', kind: 'flag',
    synonyms: 'taxable|istaxable|salestaxcode|steuerpflichtig',
  },
  {
    key: 'taxRate', label: 'Tax rate', kind: 'rate',
    synonyms: 'taxrate|salestaxrate|taxtype|taxpercent|tax1rate|taxcode|vatrate|gstrate|mwstsatz|steuersatz|vat|mwst|tva',
  },
  {
    key: 'taxAmount', label: 'Tax amount', kind: 'amount',
    synonyms: 'taxamount|salestax|tax|totaltax|tax1amount|vatamount|gstamount|steuerbetrag|itemtaxamount',
  },
  {
    key: 'total', label: 'Total', kind: 'amount',
    synonyms: 'total|invoicetotal|invoiceamount|totalamount|grandtotal|grossamount|gesamtbetrag|totalttc|importetotal',
  },
  {
    key: 'balanceDue', label: 'Balance due', kind: 'amount',
    synonyms: 'balancedue|openbalance|amountdue|outstanding|balance|openamount|remainingbalance|invoiceamountdue|offen',
  },
  {
    key: 'amountPaid', label: 'Amount paid', kind: 'amount',
    synonyms: 'amountpaid|paid|paidamount|invoiceamountpaid|paymentsapplied|bezahlt',
  },
] as const satisfies readonly Field[];

export type CustomerFieldKey = (typeof customers)[number]['key'];
export type InvoiceFieldKey = (typeof invoices)[number]['key'];
export type FieldKey = CustomerFieldKey | InvoiceFieldKey;

export const customerFields: readonly (Field & { key: CustomerFieldKey })[] = customers;
export const invoiceFields: readonly (Field & { key: InvoiceFieldKey })[] = invoices;

export const fieldsOf = (kind: ImportKind): readonly (Field & { key: FieldKey })[] =>
  kind === 'customers' ? customerFields : invoiceFields;

/** Of each of these a file needs at least one; the first entry names the need. */
const needs: Readonly<Record<ImportKind, readonly (readonly [string, ...(readonly FieldKey[])[]])[]>> = {
  customers: [['a name', ['displayName'], ['businessName'], ['firstName', 'lastName']]],
  invoices: [
    ['the customer', ['customerId'], ['customerExternalId'], ['customerName'], ['customerEmail']],
    ['the invoice number', ['number']],
    ['the invoice date', ['invoiceDate']],
    [
      'an amount',
      ['lineAmount'], ['quantity', 'unitPrice'], ['debit', 'credit'], ['total'], ['balanceDue'],
    ],
  ],
};

export type MissingField = { what: string; anyOf: FieldKey[][] };

/** What a file of this kind cannot do without and no column gives. */
export function missingFields(kind: ImportKind, mapped: ReadonlySet<string>): MissingField[] {
  return needs[kind]
    .filter(([, ...choices]) => !choices.some((choice) => choice.every((key) => mapped.has(key))))
    .map(([what, ...choices]) => ({ what, anyOf: choices.map((choice) => [...choice]) }));
}
