import type { Field } from './field-kind-rules.ts';

export const invoiceFields = [
  {
    key: 'customerId',
    label: 'Customer ID',
    kind: 'ourId',
    synonyms: 'customerid|customer|owedid|cusid',
  },
  {
    key: 'customerExternalId',
    label: 'Customer external ID',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'customerexternalid|customerid|customernumber|customerno|custno|custid|accountnumber|accountno|' +
      'customercode|clientid|contactid|kundennummer|numeroclient',
  },
  {
    key: 'customerName',
    label: 'Customer name',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'customername|customer|customerdisplayname|customerfullname|contactname|displayname|' +
      'clientname|client|' +
      'billto|soldto|name|companyname|company|organization|kunde|nomduclient|cliente',
  },
  {
    key: 'customerEmail',
    label: 'Customer email',
    kind: 'email',
    synonyms: 'customeremail|emailaddress|email|billingemail|clientemail|contactemail|mail',
  },
  {
    key: 'externalId',
    label: 'External ID',
    kind: 'text',
    maxLength: 200,
    synonyms: 'externalid|invoiceid|transactionid|txnid|documentid',
  },
  {
    key: 'number',
    label: 'Invoice number',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms:
      'invoicenumber|invoiceno|invoicenum|invoice|invoiceref|invnumber|invno|docnumber|' +
      'documentnumber|num|no|' +
      'number|refnumber|rechnungsnummer|rechnungsnr|numerodefacture|numerofacture|numerodefactura',
  },
  {
    key: 'invoiceDate',
    label: 'Invoice date',
    kind: 'date',
    required: true,
    synonyms:
      'invoicedate|dateissued|issuedate|dateofissue|txndate|transactiondate|documentdate|billdate|date|' +
      'rechnungsdatum|datum|datedefacture|fechadefactura|fecha',
  },
  {
    key: 'dueDate',
    label: 'Due date',
    kind: 'date',
    synonyms:
      'duedate|datedue|paymentdue|paymentduedate|due|faelligam|falligam|falligkeit|dateecheance|vencimiento',
  },
  {
    key: 'termsDays',
    label: 'Terms days',
    kind: 'days',
    synonyms: 'termsdays|terms|paymentterms|term|netdays|zahlungsziel',
  },
  {
    key: 'poNumber',
    label: 'PO number',
    kind: 'text',
    maxLength: 50,
    synonyms:
      'ponumber|po|pono|purchaseorder|purchaseordernumber|purchaseorderno|poso|reference|customerpo|' +
      'bestellnummer',
  },
  {
    key: 'memo',
    label: 'Memo',
    kind: 'text',
    maxLength: 4000,
    synonyms: 'memo|notes|note|message|customermessage|messageoninvoice|invoicenote|comments|memodescription',
  },
  {
    key: 'currency',
    label: 'Currency',
    kind: 'currency',
    synonyms: 'currency|currencycode|invoicecurrency|isocurrency|wahrung|devise|moneda',
  },
  {
    key: 'itemName',
    label: 'Item name',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'itemname|item|productservice|itemproductservice|product|service|productname|inventoryitemcode|sku|' +
      'itemcode|artikel|article|producto',
  },
  {
    key: 'description',
    label: 'Description',
    kind: 'text',
    maxLength: 4000,
    synonyms:
      'description|itemdescription|linedescription|productdescription|productservicedescription|details|' +
      'beschreibung|descripcion|designation',
  },
  {
    key: 'quantity',
    label: 'Quantity',
    kind: 'quantity',
    synonyms: 'quantity|qty|itemquantity|units|hours|menge|anzahl|quantite|cantidad',
  },
  {
    key: 'unitPrice',
    label: 'Unit price',
    kind: 'price',
    synonyms:
      'unitprice|unitamount|itemrate|rate|salesprice|price|unitcost|itemprice|einzelpreis|prixunitaire|' +
      'preciounitario',
  },
  {
    key: 'discountPercent',
    label: 'Discount percent',
    kind: 'rate',
    synonyms: 'discountpercent|discountpercentage|discount|linediscount|rabatt|remise|descuento',
  },
  {
    key: 'lineAmount',
    label: 'Line amount',
    kind: 'amount',
    synonyms:
      'lineamount|itemamount|amount|linesubtotal|extendedprice|lineitemamount|netamount|betrag|' +
      'montant|importe',
  },
  {
    key: 'debit',
    label: 'Debit',
    kind: 'amount',
    synonyms: 'debit|debitamount|charge|charges|soll',
  },
  {
    key: 'credit',
    label: 'Credit',
    kind: 'amount',
    synonyms: 'credit|creditamount|credits|haben',
  },
  {
    key: 'taxable',
    label: 'Taxable',
    kind: 'flag',
    synonyms: 'taxable|istaxable|salestaxcode|steuerpflichtig',
  },
  {
    key: 'taxRate',
    label: 'Tax rate',
    kind: 'rate',
    synonyms:
      'taxrate|salestaxrate|taxtype|taxpercent|tax1rate|taxcode|vatrate|gstrate|mwstsatz|steuersatz|' +
      'vat|mwst|tva',
  },
  {
    key: 'taxAmount',
    label: 'Tax amount',
    kind: 'amount',
    synonyms: 'taxamount|salestax|tax|totaltax|tax1amount|vatamount|gstamount|steuerbetrag|itemtaxamount',
  },
  {
    key: 'total',
    label: 'Total',
    kind: 'amount',
    synonyms:
      'total|invoicetotal|invoiceamount|totalamount|grandtotal|grossamount|gesamtbetrag|totalttc|' +
      'importetotal',
  },
  {
    key: 'balanceDue',
    label: 'Balance due',
    kind: 'amount',
    synonyms:
      'balancedue|openbalance|amountdue|outstanding|balance|openamount|remainingbalance|' +
      'invoiceamountdue|offen',
  },
  {
    key: 'amountPaid',
    label: 'Amount paid',
    kind: 'amount',
    synonyms: 'amountpaid|paid|paidamount|invoiceamountpaid|paymentsapplied|bezahlt',
  },
] as const satisfies readonly Field[];

export type InvoiceFieldKey = (typeof invoiceFields)[number]['key'];
