/**
 * The sequences of AnetApiSchema.xsd that this fake serves, one line a type: names in their order, `!` where
 * one is required, `<n` its longest text, `#` only digits, `[]` where it may repeat, `:type` what it holds.
 */
const base = 'merchantAuthentication:merchantAuthentication! clientId<30 refId<20';
const listing = 'sorting:sorting paging:paging';

const address =
  'firstName<50 lastName<50 company<50 address<60 city<40 state<40 zip<20 country<60 phoneNumber<25 faxNumber<25 email';
const payment =
  'creditCard:creditCard bankAccount:bankAccount trackData encryptedTrackData payPal opaqueData:opaqueData';

const types: Record<string, string> = {
  merchantAuthentication: 'name<25 transactionKey<16 sessionToken password<40 clientKey mobileDeviceId<60',
  opaqueData: 'dataDescriptor! dataValue! dataKey expirationTimeStamp',
  creditCard: 'cardNumber<16! expirationDate<7! cardCode#<4 isPaymentToken cryptogram',
  bankAccount:
    'accountType routingNumber<9! accountNumber<17! nameOnAccount<22! echeckType bankName<50 checkNumber<15',
  payment: `${payment} emv dataSource`,
  order: 'invoiceNumber<20 description<255 discountAmount supplierOrderReference<25',
  setting: 'settingName settingValue',
  settings: 'setting[]:setting',
  userField: 'name value',
  userFields: 'userField[]:userField',
  customerData: 'type id<20 email<255 driversLicense taxId<9',
  profilePaymentId: 'paymentProfileId#! cardCode#<4',
  profilePayment: 'createProfile customerProfileId# paymentProfile:profilePaymentId shippingProfileId#',
  address,
  extendedAmount: 'amount! name<31 description<255',
  processingOptions: 'isFirstRecurringPayment isFirstSubsequentAuth isSubsequentAuth isStoredCredentials',
  transaction: [
    'transactionType! amount currencyCode payment:payment profile:profilePayment solution callId',
    'terminalNumber authCode refTransId splitTenderId order:order lineItems tax:extendedAmount',
    'duty:extendedAmount shipping:extendedAmount taxExempt poNumber<25 customer:customerData',
    'billTo:address shipTo:address customerIP cardholderAuthentication retail employeeId',
    'transactionSettings:settings userFields:userFields surcharge:extendedAmount merchantDescriptor',
    'subMerchant tip:extendedAmount processingOptions:processingOptions subsequentAuthInformation',
    'otherTax shipFrom:address authorizationIndicatorType',
  ].join(' '),
  sorting: 'orderBy! orderDescending!',
  paging: 'limit#! offset#!',
  paymentProfile: 'customerType billTo:address payment:payment driversLicense taxId<9 defaultPaymentProfile',
  customerProfile:
    'merchantCustomerId<20 description<255 email<255 paymentProfiles[]:paymentProfile shipToList[]:address profileType',
  customerBase: 'merchantCustomerId<20 description<255 email<255',
  formToken: 'cardNumber<16! expirationDate<7! cardCode#<4 zip<20 fullName<64',
  formBankToken: 'accountNumber<17! routingNumber<9! nameOnAccount<22! accountType!',
  formData: 'type! id<64! token:formToken bankToken:formBankToken',

  authenticateTestRequest: base,
  getMerchantDetailsRequest: base,
  createTransactionRequest: `${base} transactionRequest:transaction!`,
  getTransactionDetailsRequest: `${base} transId#!`,
  getUnsettledTransactionListRequest: `${base} status ${listing}`,
  getTransactionListRequest: `${base} batchId# ${listing}`,
  getSettledBatchListRequest: `${base} includeStatistics firstSettlementDate lastSettlementDate`,
  createCustomerProfileRequest: `${base} profile:customerProfile! validationMode`,
  createCustomerProfileFromTransactionRequest: [
    `${base} transId#! customer:customerBase customerProfileId# defaultPaymentProfile`,
    'defaultShippingAddress profileType',
  ].join(' '),
  getCustomerProfileRequest: `${base} customerProfileId# merchantCustomerId<20 email unmaskExpirationDate includeIssuerInfo`,
  getCustomerPaymentProfileRequest: `${base} customerProfileId#! customerPaymentProfileId# unmaskExpirationDate includeIssuerInfo`,
  deleteCustomerPaymentProfileRequest: `${base} customerProfileId#! customerPaymentProfileId#!`,
  securePaymentContainerRequest: `${base} data:formData!`,
};

type Element = {
  name: string;
  required: boolean;
  digits: boolean;
  longest: number;
  many: boolean;
  type?: string | undefined;
};

const sequences = new Map<string, Element[]>(
  Object.entries(types).map(([name, line]) => [name, line.split(' ').map(readElement)]),
);

function readElement(text: string): Element {
  const [, name = '', marks = ''] = /^(\w+)(.*)$/.exec(text) ?? [];
  return {
    name,
    required: marks.includes('!'),
    digits: marks.includes('#'),
    longest: Number(/<(\d+)/.exec(marks)?.[1] ?? 4000),
    many: marks.includes('[]'),
    type: /:(\w+)/.exec(marks)?.[1],
  };
}

const space = 'AnetApi/xml/v1/schema/AnetApiSchema.xsd';

function valueFault(value: unknown, element: Element): string | undefined {
  if (element.many) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    for (const item of items) {
      const fault = valueFault(item, { ...element, many: false });
      if (fault) return fault;
    }
    return undefined;
  }
  if (element.type) return sequenceFault(element.type, element.name, value);
  if (value !== null && typeof value === 'object') return undefined;
  const text = String(value);
  const said = `The '${space}:${element.name}' element is invalid - The value XXX is invalid according to its datatype`;
  if (text.length > element.longest)
    return `${said} 'String' - The actual length is greater than the MaxLength value.`;
  if (element.digits && !/^\d+$/.test(text))
    return `${said} '${space}:numericString' - The Pattern constraint failed.`;
  return undefined;
}

const inElement = (name: string): string => `The element '${name}' in namespace '${space}'`;
const wanted = (names: string[]): string =>
  `List of possible elements expected: '${names.join(', ')}' in namespace '${space}'.`;

function sequenceFault(type: string, name: string, value: unknown): string | undefined {
  const sequence = sequences.get(type) ?? [];
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return `The element '${name}' in namespace '${space}' cannot contain text.`;
  let next = 0;
  for (const [key, child] of Object.entries(value)) {
    const at = sequence.findIndex((element) => element.name === key);
    const missed = sequence.slice(next, at < 0 ? next : at).find((element) => element.required);
    if (at < next || missed) {
      const expected = missed ? [missed.name] : sequence.slice(next).map((element) => element.name);
      return `${inElement(name)} has invalid child element '${key}' in namespace '${space}'. ${wanted(expected)}`;
    }
    const element = sequence[at];
    const fault = element && valueFault(child, element);
    if (fault) return fault;
    next = at + 1;
  }
  const missing = sequence.slice(next).find((element) => element.required);
  if (missing) return `${inElement(name)} has incomplete content. ${wanted([missing.name])}`;
  return undefined;
}

export const isKnownRequest = (root: string): boolean => root.endsWith('Request') && sequences.has(root);

/** What the schema says against a request, in the words of E00003; undefined when it is valid. */
export const schemaFault = (root: string, value: unknown): string | undefined =>
  sequenceFault(root, root, value);
