import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type {
  ChargeKind,
  ChargeRequest,
  GatewayOutcome,
  LookupRequest,
  MethodDetails,
  PaymentGateway,
  PaymentSource,
  RefundRequest,
} from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** What a payer may run into. Each makes a one-time token, as the hosted fields would. */
export type Situations = {
  /** For this money, where the payer agrees to an amount before there is a token. */
  approve(of?: { amount?: bigint; currency?: string }): Promise<string>;
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
  /** Charged as usual; once it has settled, a refund is taken on and fails some days later. */
  refundFails?(): Promise<string>;
  /** Charged as usual, and disputed by its holder within five days. */
  disputes?(): Promise<string>;
};

/** What the network and the vendor may do to the next charge, void or refund, whichever comes first. */
export type Trouble = 'dropBeforeCommit' | 'dropAfterCommit' | 'unavailableOnce' | 'rateLimitedOnce';
export type Delivery = { raw: Buffer; headers: Record<string, string | undefined> };

/**
 * A vendor in a bottle, with an account of its own: what a connector's test builds so that the same questions
 * can be asked of every gateway. An optional member that is missing skips the tests that need it.
 */
export type GatewayLab = {
  gateway: PaymentGateway;
  /** What `approve` pays with: a card, when not given. */
  kind?: ChargeKind;
  /** What a good charge is at first: approved, or settled where the vendor takes the money at once. */
  atOnce?: 'settled';
  /** A payer in a browser at the vendor's page: agrees or leaves, and lands at the address answered. */
  payer?: { agrees(url: string): Promise<string>; leaves(url: string): Promise<string> };
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
  /** What one charge may be, where the vendor has limits; what is outside is declined. */
  limits?: { least: bigint; most: bigint };
  /** The vendor says nothing of a bank debit between `submitted` and its end. */
  quietDebits?: boolean;
  /** The vendor's own books: what it gave back, or will; refunds that failed are not among them. */
  refunded?(): Promise<{ refundId: string; paymentId: string; amount: bigint; currency: string }[]>;
  /** The vendor takes the money at once, so there is never anything to void. */
  neverVoids?: boolean;
  /** Evidence by which the vendor's test mode decides a dispute for the business. */
  winningEvidence?: string;
  /** So many days after money has settled, gone back or been disputed, its payout is in the list. */
  payoutsAfter_days?: number;
  /** A webhook about `paymentId` as the vendor signs it, sent at that instant. */
  signedWebhook(paymentId: string, sentAt: Date): Delivery;
  /** Waits until the vendor has delivered this many webhooks of this account. */
  webhooks?(atLeast: number): Promise<Delivery[]>;
  /** What the account takes, where a vendor's account takes one currency; every currency unless said. */
  currencies?: readonly string[];
  /** How old a signed webhook is still taken: for a vendor that signs no time and tries again for days. */
  webhookLife_ms?: number;
  /** Keys and numbers that must never be seen in an answer or an error. */
  neverShown: readonly string[];
  now(): Date;
  close(): Promise<void>;
};

export type Case = (lab: GatewayLab, t: TestContext) => Promise<void>;

const day_ms = 86_400_000;
const daysAfter = (start: Date, days: number): Date => new Date(start.getTime() + days * day_ms);

export const goodOutcome = (lab: GatewayLab): 'approved' | 'settled' => lab.atOnce ?? 'approved';

/** As the payment's own row keeps it until the outcome is known. */
const sources = new Map<string, PaymentSource>();

export function request(lab: GatewayLab, token: string, change: Partial<ChargeRequest> = {}): ChargeRequest {
  const charge: ChargeRequest = {
    paymentId: newId('payment'),
    amount: 12_345n,
    currency: 'USD',
    source: { kind: 'one_time', token, store: false },
    description: 'Invoice 1042',
    customerId: newId('customer'),
    at: lab.start,
    ...change,
  };
  sources.set(charge.paymentId, charge.source);
  return charge;
}

/** What the charges of this file are asked by. */
export const question = (paymentId: string, at: Date): LookupRequest => ({
  paymentId,
  source: sources.get(paymentId),
  requestedAt: at,
  at,
});

export async function lookupOn(lab: GatewayLab, paymentId: string, days: number): Promise<GatewayOutcome> {
  const at = await passDays(lab, days);
  return lab.gateway.lookup({ ...question(paymentId, lab.start), at });
}

/** Lets the vendor's clock show so many days after the lab's start. */
export async function passDays(lab: GatewayLab, days: number): Promise<Date> {
  const at = daysAfter(lab.start, days);
  await lab.passTo?.(at);
  return at;
}

export type Charged = { charge: ChargeRequest; reference: string; method: MethodDetails };

/** Charges what the gateway must take. */
export async function charged(
  lab: GatewayLab,
  token: string,
  change: Partial<ChargeRequest> = {},
): Promise<Charged> {
  const charge = request(lab, token, change);
  const outcome = await lab.gateway.charge(charge);
  assert.ok('method' in outcome && outcome.method && outcome.outcome !== 'declined', outcome.outcome);
  return { charge, reference: outcome.reference, method: outcome.method };
}

/** By this day a card charged at the lab's start has settled. */
export const settled_days = 3;

export async function settledCharge(
  lab: GatewayLab,
  change: Partial<ChargeRequest> = {},
  token?: string,
): Promise<Charged> {
  const made = await charged(lab, token ?? (await lab.tokens.approve(change)), change);
  assert.equal((await lookupOn(lab, made.charge.paymentId, settled_days)).outcome, 'settled');
  return made;
}

/** A refund of all of the charge on the day it has settled, unless something else is asked for. */
export function refundOf(
  lab: GatewayLab,
  { charge, reference, method }: Charged,
  change: Partial<RefundRequest> = {},
): RefundRequest {
  const at = daysAfter(lab.start, settled_days);
  return {
    refundId: newId('refund'),
    paymentId: charge.paymentId,
    reference,
    amount: charge.amount,
    currency: charge.currency,
    method: { last4: method.last4, ...(method.expiry && { expiry: method.expiry }) },
    requestedAt: at,
    at,
    ...change,
  };
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
  assert.equal((await lab.gateway.lookup(question(charge.paymentId, lab.start))).outcome, goodOutcome(lab));
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
