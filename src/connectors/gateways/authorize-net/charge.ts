import type {
  ChargeRequest,
  GatewayOutcome,
  LookupRequest,
  MethodDetails,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { maxAmount, toDecimal } from '#lib/money.ts';
import { type Answer, isPassing, NoAnswer, orUnknown } from './api.ts';
import { detailsOf, findByNumber, type Reporting } from './find-transactions.ts';
import { carried, madeAt } from './references.ts';
import { type OneTimeToken, opaqueDataOf, readOneTimeToken, readStoredToken, withExpiry } from './tokens.ts';
import { storeFromCharge } from './vault.ts';
import {
  chargeOutcome,
  type Details,
  declineOf,
  duplicateCode,
  isUncertain,
  methodOf,
  minorUnits,
  type TransactionResponse,
  zTransactionResponse,
} from './words.ts';

/** The longest that Authorize.Net remembers a request to compare the next one with: eight hours. */
export const duplicateWindow_s = 28_800;
/** A payment younger than this cannot have been sent before the window that still remembers it. */
const surelyRemembered_ms = 3_600_000;
const day_ms = 86_400_000;

export const transactionSettings = {
  setting: [
    { settingName: 'duplicateWindow', settingValue: String(duplicateWindow_s) },
    // Receipts are ours to send.
    { settingName: 'emailCustomer', settingValue: 'false' },
  ],
};
/** Echoed in the answer and shown nowhere else; the invoice number is what later finds the transaction. */
export const userFieldsOf = (name: string, id: string) => ({ userField: [{ name, value: id }] });

type Paid = Extract<GatewayOutcome, { method: MethodDetails }>;
type Source = { paying: object; kind?: string | undefined; token?: OneTimeToken };

function readSource({ source }: ChargeRequest): Source | undefined {
  if (source.kind === 'one_time') {
    const token = readOneTimeToken(source.token);
    return { paying: { payment: opaqueDataOf(token.nonce) }, kind: token.kind, token };
  }
  const stored = readStoredToken(source.token);
  if (!stored) return undefined;
  const paymentProfile = { paymentProfileId: stored.paymentProfileId };
  return { paying: { profile: { customerProfileId: stored.profileId, paymentProfile } }, kind: stored.kind };
}

function transactionRequest(request: ChargeRequest, { paying }: Source): object {
  const { amount, currency, paymentId, description, customerId, source } = request;
  return {
    transactionType: 'authCaptureTransaction',
    amount: toDecimal(amount, currency),
    currencyCode: currency,
    ...paying,
    order: { invoiceNumber: carried(paymentId), description: description.slice(0, 255) },
    // A profile brings its own customer, and a second one beside it is refused.
    ...(source.kind === 'one_time' && { customer: { id: carried(customerId) } }),
    transactionSettings,
    userFields: userFieldsOf('payment_id', paymentId),
  };
}

export function readTransaction(answer: Answer): TransactionResponse | undefined {
  if (answer.kind === 'lost' || !answer.body.transactionResponse) return undefined;
  const read = zTransactionResponse.safeParse(answer.body.transactionResponse);
  // An error without a transaction carries an empty one.
  return read.success ? read.data : undefined;
}

/** A replayed charge tells what it told: whether it was taken, not how far it has come since. */
function asFirstTold(outcome: GatewayOutcome): GatewayOutcome {
  switch (outcome.outcome) {
    case 'settling':
    case 'settled':
    case 'accepted':
    case 'collected': {
      const told = outcome.method.kind === 'card' ? 'approved' : 'submitted';
      return { ...outcome, outcome: told };
    }
    default:
      return outcome;
  }
}

const wrongMethod = {
  outcome: 'declined',
  code: 'wrong_method',
  message: 'This is not the kind of payment that was agreed to.',
} as const;

async function complete(
  { api }: Reporting,
  outcome: GatewayOutcome,
  { paymentId, source }: Pick<LookupRequest, 'paymentId' | 'source'>,
): Promise<GatewayOutcome> {
  if (!('method' in outcome) || !outcome.method || outcome.outcome === 'declined') return outcome;
  if (source?.kind !== 'one_time') return outcome;
  const paid: Paid = { ...outcome, method: withExpiry(outcome.method, readOneTimeToken(source.token)) };
  const stored = source.store ? await storeFromCharge(api, paymentId, paid) : {};
  return { ...paid, method: { ...paid.method, ...stored } };
}

async function replay(
  reporting: Reporting,
  details: Details,
  request: ChargeRequest,
): Promise<GatewayOutcome> {
  const made = minorUnits(details.requestedAmount ?? details.authAmount, request.currency);
  const number = details.order?.invoiceNumber;
  if (made !== request.amount || number !== carried(request.paymentId))
    return { outcome: 'unknown', reason: 'Authorize.Net has this payment with another amount' };
  return complete(reporting, asFirstTold(chargeOutcome(details)), request);
}

/** All that may have been sent of this payment, however long ago, and whatever settled since. */
async function sentBefore(
  reporting: Reporting,
  { paymentId, at }: ChargeRequest,
): Promise<Details | undefined> {
  const made_ms = Math.min(madeAt('payment', paymentId)?.getTime() ?? at.getTime(), at.getTime());
  const span = { since: new Date(made_ms - day_ms), until: new Date(at.getTime() + 29 * day_ms) };
  return findByNumber(reporting, carried(paymentId), span);
}

async function approved(
  reporting: Reporting,
  request: ChargeRequest,
  answer: TransactionResponse,
): Promise<GatewayOutcome> {
  const { transId: reference, accountType, accountNumber } = answer;
  if (reference === '0')
    return { outcome: 'unknown', reason: 'the Authorize.Net account is in test mode: nothing was charged' };
  const method = methodOf(accountType, accountNumber);
  if (request.kind && request.kind !== method.kind) return takeBack(reporting, request, reference);
  const outcome = method.kind === 'card' ? 'approved' : 'submitted';
  return complete(reporting, { outcome, reference, method }, request);
}

/** The payer agreed to the other kind, and the token lied: what was taken is voided before it leaves. */
async function takeBack(
  { api }: Reporting,
  { paymentId }: ChargeRequest,
  reference: string,
): Promise<GatewayOutcome> {
  const fields = { transactionRequest: { transactionType: 'voidTransaction', refTransId: reference } };
  const answer = readTransaction(await api.write('createTransaction', paymentId, fields));
  if (answer?.responseCode === '1') return { ...wrongMethod, reference };
  return { outcome: 'unknown', reason: 'a charge of the wrong kind could not be voided yet' };
}

async function decided(
  reporting: Reporting,
  request: ChargeRequest,
  answer: TransactionResponse,
): Promise<GatewayOutcome> {
  const { transId, responseCode, errors, accountType, accountNumber } = answer;
  if (responseCode === '1') return approved(reporting, request, answer);
  if (responseCode === '4')
    return { outcome: 'unknown', reason: 'Authorize.Net holds the payment for review' };
  const { errorCode, errorText } = errors[0] ?? { errorCode: '0', errorText: '' };
  if (responseCode === '2') {
    const method = methodOf(accountType, accountNumber);
    return { outcome: 'declined', reference: transId, ...declineOf(errorCode, errorText), method };
  }
  if (responseCode !== '3')
    return { outcome: 'unknown', reason: `Authorize.Net answered with response code ${responseCode}` };
  if (errorCode === duplicateCode) {
    const first =
      transId === '0' ? await sentBefore(reporting, request) : await detailsOf(reporting, transId);
    return first
      ? replay(reporting, first, request)
      : { outcome: 'unknown', reason: 'Authorize.Net says it is a duplicate of what it does not show' };
  }
  if (isUncertain(errorCode)) return { outcome: 'unknown', reason: `Authorize.Net says error ${errorCode}` };
  return { outcome: 'declined', ...declineOf(errorCode, errorText) };
}

async function charge(reporting: Reporting, request: ChargeRequest): Promise<GatewayOutcome> {
  const { amount, paymentId, at, kind } = request;
  if (amount < 1n || amount > maxAmount) throw new Error('a charge is 1 minor unit to maxAmount');
  const source = readSource(request);
  if (!source)
    return { outcome: 'declined', code: 'method_gone', message: 'This payment method is not known.' };
  if (kind && source.kind && source.kind !== kind) return wrongMethod;
  const age_ms = at.getTime() - (madeAt('payment', paymentId)?.getTime() ?? at.getTime());
  if (age_ms > surelyRemembered_ms) {
    // Sent hours ago and never recorded here, it would be taken for a new one: ask before sending.
    const earlier = await sentBefore(reporting, request);
    if (earlier) return replay(reporting, earlier, request);
  }
  const fields = { transactionRequest: transactionRequest(request, source) };
  const answer = await reporting.api.write('createTransaction', paymentId, fields);
  if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
  const transaction = readTransaction(answer);
  if (transaction) return decided(reporting, request, transaction);
  if (answer.kind !== 'error' || isPassing(answer.code))
    throw new NoAnswer(`Authorize.Net says ${answer.kind === 'error' ? answer.code : 'nothing of a charge'}`);
  // Refused for good, a used token among it: unless an earlier request with it was this very payment.
  const earlier = await sentBefore(reporting, request);
  return earlier
    ? replay(reporting, earlier, request)
    : { outcome: 'declined', ...declineOf(answer.code, answer.text) };
}

async function lookup(reporting: Reporting, request: LookupRequest): Promise<GatewayOutcome> {
  const { paymentId, reference, requestedAt, at } = request;
  const span = { since: requestedAt, until: at };
  const details = reference
    ? await detailsOf(reporting, reference)
    : await findByNumber(reporting, carried(paymentId), span);
  return details ? complete(reporting, chargeOutcome(details), request) : { outcome: 'absent' };
}

export const chargePort = (reporting: Reporting): Pick<PaymentGateway, 'charge' | 'lookup'> => ({
  charge: (request) => orUnknown(() => charge(reporting, request)),
  lookup: (request) => orUnknown(() => lookup(reporting, request)),
});
