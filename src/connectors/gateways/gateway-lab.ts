import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type {
  ChargeRequest,
  GatewayOutcome,
  LookupRequest,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** What a payer may run into. Each makes a one-time token, as the hosted fields would. */
export type Situations = {
  approve(): Promise<string>;
  decline(): Promise<string>;
  /** Made, and answered later than `hasty` waits. */
  slow?(): Promise<string>;
  /** Made, but the connection drops before the answer. */
  lostAnswer?(): Promise<string>;
  /** Made, but answered with a 500. */
  errorAfterCommit?(): Promise<string>;
  /** Not decided at once: unknown until it was looked up twice. */
  processing?(): Promise<string>;
  bankSettles?(): Promise<string>;
  /** Returned before it settles, two days after it was submitted. */
  bankReturns?(): Promise<string>;
  /** Returned thirty days after it was submitted, when it had settled long ago. */
  bankReturnsLate?(): Promise<string>;
};

/** What the network and the vendor may do to the next charge. */
export type Trouble = 'dropBeforeCommit' | 'dropAfterCommit' | 'unavailableOnce' | 'rateLimitedOnce';
export type Delivery = { raw: Buffer; headers: Record<string, string | undefined> };

/**
 * A vendor in a bottle, with an account of its own: what a connector's test builds so that the same questions
 * can be asked of every gateway. An optional member that is missing skips the tests that need it.
 */
export type GatewayLab = {
  gateway: PaymentGateway;
  /** The same account and address, with a deadline that `slow` outlasts. */
  hasty?: PaymentGateway;
  /** The same account at an address where nobody listens. */
  unreachable: PaymentGateway;
  /** The instant the lab begins at; charges are made then. */
  start: Date;
  /** Brings the vendor's clock to `at`, for one that does not read it from the request. */
  passTo?(at: Date): Promise<void>;
  tokens: Situations;
  trouble?(trouble: Trouble): Promise<void>;
  /** The vendor's own books: what it took, whatever it answered. */
  captured(): Promise<{ paymentId: string; amount: bigint; currency: string }[]>;
  /** A webhook about `paymentId` as the vendor signs it, sent at that instant. */
  signedWebhook(paymentId: string, sentAt: Date): Delivery;
  /** Waits until the vendor has delivered this many webhooks of this account. */
  webhooks?(atLeast: number): Promise<Delivery[]>;
  /** Keys and numbers that must never be seen in an answer or an error. */
  neverShown: readonly string[];
  now(): Date;
  close(): Promise<void>;
};

export type Case = (lab: GatewayLab, t: TestContext) => Promise<void>;

const day_ms = 86_400_000;
const daysAfter = (start: Date, days: number): Date => new Date(start.getTime() + days * day_ms);

export function request(lab: GatewayLab, token: string, change: Partial<ChargeRequest> = {}): ChargeRequest {
  return {
    paymentId: newId('payment'),
    amount: 12_345n,
    currency: 'USD',
    source: { kind: 'one_time', token, store: false },
    description: 'Invoice 1042',
    customerId: newId('customer'),
    at: lab.start,
    ...change,
  };
}

/** What the charges of this file are asked by. */
export const question = (paymentId: string, at: Date): LookupRequest => ({ paymentId, requestedAt: at, at });

export async function lookupOn(lab: GatewayLab, paymentId: string, days: number): Promise<GatewayOutcome> {
  const at = daysAfter(lab.start, days);
  await lab.passTo?.(at);
  return lab.gateway.lookup(question(paymentId, at));
}

export async function bookedOnce(lab: GatewayLab, charge: ChargeRequest): Promise<void> {
  const booked = (await lab.captured()).filter((each) => each.paymentId === charge.paymentId);
  assert.deepEqual(booked, [
    { paymentId: charge.paymentId, amount: charge.amount, currency: charge.currency },
  ]);
}

/** Charges what ends in unknown, and finds by lookup that it was made, once. */
export async function unknownThenApproved(
  lab: GatewayLab,
  gateway: PaymentGateway,
  token: string,
): Promise<void> {
  const charge = request(lab, token);
  const outcome = await gateway.charge(charge);
  assert.equal(outcome.outcome, 'unknown');
  assertHides(lab, outcome);
  assert.equal((await lab.gateway.lookup(question(charge.paymentId, lab.start))).outcome, 'approved');
  await bookedOnce(lab, charge);
}

export function assertHides(lab: GatewayLab, answer: unknown): void {
  const shown = answer instanceof Error ? `${answer.message} ${answer.stack} ${String(answer.cause)}` : '';
  const text = `${shown} ${JSON.stringify(answer)}`;
  for (const secret of lab.neverShown) assert.ok(!text.includes(secret), `shows ${secret.slice(0, 6)}…`);
}

export async function refusalFrom(promise: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Refusal, 'expected a refusal');
  return error;
}
