import type Stripe from 'stripe';
import type { ChargeRequest, LookupRequest } from '#features/payments/payment-gateway.ts';
import { secondsLater } from '#lib/dates.ts';
import { ourNames, type StripeApi } from './stripe-api.ts';

/** Clocks differ, and the charge may have been sent a little before it was written down. */
const margin_s = 300;

const order = ['succeeded', 'processing', 'requires_capture', 'canceled'];
const rank = ({ status }: Stripe.PaymentIntent): number =>
  order.includes(status) ? order.indexOf(status) : order.length;

/** Of all that were made for one payment, the one that took money counts. */
async function bestOf(
  list: AsyncIterable<Stripe.PaymentIntent>,
  paymentId: string,
): Promise<Stripe.PaymentIntent | undefined> {
  const ours: Stripe.PaymentIntent[] = [];
  for await (const intent of list) if (intent.metadata[ourNames.payment] === paymentId) ours.push(intent);
  return ours.sort((a, b) => rank(a) - rank(b))[0];
}

/**
 * Stripe cannot be asked by our id: its search lags behind, its lists do not. All that was made since is
 * read; only a list that was read to its end proves absence.
 */
export async function findIntent(
  { api }: StripeApi,
  { paymentId, requestedAt }: LookupRequest,
): Promise<string | undefined> {
  const gte = Math.floor(secondsLater(requestedAt, -margin_s).getTime() / 1000);
  return (await bestOf(api.paymentIntents.list({ created: { gte }, limit: 100 }), paymentId))?.id;
}

const keyIsGood_s = 20 * 3_600;
const sentAgain_s = 60 * 86_400;

/**
 * Stripe forgets a key once it is a day old. A charge by a stored method would then be made again, so its
 * customer is asked first for what is older than that. Nothing is sent again after longer than 60 days.
 */
export async function earlierByMethod(
  { api }: StripeApi,
  { paymentId, at }: ChargeRequest,
  { customer, method }: { customer: string; method: Stripe.PaymentMethod },
): Promise<string | undefined> {
  const now_s = Math.floor(at.getTime() / 1000);
  const created = { gte: now_s - sentAgain_s, lte: now_s - keyIsGood_s };
  if (method.created > created.lte) return undefined;
  return (await bestOf(api.paymentIntents.list({ customer, created, limit: 100 }), paymentId))?.id;
}

/** A one-time token pays once, whatever became of the key: it knows for what it was used. */
export async function earlierByToken(
  { api }: StripeApi,
  { source }: ChargeRequest,
): Promise<string | undefined> {
  if (source.kind !== 'one_time' || !source.token.startsWith('ctoken_')) return undefined;
  return (await api.confirmationTokens.retrieve(source.token)).payment_intent ?? undefined;
}
