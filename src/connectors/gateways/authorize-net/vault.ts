import { z } from 'zod';
import type { GatewayMethods, MethodDetails } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { type Answer, type Api, isPassing, orUnavailable, told } from './api.ts';
import { carried } from './references.ts';
import {
  opaqueDataOf,
  readOneTimeToken,
  readStoredToken,
  type StoredToken,
  storedTokenOf,
} from './tokens.ts';
import { methodOfPayment, readAs, zPaymentProfile } from './words.ts';

/**
 * A customer profile holds one method: it is named by the method it was made for (or the payment it was made
 * from), so that the same request again finds what the first one made. A profile for each customer could not
 * tell a second card of a customer from a second attempt with the first.
 */
const profileOf = (ourId: string) => ({ merchantCustomerId: carried(ourId), description: ourId });

const zCreated = z.object({
  customerProfileId: z.string(),
  customerPaymentProfileIdList: z.array(z.string()).min(1),
});
const zProfile = z.object({
  profile: z.object({ customerProfileId: z.string(), paymentProfiles: z.array(zPaymentProfile).default([]) }),
});

const notFound = 'E00040';
const duplicate = 'E00039';

function createdIds(answer: Answer): StoredToken | undefined {
  if (answer.kind !== 'ok') return undefined;
  const { customerProfileId, customerPaymentProfileIdList } = readAs(zCreated, answer.body, 'a new profile');
  return { profileId: customerProfileId, paymentProfileId: customerPaymentProfileIdList[0] ?? '' };
}

/** What an earlier request with the same id left behind; undefined when there was none. */
async function earlierIds(api: Api, ourId: string, answer: Answer): Promise<StoredToken | undefined> {
  // "A duplicate record with ID 20382791 already exists."
  const named =
    answer.kind === 'error' && answer.code === duplicate ? /\bID (\d+)/.exec(answer.text)?.[1] : undefined;
  const question = named ? { customerProfileId: named } : { merchantCustomerId: carried(ourId) };
  const found = await api.read('getCustomerProfile', question);
  if (found.kind === 'error' && found.code === notFound) return undefined;
  const { profile } = readAs(zProfile, await told(Promise.resolve(found)), 'a profile');
  const [first] = profile.paymentProfiles;
  return first && { profileId: profile.customerProfileId, paymentProfileId: first.customerPaymentProfileId };
}

const binOf = (issuer: string | undefined): { bin?: string } =>
  issuer && /^\d{6,8}$/.test(issuer) ? { bin: issuer } : {};

const zExpiry = /^(\d{4})-(\d{2})$/;

async function methodIn(api: Api, ids: StoredToken): Promise<MethodDetails> {
  const body = await told(
    api.read('getCustomerPaymentProfile', {
      customerProfileId: ids.profileId,
      customerPaymentProfileId: ids.paymentProfileId,
      unmaskExpirationDate: true,
      includeIssuerInfo: true,
    }),
  );
  const { payment } = readAs(z.object({ paymentProfile: zPaymentProfile }), body, 'a profile').paymentProfile;
  const [, year, month] = zExpiry.exec(payment.creditCard?.expirationDate ?? '') ?? [];
  const method = methodOfPayment(payment);
  return {
    ...method,
    ...(year && month && { expiry: { year: Number(year), month: Number(month) } }),
    ...binOf(payment.creditCard?.issuerNumber),
    storedToken: storedTokenOf(ids, method),
  };
}

/**
 * Stores the method of a charge that was made, under the payment's id. Undefined when it cannot be stored:
 * the payment stands either way.
 */
export async function storeFromCharge(
  api: Api,
  paymentId: string,
  charge: { reference: string; method: MethodDetails },
): Promise<{ storedToken?: string; bin?: string }> {
  const fields = { transId: charge.reference, customer: profileOf(paymentId) };
  const answer = await api.write('createCustomerProfileFromTransaction', paymentId, fields);
  const ids =
    createdIds(answer) ??
    (answer.kind === 'error' && answer.code === duplicate
      ? await earlierIds(api, paymentId, answer)
      : undefined);
  if (!ids) return {};
  return { storedToken: storedTokenOf(ids, charge.method), ...(await binIn(api, ids)) };
}

/** The first digits of a stored card; where they are not told now, it stays a card of unknown kind. */
async function binIn(api: Api, ids: StoredToken): Promise<{ bin?: string }> {
  const found = await api.read('getCustomerPaymentProfile', {
    customerProfileId: ids.profileId,
    customerPaymentProfileId: ids.paymentProfileId,
    includeIssuerInfo: true,
  });
  const read = z.object({ paymentProfile: zPaymentProfile }).safeParse(found.kind === 'ok' && found.body);
  return binOf(read.data?.paymentProfile.payment.creditCard?.issuerNumber);
}

export function vault(api: Api): GatewayMethods {
  return {
    store: ({ methodId, token }) =>
      orUnavailable(async () => {
        const payment = opaqueDataOf(readOneTimeToken(token).nonce);
        const profile = { ...profileOf(methodId), paymentProfiles: [{ payment }] };
        const answer = await api.write('createCustomerProfile', methodId, {
          profile,
          validationMode: 'none',
        });
        const ids = createdIds(answer);
        if (ids) return methodIn(api, ids);
        if (answer.kind !== 'error' || isPassing(answer.code)) {
          await told(Promise.resolve(answer));
          throw new Error('an answer that is no error was not read');
        }
        // A token is used up by the first request: the same request again may be refused for it.
        const earlier = await earlierIds(api, methodId, answer);
        if (earlier) return methodIn(api, earlier);
        throw new Refusal('invalid_request', { message: answer.text, param: 'token' });
      }),
    remove: ({ storedToken }) =>
      orUnavailable(async () => {
        const ids = readStoredToken(storedToken);
        if (!ids)
          throw new Refusal('invalid_request', 'This is no payment method stored with Authorize.Net.');
        const fields = { customerProfileId: ids.profileId, customerPaymentProfileId: ids.paymentProfileId };
        const answer = await api.write('deleteCustomerPaymentProfile', storedToken, fields);
        if (answer.kind === 'error' && answer.code === notFound) return;
        await told(Promise.resolve(answer));
      }),
  };
}
