import type {
  GatewayRefunds,
  RefundOutcome,
  RefundRequest,
  VoidOutcome,
} from '#features/payments/payment-gateway.ts';
import { toDecimal } from '#lib/money.ts';
import { isPassing, NoAnswer, orUnknown } from './api.ts';
import { readTransaction, transactionSettings, userFieldsOf } from './charge.ts';
import { detailsOf, findByNumber, type Reporting } from './find-transactions.ts';
import { carried } from './references.ts';
import { type Details, declineOf, type MaskedPayment, minorUnits, returnOf, wasNotTaken } from './words.ts';

/** "This transaction has already been voided." */
const alreadyVoided = '310';
/** "A duplicate transaction has been submitted." */
const duplicateCode = '11';
/** The outcome of these is not said: the processor was not reached, or did not answer. */
const uncertain = new Set([
  '19',
  '20',
  '21',
  '22',
  '23',
  '25',
  '26',
  '57',
  '58',
  '59',
  '60',
  '61',
  '62',
  '63',
  '120',
  '121',
  '122',
]);

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
  if (returned) return { outcome: 'failed', reference, ...declineOf(returned.code, returned.description) };
  if (status === 'refundSettledSuccessfully') return { outcome: 'settled', reference };
  if (status === 'voided')
    return {
      outcome: 'failed',
      reference,
      ...declineOf('voided', 'The refund was voided at Authorize.Net.'),
    };
  if (wasNotTaken(status)) {
    const { responseReasonCode, responseReasonDescription } = details;
    return { outcome: 'failed', reference, ...declineOf(responseReasonCode, responseReasonDescription) };
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

export function refundPort(reporting: Reporting): GatewayRefunds {
  const { api } = reporting;

  const sent = ({ refundId, requestedAt, at }: RefundRequest): Promise<Details | undefined> =>
    findByNumber(reporting, carried(refundId), { since: requestedAt, until: at });

  function replay(details: Details, { amount, currency }: RefundRequest): RefundOutcome {
    const made = minorUnits(details.requestedAmount ?? details.authAmount, currency);
    return made === amount
      ? refundOutcome(details)
      : { outcome: 'unknown', reason: 'Authorize.Net has this refund with another amount' };
  }

  async function refund(request: RefundRequest): Promise<RefundOutcome> {
    const { refundId, reference, amount, currency } = request;
    // Their own check compares amounts too, and forgets after eight hours.
    const earlier = await sent(request);
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
    const answer = await api.write('createTransaction', refundId, fields);
    if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
    const transaction = readTransaction(answer);
    if (!transaction) {
      if (answer.kind !== 'error' || isPassing(answer.code))
        throw new NoAnswer(
          `Authorize.Net says ${answer.kind === 'error' ? answer.code : 'nothing of a refund'}`,
        );
      return { outcome: 'failed', ...declineOf(answer.code, answer.text) };
    }
    const { responseCode, transId, errors } = transaction;
    if (responseCode === '1' && transId !== '0') return { outcome: 'submitted', reference: transId };
    const { errorCode, errorText } = errors[0] ?? { errorCode: '0', errorText: '' };
    if (errorCode === duplicateCode) {
      const first = transId === '0' ? await sent(request) : await detailsOf(reporting, transId);
      if (first) return replay(first, request);
    }
    if (
      (responseCode !== '2' && responseCode !== '3') ||
      errorCode === duplicateCode ||
      uncertain.has(errorCode)
    )
      throw new NoAnswer(`Authorize.Net answered a refund with response code ${responseCode}, ${errorCode}`);
    return { outcome: 'failed', ...declineOf(errorCode, errorText) };
  }

  async function voidCharge({ paymentId, reference }: { paymentId: string; reference: string }) {
    const fields = { transactionRequest: { transactionType: 'voidTransaction', refTransId: reference } };
    const answer = await api.write('createTransaction', paymentId, fields);
    if (answer.kind === 'lost') throw new NoAnswer(answer.reason);
    const transaction = readTransaction(answer);
    const said = [
      ...(transaction?.messages ?? []).map((each) => each.code),
      ...(transaction?.errors ?? []).map((each) => each.errorCode),
    ];
    if (transaction?.responseCode === '1' || said.includes(alreadyVoided))
      return { outcome: 'voided', reference } as const;
    const error = transaction?.errors[0];
    if (error && !uncertain.has(error.errorCode))
      return { outcome: 'refused', ...declineOf(error.errorCode, error.errorText) } as const;
    if (!error && answer.kind === 'error' && !isPassing(answer.code))
      return { outcome: 'refused', ...declineOf(answer.code, answer.text) } as const;
    throw new NoAnswer('Authorize.Net did not say what became of the void');
  }

  return {
    void: (input): Promise<VoidOutcome> => orUnknown(() => voidCharge(input)),
    refund: (request) => orUnknown(() => refund(request)),
    lookup: (request) =>
      orUnknown<RefundOutcome>(async () => {
        const details = await sent(request);
        return details ? refundOutcome(details) : { outcome: 'absent' };
      }),
  };
}

const tooEarly = {
  outcome: 'failed',
  code: 'too_early',
  message: 'Authorize.Net refunds a payment once it has settled; until its batch leaves it can be voided.',
} as const;
