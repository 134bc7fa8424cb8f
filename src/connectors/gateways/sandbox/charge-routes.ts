import { createHash, randomBytes } from 'node:crypto';
import { isCurrency, maxAmount } from '#lib/money.ts';
import type { Account, BookedCharge, Charge } from './accounts.ts';
import { correctedInstrument, declineReason, type Reason } from './charge-life.ts';
import type { Fact } from './facts.ts';
import { underFault } from './faults.ts';
import { statusAt } from './moves.ts';
import { pageOf } from './pages.ts';
import type { Instrument } from './read-instrument.ts';
import {
  type Call,
  chargeDone,
  chargeOnWire,
  clockOf,
  firstAnswer,
  isKey,
  type Reply,
  refusal,
  visibleStatus,
} from './wire.ts';

/** What the routes need of the running gateway. */
export type Gateway = {
  commit(fact: Fact): void;
  synced(): Promise<void>;
  /** Sends the webhooks of whatever has moved by now. */
  tell(account: Account): void;
  /** Sends the webhook of a charge's first state. */
  announceNew(account: Account, charge: BookedCharge): void;
  pause(wait_ms: number): Promise<void>;
  real_ms(): number;
  slowAnswer_ms: number;
};

export const newToken = (prefix: string): string => `${prefix}_sandbox_${randomBytes(15).toString('hex')}`;
const isText = (text: unknown, most: number): text is string =>
  typeof text === 'string' && text.length <= most;

type ChargeInput = {
  amount: number;
  currency: string;
  description: string;
  customerId: string;
  source: { kind: 'one_time' | 'stored'; token: string; store: boolean };
  /** What the payer agreed to; a token of the other kind is declined. */
  expect?: 'card' | 'bank_account';
};

function readCharge(body: Record<string, unknown>): ChargeInput | Reply {
  const { amount, currency, description, customer_id: customerId, source } = body;
  if (
    typeof amount !== 'number' ||
    !Number.isSafeInteger(amount) ||
    amount < 1 ||
    BigInt(amount) > maxAmount
  ) {
    return refusal(422, 'amount_invalid', 'amount is a whole number of minor units, 1 or more.', 'amount');
  }
  if (typeof currency !== 'string' || !isCurrency(currency)) {
    return refusal(422, 'currency_invalid', 'currency is an ISO 4217 code in capitals.', 'currency');
  }
  if (!isText(description, 500))
    return refusal(422, 'invalid', 'description is a text up to 500.', 'description');
  if (!isKey(customerId))
    return refusal(422, 'invalid', 'customer_id is your id of the customer.', 'customer_id');
  const { kind, token, store = false } = (source ?? {}) as Record<string, unknown>;
  if ((kind !== 'one_time' && kind !== 'stored') || !isKey(token) || typeof store !== 'boolean') {
    return refusal(422, 'invalid', 'source is { kind: one_time | stored, token, store? }.', 'source');
  }
  const { expect } = body;
  const input: ChargeInput = { amount, currency, description, customerId, source: { kind, token, store } };
  return expect === 'card' || expect === 'bank_account' ? { ...input, expect } : input;
}

export type SourceReading = { instrument?: Instrument; decline?: Reason };
const tokenGone = (code: string): SourceReading => ({
  decline: { code, message: 'The payment details are no longer valid. Enter them again.' },
});

export function readOneTimeToken(account: Account, token: string, real_ms: number): SourceReading {
  const known = account.tokens.get(token);
  if (!known) return tokenGone('token_unknown');
  if (known.used) return tokenGone('token_used');
  return known.expires_ms <= real_ms ? tokenGone('token_expired') : { instrument: known.instrument };
}

function readStoredMethod(account: Account, token: string, now_ms: number): SourceReading {
  const method = account.methods.get(token);
  if (method && !method.removed) {
    const { correction, instrument } = method;
    return { instrument: correction && correction.from_ms <= now_ms ? correction.instrument : instrument };
  }
  const code = method ? 'method_removed' : 'method_unknown';
  return { decline: { code, message: 'This payment method was removed. Use another one.' } };
}

/** Consent was to a card charge or to a bank debit; it does not carry over to the other. */
const otherKind = (instrument: Instrument, expect: ChargeInput['expect']): Reason | undefined =>
  expect === undefined || instrument.kind === expect
    ? undefined
    : { code: 'wrong_method', message: 'The payment details are of another kind than was agreed to.' };

