import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { systemNow } from '#lib/dates.ts';
import type { Delivery, GatewayLab } from '../gateway-lab.ts';
import { type Account, allOf, type Fault, passTo } from './fake/account.ts';
import { eventBody, signature } from './fake/events.ts';
import { goneBack } from './fake/refunds.ts';
import type { StripeFake } from './fake/stripe-fake.ts';
import type { Receiver } from './receiver.ts';
import { apiVersion, ourNames } from './stripe-api.ts';
import { stripeGateway } from './stripe-gateway.ts';

export type StripeLab = GatewayLab & { account: Account; webhookSecret: string; sdk: Stripe };

const ours = (metadata: Record<string, string> | null, name: string): string => metadata?.[name] ?? '';
const upper = (currency: string): string => currency.toUpperCase();

/** Stripe's own client at the fake, as anybody would use it. */
export function sdkAt(url: string, key: string): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, {
    apiVersion,
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** An account of its own at a running fake. */
export async function stripeLab(fake: StripeFake, receiver: Receiver): Promise<StripeLab> {
  const start = new Date('2026-03-02T15:00:00Z');
  const account = fake.open({ start });
  const webhookSecret = `whsec_${randomBytes(16).toString('hex')}`;
  const { secretKey, publishableKey } = account;
  const path = `/${account.id}`;
  // Only what tells of charges: payouts, refunds and disputes have tests of their own.
  const events = ['payment_intent.created', 'payment_intent.succeeded', 'charge.succeeded', 'charge.failed'];
  account.endpoint = { url: receiver.url + path, secret: webhookSecret, events };
  const { url } = fake;
  const keys = { secretKey, publishableKey, webhookSecret };
  const sdk = sdkAt(url, secretKey);
  const token = (test: string, fault?: Fault) => async (): Promise<string> => {
    if (fault) account.faults.push(fault);
    return (await sdk.testHelpers.confirmationTokens.create({ payment_method: test })).id;
  };
  return {
    account,
    webhookSecret,
    sdk,
    gateway: stripeGateway({ ...keys, url, timeout_ms: 12_000 }),
    hasty: stripeGateway({ ...keys, url, timeout_ms: 150 }),
    unreachable: stripeGateway({ ...keys, url: 'http://127.0.0.1:2', timeout_ms: 300 }),
    start,
    passTo: async (at) => passTo(account, at),
    tokens: {
      approve: token('pm_card_visa'),
      decline: token('pm_card_chargeDeclinedInsufficientFunds'),
      slow: token('pm_card_visa', 'slow'),
      lostAnswer: token('pm_card_visa', 'dropAfterCommit'),
      errorAfterCommit: token('pm_card_visa', 'errorAfterCommit'),
      bankSettles: token('pm_usBankAccount_success'),
      bankReturns: token('pm_usBankAccount_insufficientFunds'),
      bankReturnsLate: token('pm_usBankAccount_dispute'),
      disputes: token('pm_card_createDispute'),
    },
    limits: { least: 50n, most: 99_999_999n },
    quietDebits: true,
    refunded: async () => refundedAt(account),
    neverVoids: true,
    winningEvidence: 'winning_evidence',
    payoutsAfter_days: 2,
    async trouble(trouble) {
      account.faults.push(trouble);
    },
    async captured() {
      return allOf(account, 'charge')
        .filter((charge) => charge.status !== 'failed' && !isTakenBack(account, charge))
        .map((charge) => ({
          paymentId: ours(charge.metadata, ourNames.payment),
          amount: BigInt(charge.amount),
          currency: upper(charge.currency),
        }));
    },
    signedWebhook(paymentId, sentAt) {
      const object = { id: 'pi_1', object: 'payment_intent', metadata: { [ourNames.payment]: paymentId } };
      return signed(webhookSecret, eventBody(account, 'payment_intent.succeeded', object), sentAt);
    },
    async webhooks(atLeast) {
      await receiver.until(path, atLeast);
      return receiver.at(path);
    },
    neverShown: [secretKey, webhookSecret],
    now: systemNow,
    async close() {},
  };
}

const isTakenBack = (account: Account, charge: Stripe.Charge): boolean =>
  charge.payment_method_details?.type === 'us_bank_account' &&
  allOf(account, 'dispute').some((dispute) => dispute.charge === charge.id);

export function signed(secret: string, event: object, sentAt: Date): Delivery {
  const raw = Buffer.from(JSON.stringify(event));
  return { raw, headers: { 'stripe-signature': signature(secret, raw.toString(), sentAt) } };
}

/** The refunds by the fake's own books. */
export const refundedAt = (account: Account) =>
  goneBack(account).map((refund) => ({
    refundId: ours(refund.metadata, ourNames.refund),
    paymentId: ours(refund.metadata, ourNames.payment),
    amount: BigInt(refund.amount),
    currency: upper(refund.currency),
  }));
