import { currencyDigits, parseDecimal } from '#lib/money.ts';
import { type Call, type Fields, masked, ok, part, type Reply, refused, textOf } from './fake-answers.ts';
import {
  book,
  type FakeAccount,
  findRow,
  type Instrument,
  nextId,
  type Row,
  refunded,
  statusOf,
  visible,
} from './fake-books.ts';
import { instrumentOfCard, spendNonce, storedInstrument } from './fake-vault.ts';

type Told = { code: string; text: string };
const reasons = {
  approved: { code: '1', text: 'This transaction has been approved.' },
  declined: { code: '2', text: 'This transaction has been declined.' },
  amount: { code: '5', text: 'A valid amount is required.' },
  duplicate: { code: '11', text: 'A duplicate transaction has been submitted.' },
  notFound: { code: '16', text: 'The transaction cannot be found.' },
  currency: {
    code: '39',
    text: 'The supplied currency code is either invalid, not supported, not allowed for this merchant or does not have an exchange rate.',
  },
  notSettled: {
    code: '54',
    text: 'The referenced transaction does not meet the criteria for issuing a credit.',
  },
  tooMuch: {
    code: '55',
    text: 'The sum of credits against the referenced transaction would exceed original debit amount.',
  },
  held: { code: '252', text: 'Your order has been received. Thank you for your business!' },
  voided: { code: '310', text: 'This transaction has already been voided.' },
} satisfies Record<string, Told>;

/** A transactionResponse: `code` 1 approved, 2 declined, 3 error, 4 held. */
function transactionResponse(
  code: '1' | '2' | '3' | '4',
  told: Told,
  about: { transId: string; instrument?: Instrument; userFields?: unknown },
): Reply {
  const { transId, instrument, userFields } = about;
  const isGood = code === '1' || code === '4';
  const response: Fields = {
    responseCode: code,
    authCode: code === '1' ? 'HW617E' : '',
    avsResultCode: 'Y',
    cvvResultCode: 'P',
    cavvResultCode: '2',
    transId,
    refTransID: '',
    transHash: '',
    testRequest: '0',
    accountNumber: instrument ? masked(instrument.number) : '',
    accountType: instrument?.accountType ?? '',
    ...(isGood
      ? { messages: [{ code: told.code, description: told.text }] }
      : { errors: [{ errorCode: told.code, errorText: told.text }] }),
    ...(userFields ? { userFields } : {}),
    transHashSha2: '',
    SupplementalDataQualificationIndicator: 0,
  };
  // A decline is a transaction that was made; an error is one that was not.
  return code === '3'
    ? refused('E00027', 'The transaction was unsuccessful.', { transactionResponse: response })
    : ok({ transactionResponse: response });
}

const settingOf = (request: Fields, name: string): string | undefined => {
  const all = part(request, 'transactionSettings').setting;
  const settings = (Array.isArray(all) ? all : all ? [all] : []) as Fields[];
  const found = settings.find((each) => each.settingName === name);
  return found && textOf(found, 'settingValue');
};

/** The row that a request repeats, within the window that the request itself names, or two minutes. */
function repeated(
  account: FakeAccount,
  likeness: string,
  request: Fields,
): { row: Row; asked: boolean } | undefined {
  const asked = settingOf(request, 'duplicateWindow');
  const window_s = Math.min(Number(asked ?? 120), 28_800);
  const row = account.rows.find(
    (each) =>
      each.likeness === likeness && account.now.getTime() - each.submittedAt.getTime() < window_s * 1000,
  );
  return row && { row, asked: asked !== undefined };
}

type Request = {
  account: FakeAccount;
  request: Fields;
  amount: bigint;
  instrument: Instrument;
  refId: string | undefined;
};

function make({ account, request, amount, instrument, refId }: Request, type: Row['type']): Reply {
  const order = part(request, 'order');
  const refTransId = textOf(request, 'refTransId');
  const customerId = textOf(part(request, 'customer'), 'id');
  const invoiceNumber = textOf(order, 'invoiceNumber');
  const likeness = [type, amount, instrument.accountType, instrument.number, invoiceNumber, customerId].join(
    ' ',
  );
  const first = repeated(account, likeness, request);
  if (first) {
    const transId = first.asked ? first.row.transId : '0';
    return transactionResponse('3', reasons.duplicate, { transId, instrument });
  }
  const { behaviour } = instrument;
  const row: Row = {
    transId: account.testMode ? '0' : nextId(),
    type,
    amount,
    submittedAt: account.now,
    instrument,
    invoiceNumber,
    customerId,
    refId: refId ?? '',
    likeness,
    ...(refTransId && { refTransId }),
    ...(behaviour === 'decline' && { declined: reasons.declined }),
    ...(behaviour === 'hold' && { heldFor: 2 }),
  };
  if (!account.testMode) book(account, row);
  const userFields = part(request, 'userFields').userField;
  const about = { transId: row.transId, instrument, userFields };
  if (row.declined) return transactionResponse('2', row.declined, about);
  if (row.heldFor !== undefined) return transactionResponse('4', reasons.held, about);
  const fates = { slow: 'slow', lost_answer: 'drop', error_after_commit: 'fail' } as const;
  const fate = type === 'authCaptureTransaction' ? fates[behaviour as keyof typeof fates] : undefined;
  return { ...transactionResponse('1', reasons.approved, about), ...(fate && { fate }) };
}

