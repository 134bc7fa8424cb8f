import { randomUUID } from 'node:crypto';
import { type Call, type Fields, masked, ok, part, type Reply, refused, textOf } from './fake-answers.ts';
import {
  type Behaviour,
  type FakeAccount,
  findRow,
  type Instrument,
  later,
  nextId,
  type Profile,
} from './fake-books.ts';

const nonceLife_ms = 15 * 60_000;

/** The numbers of the vendor's testing guide. */
const brands: [string, RegExp][] = [
  ['AmericanExpress', /^3[47]/],
  ['Visa', /^4/],
  ['MasterCard', /^(5[1-5]|2[2-7])/],
  ['Discover', /^6/],
];
export const testNumbers = { card: '4111111111111111', bank: '123456789012' };

/** A card typed in full, as the hosted form sends it. The guide's postal code 46282 is declined. */
export function instrumentOfCard(card: Fields): Instrument | Reply {
  const number = textOf(card, 'cardNumber');
  const accountType = brands.find(([, start]) => start.test(number))?.[0];
  if (!accountType) return refused('E00027', 'The credit card number is invalid.');
  const [, month = '', year = ''] = /^(\d{2})-?(\d{2,4})$/.exec(textOf(card, 'expirationDate')) ?? [];
  const behaviour: Behaviour = textOf(card, 'zip') === '46282' ? 'decline' : 'approve';
  return { accountType, number, expiry: `${year.length === 2 ? `20${year}` : year}-${month}`, behaviour };
}

/** A nonce for an instrument, as the hosted form gets one. */
export function mintNonce(account: FakeAccount, instrument: Instrument): string {
  const value = Buffer.from(JSON.stringify({ code: '50_2_06000', token: randomUUID(), v: '1.1' })).toString(
    'base64',
  );
  account.nonces.set(value, { instrument, used: false, expiresAt: later(account.now, nonceLife_ms) });
  return value;
}

export const instrumentFor = (behaviour: Behaviour): Instrument =>
  behaviour.startsWith('bank')
    ? { accountType: 'eCheck', number: testNumbers.bank, expiry: '', behaviour }
    : { accountType: 'Visa', number: testNumbers.card, expiry: '2039-12', behaviour };

/** What the hosted form asks with the public key: numbers in, a nonce out. */
export function securePaymentContainer({ account, fields }: Call): Reply {
  const data = part(fields, 'data');
  const instrument = data.bankToken
    ? { ...instrumentFor('bank'), number: textOf(part(data, 'bankToken'), 'accountNumber') }
    : instrumentOfCard(part(data, 'token'));
  if ('body' in instrument) return instrument;
  const opaqueData = {
    dataDescriptor: 'COMMON.ACCEPT.INAPP.PAYMENT',
    dataValue: mintNonce(account, instrument),
  };
  return ok({ opaqueData });
}

export function spendNonce(account: FakeAccount, opaqueData: Fields): Instrument | Reply {
  const nonce = account.nonces.get(textOf(opaqueData, 'dataValue'));
  if (opaqueData.dataDescriptor !== 'COMMON.ACCEPT.INAPP.PAYMENT' || !nonce || nonce.used)
    return refused('E00114', 'Invalid OTS Token.');
  if (nonce.expiresAt < account.now) return refused('E00115', 'Expired OTS Token.');
  nonce.used = true;
  return nonce.instrument;
}

export function storedInstrument(
  account: FakeAccount,
  profileId: string,
  paymentProfileId: string,
): Instrument | Reply {
  return (
    account.profiles.get(profileId)?.methods.get(paymentProfileId) ??
    refused('E00040', 'Customer Profile ID or Customer Payment Profile ID not found.')
  );
}

const maskedPayment = (instrument: Instrument, unmask: boolean, issuer = false): Fields =>
  instrument.accountType === 'eCheck'
    ? {
        bankAccount: {
          accountType: 'checking',
          routingNumber: 'XXXX0021',
          accountNumber: masked(instrument.number),
          nameOnAccount: 'Ellen Johnson',
          echeckType: 'WEB',
        },
      }
    : {
        creditCard: {
          cardNumber: masked(instrument.number),
          expirationDate: unmask ? instrument.expiry : 'XXXX',
          cardType: instrument.accountType,
          ...(issuer && { issuerNumber: instrument.number.slice(0, 6) }),
        },
      };

