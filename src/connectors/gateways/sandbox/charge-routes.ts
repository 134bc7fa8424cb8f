import { createHash, randomBytes } from 'node:crypto';
import { isCurrency, maxAmount } from '#lib/money.ts';
import type { Account, BookedCharge, Charge, Fact } from './accounts.ts';
import { declineReason, movesDone, type Reason } from './charge-life.ts';
import { takeFault } from './faults.ts';
import type { Instrument } from './read-instrument.ts';
import { type Call, chargeOnWire, isKey, type Reply, refusal, visibleStatus } from './wire.ts';

/** What the routes need of the running gateway. */
export type Gateway = {
  commit(fact: Fact): void;
  synced(): Promise<void>;
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

function readStoredMethod(account: Account, token: string): SourceReading {
  const method = account.methods.get(token);
  if (method && !method.removed) return { instrument: method.instrument };
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
      ? readStoredMethod(account, source.token)
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
  };
  // The method before the charge: a crash between the two lines leaves a method nobody knows of, never the
  // reverse.
  if (storedToken && instrument)
    gateway.commit({ k: 'method', a: account.key, token: storedToken, instrument });
  const usedToken = source.kind === 'one_time' && instrument ? { usedToken: source.token } : {};
  const clock = account.clock && { clock: account.clock };
  gateway.commit({ k: 'charge', a: account.key, charge, ...usedToken, ...clock });
  const booked = account.charges.get(paymentId);
  if (!booked) throw new Error('a committed charge is booked');
  gateway.announceNew(account, booked);
  return booked;
}

const fingerprintOf = (body: object): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** POST /v1/charges */
export async function postCharge(gateway: Gateway, call: Call): Promise<Reply> {
  const { account } = call;
  const paymentId = call.headers['idempotency-key'];
  if (!isKey(paymentId)) return refusal(400, 'key_missing', 'Send your payment id as Idempotency-Key.');
  const input = readCharge(call.body);
  if (!('source' in input)) return input;

  const fault = takeFault(account.faults, 'charge');
  if (fault?.name === 'drop_before_commit') return { drop: true };
  if (fault?.name === 'http_503_before_commit')
    return refusal(503, 'unavailable', 'Nothing was done. Try again.');
  if (fault?.name === 'rate_limited') {
    const reply = refusal(429, 'rate_limited', 'Nothing was done. Try again later.');
    return { ...reply, headers: { 'retry-after': String(fault.retryAfter_s) } };
  }

  const known = account.charges.get(paymentId);
  if (known && known.fingerprint !== fingerprintOf(call.body)) {
    return refusal(422, 'idempotency_key_reused', 'This payment id was sent before with another request.');
  }
  const charge = known ?? bookCharge(gateway, call, paymentId, input);
  // As it was when it was made: the stored answer does not grow older with the charge.
  const answer: Reply = { status: 200, json: chargeOnWire(charge, charge.created_ms) };
  await gateway.synced();
  if (fault?.name === 'drop_answer_after_commit') return { drop: true };
  if (fault?.name === 'http_500_after_commit') return refusal(500, 'internal', 'Something went wrong.');
  if (fault?.name === 'slow_ms') await gateway.pause(fault.slow_ms);
  return known
    ? { ...answer, headers: { 'idempotent-replayed': 'true' } }
    : disturbed(gateway, charge, answer);
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
export function listCharges({ account, url, now_ms }: Call): Reply {
  const limit = Number(url.searchParams.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    return refusal(422, 'invalid', 'limit is a whole number from 1 to 1000.', 'limit');
  }
  const after = url.searchParams.get('starting_after');
  const last = after === null ? undefined : account.list.find((charge) => charge.id === after);
  if (after !== null && !last)
    return refusal(422, 'invalid', 'starting_after is no charge of yours.', 'starting_after');
  const from = last ? last.place + 1 : 0;
  const page = account.list.slice(from, from + limit);
  return {
    status: 200,
    json: {
      object: 'list',
      data: page.map((charge) => chargeOnWire(charge, now_ms)),
      has_more: account.list.length > from + limit,
    },
  };
}

/** GET /v1/totals: what really happened to the money, also of the charges that pretend to be processing. */
export function getTotals({ account, now_ms }: Call): Reply {
  const amount_captured: Record<string, number> = {};
  const amount_returned: Record<string, number> = {};
  const by_status: Record<string, number> = {};
  let captured = 0;
  for (const charge of account.list) {
    const done = movesDone(charge.moves, now_ms);
    const truth = charge.moves[done - 1]?.status ?? 'processing';
    const shown = visibleStatus(charge, done);
    by_status[shown] = (by_status[shown] ?? 0) + 1;
    if (truth === 'declined') continue;
    const sums = truth === 'returned' ? amount_returned : amount_captured;
    sums[charge.currency] = (sums[charge.currency] ?? 0) + charge.amount;
    if (truth !== 'returned') captured += 1;
  }
  const charges = account.list.length;
  return { status: 200, json: { charges, captured, by_status, amount_captured, amount_returned } };
}