function charge({ account, fields, refId }: Call, request: Fields, amount: bigint): Reply {
  const profile = part(request, 'profile');
  const payment = part(request, 'payment');
  if (request.profile && request.payment)
    return refused('E00090', 'PaymentProfile cannot be sent with payment data.', { transactionResponse: {} });
  if (request.profile && request.customer)
    return refused('E00102', 'Customer Info is missing.', { transactionResponse: {} });
  const source = request.profile
    ? storedInstrument(
        account,
        textOf(profile, 'customerProfileId'),
        textOf(part(profile, 'paymentProfile'), 'paymentProfileId'),
      )
    : payment.opaqueData
      ? spendNonce(account, part(payment, 'opaqueData'))
      : instrumentOfCard(part(payment, 'creditCard'));
  if ('body' in source) return { body: { transactionResponse: {}, ...source.body } };
  return make(
    { account, request: { ...fields, ...request }, amount, instrument: source, refId },
    'authCaptureTransaction',
  );
}

function refund({ account, refId }: Call, request: Fields, amount: bigint): Reply {
  const charged = findRow(account, request.refTransId);
  const error = (told: Told): Reply => transactionResponse('3', told, { transId: '0' });
  if (charged?.type !== 'authCaptureTransaction') return error(reasons.notFound);
  if (statusOf(charged, account.now) !== 'settledSuccessfully') return error(reasons.notSettled);
  const payment = part(request, 'payment');
  const given =
    textOf(part(payment, 'creditCard'), 'cardNumber') ||
    textOf(part(payment, 'bankAccount'), 'accountNumber');
  if (given.slice(-4) !== charged.instrument.number.slice(-4)) return error(reasons.notSettled);
  const order = part(request, 'order');
  const again = account.rows.some(
    (row) =>
      row.type === 'refundTransaction' &&
      row.amount === amount &&
      row.invoiceNumber === textOf(order, 'invoiceNumber'),
  );
  const before = refunded(account).filter((row) => row.refTransId === charged.transId);
  const sum = before.reduce((total, row) => total + row.amount, amount);
  if (sum > charged.amount && !again) return error(reasons.tooMuch);
  const instrument = { ...charged.instrument, behaviour: 'approve' as const };
  return make({ account, request, amount, instrument, refId }, 'refundTransaction');
}

function voidCharge({ account }: Call, request: Fields): Reply {
  const row = findRow(account, request.refTransId);
  const about = { transId: row?.transId ?? '0', ...(row && { instrument: row.instrument }) };
  if (!row) return transactionResponse('3', reasons.notFound, about);
  if (row.voided) return transactionResponse('1', reasons.voided, about);
  const status = statusOf(row, account.now);
  if (!['capturedPendingSettlement', 'FDSPendingReview', 'refundPendingSettlement'].includes(status))
    return transactionResponse('3', reasons.notFound, about);
  row.voided = true;
  return transactionResponse('1', reasons.approved, about);
}

export function createTransaction(call: Call): Reply {
  const { account, fields } = call;
  const request = part(fields, 'transactionRequest');
  if (request.transactionType === 'voidTransaction') return voidCharge(call, request);
  const currency = textOf(request, 'currencyCode') || (account.currencies[0] ?? 'USD');
  if (!account.currencies.includes(currency))
    return transactionResponse('3', reasons.currency, { transId: '0' });
  const amount = parseDecimal(textOf(request, 'amount'), currency);
  if (amount === undefined || amount <= 0n || currencyDigits(currency) > 2)
    return transactionResponse('3', reasons.amount, { transId: '0' });
  switch (request.transactionType) {
    case 'authCaptureTransaction':
      return charge(call, request, amount);
    case 'refundTransaction':
      return refund(call, request, amount);
    default:
      return refused('E00013', 'transactionType is invalid.');
  }
}

/** The row that a createTransactionRequest made or changed, for those who want to be told of it. */
export const rowOf = (account: FakeAccount, reply: Reply): Row | undefined =>
  visible(account).find((row) => row.transId === textOf(part(reply.body, 'transactionResponse'), 'transId'));
