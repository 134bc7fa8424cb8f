import type {
  GatewayRefunds,
  RefundOutcome,
  RefundRequest,
  VoidOutcome,
} from '#features/payments/payment-gateway.ts';
import { toDecimal } from '#lib/money.ts';
import { type Answer, isPassing, NoAnswer, orUnknown } from './api.ts';
import { readTransaction, transactionSettings, userFieldsOf } from './charge.ts';
import { detailsOf, findByNumber, type Reporting } from './find-transactions.ts';
import { carried } from './references.ts';
import {
  type Details,
  duplicateCode,
  isUncertain,
  type MaskedPayment,
  minorUnits,
  returnOf,
  vendorWords,
  wasNotTaken,
} from './words.ts';

/** "This transaction has already been voided." */
const alreadyVoided = '310';

/** What a linked refund must repeat of the charge: the last four digits, masked as they were told. */
function refundedTo({ creditCard, bankAccount }: MaskedPayment): object {
  if (creditCard)
    return { creditCard: { cardNumber: creditCard.cardNumber.slice(-4), expirationDate: 'XXXX' } };
  if (!bankAccount) throw new NoAnswer('Authorize.Net named no card and no bank account');
  const { accountType, routingNumber, accountNumber, nameOnAccount, echeckType } = bankAccount;
  return {
    bankAccount: {
      ...(accountType && { accountType }),
      routingNumber,
      accountNumber,
      nameOnAccount: nameOnAccount.slice(0, 22),
      ...(echeckType && { echeckType }),
    },
  };
}

function refundOutcome(details: Details): RefundOutcome {
  const { transId: reference, transactionStatus: status } = details;
  const returned = returnOf(details);
  if (returned) return { outcome: 'failed', reference, ...vendorWords(returned.code, returned.description) };
  if (status === 'refundSettledSuccessfully') return { outcome: 'settled', reference };
  if (status === 'voided')
    return {
      outcome: 'failed',
      reference,
      ...vendorWords('voided', 'The refund was voided at Authorize.Net.'),
    };
  if (wasNotTaken(status)) {
    const { responseReasonCode, responseReasonDescription } = details;
    return { outcome: 'failed', reference, ...vendorWords(responseReasonCode, responseReasonDescription) };
  }
  const underWay = [
    'refundPendingSettlement',
    'pendingSettlement',
    'updatingSettlement',
    'pendingFinalSettlement',
  ];
  if (underWay.includes(status)) return { outcome: 'submitted', reference };
  return { outcome: 'unknown', reason: `Authorize.Net says ${status}` };
}

const tooEarly = {
  outcome: 'failed',
  code: 'too_early',
  message: 'Authorize.Net refunds a payment once it has settled; until its batch leaves it can be voided.',
} as const;

const sent = (
  reporting: Reporting,
  { refundId, requestedAt, at }: RefundRequest,
): Promise<Details | undefined> =>
  findByNumber(reporting, carried(refundId), { since: requestedAt, until: at });

function replay(details: Details, { amount, currency }: RefundRequest): RefundOutcome {
  const made = minorUnits(details.requestedAmount ?? details.authAmount, currency);
  return made === amount
    ? refundOutcome(details)
    : { outcome: 'unknown', reason: 'Authorize.Net has this refund with another amount' };
}

/** What the answer to a refund says became of it. */
async function refunded(
  reporting: Reporting,
  request: RefundRequest,
  answer: Answer,
): Promise<RefundOutcome> {
  if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
  const transaction = readTransaction(answer);
  if (!transaction) {
    if (answer.kind !== 'error' || isPassing(answer.code))
      throw new NoAnswer(
        `Authorize.Net says ${answer.kind === 'error' ? answer.code : 'nothing of a refund'}`,
      );
    return { outcome: 'failed', ...vendorWords(answer.code, answer.text) };
  }
  const { responseCode, transId, errors } = transaction;
  if (responseCode === '1' && transId !== '0') return { outcome: 'submitted', reference: transId };
  const { errorCode, errorText } = errors[0] ?? { errorCode: '0', errorText: '' };
  if (errorCode === duplicateCode) {
    const first = transId === '0' ? await sent(reporting, request) : await detailsOf(reporting, transId);
    if (first) return replay(first, request);
  }
  if ((responseCode !== '2' && responseCode !== '3') || errorCode === duplicateCode || isUncertain(errorCode))
    throw new NoAnswer(`Authorize.Net answered a refund with response code ${responseCode}, ${errorCode}`);
  return { outcome: 'failed', ...vendorWords(errorCode, errorText) };
}

async function refund(reporting: Reporting, request: RefundRequest): Promise<RefundOutcome> {
  const { refundId, reference, amount, currency } = request;
  // Their own check compares amounts too, and forgets after eight hours.
  const earlier = await sent(reporting, request);
  if (earlier) return replay(earlier, request);
  const charge = await detailsOf(reporting, reference);
  if (charge.transactionStatus !== 'settledSuccessfully') return tooEarly;
  const fields = {
    transactionRequest: {
      transactionType: 'refundTransaction',
      amount: toDecimal(amount, currency),
      currencyCode: currency,
      payment: refundedTo(charge.payment),
      refTransId: reference,
      order: { invoiceNumber: carried(refundId) },
      transactionSettings,
      userFields: userFieldsOf('refund_id', refundId),
    },
  };
  return refunded(reporting, request, await reporting.api.write('createTransaction', refundId, fields));
}

async function voidCharge(
  { api }: Reporting,
  { paymentId, reference }: { paymentId: string; reference: string },
): Promise<VoidOutcome> {
  const fields = { transactionRequest: { transactionType: 'voidTransaction', refTransId: reference } };
  const answer = await api.write('createTransaction', paymentId, fields);
  if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
  const transaction = readTransaction(answer);
  const said = [
    ...(transaction?.messages ?? []).map((each) => each.code),
    ...(transaction?.errors ?? []).map((each) => each.errorCode),
  ];
  if (transaction?.responseCode === '1' || said.includes(alreadyVoided))
    return { outcome: 'voided', reference };
  const error = transaction?.errors[0];
  if (error && !isUncertain(error.errorCode))
    return { outcome: 'refused', ...vendorWords(error.errorCode, error.errorText) };
  if (!error && answer.kind === 'error' && !isPassing(answer.code))
    return { outcome: 'refused', ...vendorWords(answer.code, answer.text) };
  throw new NoAnswer('Authorize.Net did not say what became of the void');
}

export const refundPort = (reporting: Reporting): GatewayRefunds => ({
  void: (input) => orUnknown(() => voidCharge(reporting, input)),
  refund: (request) => orUnknown(() => refund(reporting, request)),
  lookup: (request) =>
    orUnknown<RefundOutcome>(async () => {
      const details = await sent(reporting, request);
      return details ? refundOutcome(details) : { outcome: 'absent' };
    }),
});