function bookCharge(gateway: Gateway, call: Call, paymentId: string, input: ChargeInput): BookedCharge {
  const { account, now_ms } = call;
  const { source, expect, ...rest } = input;
  const reading =
    source.kind === 'stored'
      ? readStoredMethod(account, source.token, now_ms)
      : readOneTimeToken(account, source.token, gateway.real_ms());
  const { instrument } = reading;
  const decline =
    reading.decline ??
    (instrument &&
      (otherKind(instrument, expect) ?? declineReason(instrument, source.kind === 'stored', now_ms)));
  const store =
    source.kind === 'one_time' && source.store && instrument !== undefined && decline === undefined;
  const storedToken = store ? newToken('sm') : undefined;
  const charge: Charge = {
    id: newToken('ch'),
    paymentId,
    ...rest,
    created_ms: now_ms,
    fingerprint: fingerprintOf(call.body),
    ...(instrument && { instrument }),
    ...(decline && { decline }),
    ...(storedToken && { storedToken }),
    ...(source.kind === 'stored' &&
      instrument &&
      correctedInstrument(instrument) && { fromToken: source.token }),
  };
  // The method before the charge: a crash between the two lines leaves a method nobody knows of, never the
  // reverse.
  if (storedToken && instrument)
    gateway.commit({ k: 'method', a: account.key, token: storedToken, instrument });
  const usedToken = source.kind === 'one_time' && instrument ? { usedToken: source.token } : {};
  gateway.commit({ k: 'charge', a: account.key, charge, ...usedToken, ...clockOf(account) });
  const booked = account.charges.get(paymentId);
  if (!booked) throw new Error('a committed charge is booked');
  gateway.announceNew(account, booked);
  return booked;
}

export const fingerprintOf = (body: object): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** POST /v1/charges */
export async function postCharge(gateway: Gateway, call: Call): Promise<Reply> {
  const { account } = call;
  const paymentId = call.headers['idempotency-key'];
  if (!isKey(paymentId)) return refusal(400, 'key_missing', 'Send your payment id as Idempotency-Key.');
  const input = readCharge(call.body);
  if (!('source' in input)) return input;

  let made: BookedCharge | undefined;
  const answer = await underFault(gateway, account, () => {
    const known = account.charges.get(paymentId);
    if (known && known.fingerprint !== fingerprintOf(call.body)) {
      return refusal(422, 'idempotency_key_reused', 'This payment id was sent before with another request.');
    }
    if (!known) made = bookCharge(gateway, call, paymentId, input);
    const charge = known ?? made;
    if (!charge) throw new Error('a charge is known or made');
    // As it was when it was made: the stored answer does not grow older with the charge.
    const reply: Reply = { status: 200, json: chargeOnWire(charge, firstAnswer) };
    return known ? { ...reply, headers: { 'idempotent-replayed': 'true' } } : reply;
  });
  return made && 'status' in answer && answer.status === 200 ? disturbed(gateway, made, answer) : answer;
}

/** The test cards whose charge is made, but whose first answer does not arrive as it should. */
async function disturbed(gateway: Gateway, charge: BookedCharge, answer: Reply): Promise<Reply> {
  if (charge.decline) return answer;
  switch (charge.instrument?.behaviour) {
    case 'lost_answer':
      return { drop: true };
    case 'error_after_commit':
      return refusal(500, 'internal', 'Something went wrong.');
    case 'slow':
      await gateway.pause(gateway.slowAnswer_ms);
      return answer;
    default:
      return answer;
  }
}

/** GET /v1/charges/by-key/:paymentId */
export function getChargeByKey(gateway: Gateway, { account, id, now_ms }: Call): Reply {
  const charge = account.charges.get(id);
  if (!charge) return refusal(404, 'charge_not_found', 'No charge was made with this payment id.');
  if (charge.hiddenLookups > 0) gateway.commit({ k: 'looked_up', a: account.key, paymentId: id });
  return { status: 200, json: chargeOnWire(charge, now_ms) };
}

/** GET /v1/charges?limit=&starting_after= : oldest first. */
export const listCharges = ({ account, url, now_ms }: Call): Reply =>
  pageOf(account.list, url, (charge) => chargeOnWire(charge, now_ms));

/** GET /v1/totals: what really happened to the money, also of the charges that pretend to be processing. */
export function getTotals({ account, now_ms }: Call): Reply {
  const amount_captured: Record<string, number> = {};
  const amount_returned: Record<string, number> = {};
  const amount_refunded: Record<string, number> = {};
  const by_status: Record<string, number> = {};
  let captured = 0;
  const count = (
    sums: Record<string, number>,
    { currency, amount }: { currency: string; amount: number },
  ) => {
    sums[currency] = (sums[currency] ?? 0) + amount;
  };
  for (const charge of account.list) {
    const done = chargeDone(charge, now_ms);
    const truth = charge.moves[done - 1]?.status ?? 'processing';
    const shown = visibleStatus(charge, done);
    by_status[shown] = (by_status[shown] ?? 0) + 1;
    for (const refund of charge.refunds)
      if (statusAt(refund, now_ms) !== 'failed') count(amount_refunded, refund);
    if (truth === 'declined' || truth === 'voided') continue;
    count(truth === 'returned' ? amount_returned : amount_captured, charge);
    if (truth !== 'returned') captured += 1;
  }
  const sums = { amount_captured, amount_returned, amount_refunded };
  return { status: 200, json: { charges: account.list.length, captured, by_status, ...sums } };
}