export { maskedPayment };

function newProfile(account: FakeAccount, customer: Fields, instruments: Instrument[]): Reply {
  const ours = textOf(customer, 'merchantCustomerId');
  const [sameId] = [...account.profiles].find(([, each]) => each.merchantCustomerId === ours) ?? [];
  if (sameId) return refused('E00039', `A duplicate record with ID ${sameId} already exists.`);
  const methods = new Map(instruments.map((instrument) => [nextId(), instrument]));
  const customerProfileId = nextId();
  account.profiles.set(customerProfileId, {
    merchantCustomerId: ours,
    description: textOf(customer, 'description'),
    methods,
  });
  return ok({
    customerProfileId,
    customerPaymentProfileIdList: [...methods.keys()],
    customerShippingAddressIdList: [],
    validationDirectResponseList: [],
  });
}

export function createCustomerProfile({ account, fields }: Call): Reply {
  const customer = part(fields, 'profile');
  const given = customer.paymentProfiles;
  const instruments: Instrument[] = [];
  for (const each of (Array.isArray(given) ? given : given ? [given] : []) as Fields[]) {
    const instrument = spendNonce(account, part(part(each, 'payment'), 'opaqueData'));
    if ('body' in instrument) return instrument;
    instruments.push({ ...instrument, behaviour: storedBehaviour(instrument.behaviour) });
  }
  return newProfile(account, customer, instruments);
}

/** A method that was slow or lost once is an ordinary one when it is charged again. */
const storedBehaviour = (behaviour: Behaviour): Behaviour =>
  behaviour === 'decline' || behaviour.startsWith('bank') ? behaviour : 'approve';

export function createCustomerProfileFromTransaction({ account, fields }: Call): Reply {
  const row = findRow(account, fields.transId);
  if (!row || row.declined) return refused('E00040', 'The record cannot be found.');
  const instrument = { ...row.instrument, behaviour: storedBehaviour(row.instrument.behaviour) };
  return newProfile(account, part(fields, 'customer'), [instrument]);
}

const isSet = (flag: unknown): boolean => flag === true || flag === 'true';

const paymentProfileOnWire = (id: string, instrument: Instrument, fields: Fields): Fields => ({
  customerPaymentProfileId: id,
  payment: maskedPayment(instrument, isSet(fields.unmaskExpirationDate), isSet(fields.includeIssuerInfo)),
});

function findProfile(account: FakeAccount, fields: Fields): [string, Profile] | undefined {
  return [...account.profiles].find(
    ([id, profile]) =>
      id === textOf(fields, 'customerProfileId') ||
      (fields.merchantCustomerId !== undefined && profile.merchantCustomerId === fields.merchantCustomerId),
  );
}

const noRecord = (): Reply => refused('E00040', 'The record cannot be found.');

export function getCustomerProfile({ account, fields }: Call): Reply {
  const found = findProfile(account, fields);
  if (!found) return noRecord();
  const [customerProfileId, { merchantCustomerId, description, methods }] = found;
  const paymentProfiles = [...methods].map(([id, instrument]) =>
    paymentProfileOnWire(id, instrument, fields),
  );
  return ok({
    profile: { paymentProfiles, profileType: 'regular', customerProfileId, merchantCustomerId, description },
  });
}

export function getCustomerPaymentProfile({ account, fields }: Call): Reply {
  const id = textOf(fields, 'customerPaymentProfileId');
  const instrument = findProfile(account, fields)?.[1].methods.get(id);
  if (!instrument) return noRecord();
  const customerProfileId = textOf(fields, 'customerProfileId');
  return ok({ paymentProfile: { customerProfileId, ...paymentProfileOnWire(id, instrument, fields) } });
}

export function deleteCustomerPaymentProfile({ account, fields }: Call): Reply {
  const found = findProfile(account, fields);
  return found?.[1].methods.delete(textOf(fields, 'customerPaymentProfileId')) ? ok() : noRecord();
}
