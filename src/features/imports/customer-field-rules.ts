import type { Field } from './field-kind-rules.ts';

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
      'billingaddress1|billingaddress|billingstreet|billaddress1|billaddr1|billaddress|billto1|' +
      'poaddressline1|' +
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
      'billingregion|billingstate|billingprovince|billstate|poregion|state|province|provincestate|' +
      'stateprovince|' +
      'region|county|bundesland',
    shipping: 'shippingregion|shippingstate|shippingprovince|shipstate|saregion|shippingprovincestate',
  },
  PostalCode: {
    billing:
      'billingpostalcode|billingzip|billingzipcode|billingpostcode|billzip|popostalcode|postalcode|' +
      'zip|zipcode|' +
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

export const customerFields = [
  {
    key: 'externalId',
    label: 'External ID',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'externalid|customerid|customernumber|customerno|custno|custid|accountnumber|accountno|' +
      'account|customercode|' +
      'clientid|contactid|id|kundennummer|numeroclient|numerodecliente',
  },
  {
    key: 'displayName',
    label: 'Display name',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'displayname|customerdisplayname|customer|customername|customerfullname|contactname|name|fullname|' +
      'clientname|client|kunde|kundenname|nomduclient|nombredelcliente|cliente',
  },
  {
    key: 'businessName',
    label: 'Business name',
    kind: 'text',
    maxLength: 200,
    synonyms:
      'businessname|companyname|company|business|organization|organizationname|organisation|' +
      'legalname|firma|' +
      'societe|empresa',
  },
  {
    key: 'firstName',
    label: 'First name',
    kind: 'text',
    maxLength: 100,
    synonyms: 'firstname|givenname|contactfirstname|first|forename|vorname|prenom|nombre',
  },
  {
    key: 'lastName',
    label: 'Last name',
    kind: 'text',
    maxLength: 100,
    synonyms: 'lastname|familyname|surname|contactlastname|last|nachname|nom|apellido',
  },
  {
    key: 'email',
    label: 'Email',
    kind: 'emails',
    synonyms:
      'email|emailaddress|mainemail|primaryemail|primaryemailaddr|customeremail|billingemail|' +
      'invoiceemail|mail|' +
      'correoelectronico|courriel',
  },
  {
    key: 'ccEmails',
    label: 'CC emails',
    kind: 'emails',
    synonyms: 'ccemails|ccemail|cc|emailcc|additionalemails|otheremails|secondaryemail|alternateemail',
  },
  {
    key: 'phone',
    label: 'Phone',
    kind: 'text',
    maxLength: 50,
    synonyms:
      'phone|phonenumber|mainphone|primaryphone|telephone|tel|businessphone|workphone|mobile|' +
      'telefon|telefono',
  },
  ...address('billing'),
  ...address('shipping'),
  {
    key: 'customerType',
    label: 'Customer type',
    kind: 'text',
    maxLength: 100,
    synonyms: 'customertype|type|customergroup|group|category|segment',
  },
  {
    key: 'active',
    label: 'Active',
    kind: 'flag',
    synonyms: 'active|activestatus|isactive|status|enabled|aktiv|activo|actif',
  },
  {
    key: 'sendReminders',
    label: 'Send reminders',
    kind: 'flag',
    synonyms: 'sendreminders|reminders|sendreminder|dunning|mahnen',
  },
  {
    key: 'chargeLateFees',
    label: 'Charge late fees',
    kind: 'flag',
    synonyms: 'chargelatefees|latefees|latefee|chargelatefee|chargeinterest|financecharges',
  },
  {
    key: 'notes',
    label: 'Notes',
    kind: 'text',
    maxLength: 4000,
    synonyms: 'notes|note|customernotes|comments|comment|remarks|bemerkung|notas',
  },
  {
    key: 'termsDays',
    label: 'Terms days',
    kind: 'days',
    synonyms: 'termsdays|terms|paymentterms|term|netdays|creditterms|zahlungsziel|duedatesalesday',
  },
] as const satisfies readonly Field[];

export type CustomerFieldKey = (typeof customerFields)[number]['key'];
