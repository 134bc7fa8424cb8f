import type Stripe from 'stripe';
import type {
  ChargeKind,
  ChargeRequest,
  GatewayOutcome,
  LookupRequest,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { maxAmount } from '#lib/money.ts';
import { abandoned, intentExpand, isInquiry, readIntent } from './charge-outcome.ts';
import { hostedFieldsAt } from './fields-page.ts';
import { earlierByMethod, earlierByToken, findIntent } from './find-intent.ts';
import { webhookReader } from './read-webhook.ts';
import {
  idOf,
  openStripe,
  ourNames,
  type StripeApi,
  type StripeOptions,
  type StripeTrouble,
  troubleOf,
} from './stripe-api.ts';
import { stripeChargebacks } from './stripe-chargebacks.ts';
import { declineCode } from './stripe-declines.ts';
import { customerOf, inspectToken, methodToken, stripeMethods } from './stripe-methods.ts';
import { toStripeAmount } from './stripe-money.ts';
import { stripePayouts } from './stripe-payouts.ts';
import { stripeRefunds } from './stripe-refunds.ts';

/** The connector to Stripe. */
export function stripeGateway(options: StripeOptions): PaymentGateway {
  const stripe = openStripe(options);
  return {
    charge: (request) => charge(stripe, request),
    lookup: (request) => lookup(stripe, request),
    inspect: ({ token }) => inspectToken(stripe, token),
    hostedFields: hostedFieldsAt,
    readWebhook: webhookReader(stripe, options.webhookSecret),
    methods: stripeMethods(stripe),
    refunds: stripeRefunds(stripe),
    chargebacks: stripeChargebacks(stripe),
    payouts: stripePayouts(stripe),
  };
}

async function charge(stripe: StripeApi, request: ChargeRequest): Promise<GatewayOutcome> {
  if (request.amount < 1n || request.amount > maxAmount)
    throw new Error('a charge is 1 minor unit to maxAmount');
  const amount = toStripeAmount(request.amount, request.currency);
  if (amount === undefined || request.kind === 'paypal' || !methodToken(request.source.token)) {
    const code = amount === undefined ? 'amount_refused' : 'wrong_method';
    return { outcome: 'declined', code, message: 'Stripe cannot take this payment in this way.' };
  }
  let trouble: StripeTrouble;
  try {
    const { who, earlier } = await payerOf(stripe, request);
    const told = earlier === undefined ? undefined : await tellEarlier(stripe, request, earlier);
    if (told) return told;
    const intent = await stripe.api.paymentIntents.create(
      { ...paramsOf(request, amount), ...who },
      { idempotencyKey: request.paymentId },
    );
    return await finish(stripe, request.paymentId, intent);
  } catch (error) {
    trouble = troubleOf(error, stripe.secrets);
  }
  return (await echoOf(stripe, request, trouble)) ?? outcomeOfTrouble(trouble);
}

/** Refused because its token was used: by this payment, if the token says so. */
async function echoOf(
  stripe: StripeApi,
  request: ChargeRequest,
  trouble: StripeTrouble,
): Promise<GatewayOutcome | undefined> {
  if (trouble.kind === 'unknown' || trouble.error.rawType === 'card_error') return undefined;
  try {
    const earlier = await earlierByToken(stripe, request);
    return earlier === undefined ? undefined : await tellEarlier(stripe, request, earlier);
  } catch (error) {
    const second = troubleOf(error, stripe.secrets);
    return second.kind === 'unknown' ? { outcome: 'unknown', reason: second.reason } : undefined;
  }
}

/** What became of the payment that was found, if it is this one; another's proves nothing of this one. */
async function tellEarlier(
  stripe: StripeApi,
  { paymentId, amount, currency }: ChargeRequest,
  id: string,
): Promise<GatewayOutcome | undefined> {
  const intent = await stripe.api.paymentIntents.retrieve(id, { expand: intentExpand });
  if (intent.metadata[ourNames.payment] !== paymentId) return undefined;
  const isSame =
    intent.currency === currency.toLowerCase() && intent.amount === toStripeAmount(amount, currency);
  if (!isSame) return { outcome: 'unknown', reason: 'Stripe has this payment with another amount' };
  return finish(stripe, paymentId, intent);
}

type Payer = { who: { customer?: string }; earlier?: string | undefined };

/**
 * A stored method belongs to a customer of Stripe's, who must be named; one to be stored needs such a
 * customer.
 */
async function payerOf(stripe: StripeApi, request: ChargeRequest): Promise<Payer> {
  const { source, customerId } = request;
  if (source.kind === 'one_time')
    return { who: source.store ? { customer: await customerOf(stripe.api, customerId) } : {} };
  const method = await methodOf(stripe, source.token);
  const customer = idOf(method?.customer);
  // Without one it was removed. Stripe is asked all the same: this may be the echo of a charge that was made.
  if (!method || customer === undefined) return { who: {} };
  return { who: { customer }, earlier: await earlierByMethod(stripe, request, { customer, method }) };
}

async function methodOf(
  { api, secrets }: StripeApi,
  token: string,
): Promise<Stripe.PaymentMethod | undefined> {
  try {
    return await api.paymentMethods.retrieve(token);
  } catch (error) {
    if (troubleOf(error, secrets).kind === 'unknown') throw error;
    return undefined;
  }
}

const stripeTypes: Record<Exclude<ChargeKind, 'paypal'>, 'card' | 'us_bank_account'> = {
  card: 'card',
  bank_account: 'us_bank_account',
};

/** The same request always makes the same words: Stripe compares them when a key comes again. */
function paramsOf(
  { paymentId, customerId, kind, currency, source, description }: ChargeRequest,
  amount: number,
): Stripe.PaymentIntentCreateParams {
  const isNew = source.kind === 'one_time';
  return {
    amount,
    currency: currency.toLowerCase(),
    confirm: true,
    description,
    metadata: { [ourNames.payment]: paymentId, [ourNames.customer]: customerId },
    // Consent to one kind is none to the other; Stripe leaves out what the currency does not allow.
    allowed_payment_method_types:
      kind === undefined || kind === 'paypal' ? ['card', 'us_bank_account'] : [stripeTypes[kind]],
    ...methodToken(source.token),
    // Nobody waits where a further step could be shown, so a payment that asks for one fails at once.
    ...(isNew ? { error_on_requires_action: true } : { off_session: true }),
    ...(isNew && source.store && { setup_future_usage: 'off_session' }),
    // Micro-deposits would leave a debit hanging for days that the payer was told had failed.
    ...(isNew &&
      kind === 'bank_account' && {
        payment_method_options: { us_bank_account: { verification_method: 'instant' } },
      }),
    expand: intentExpand,
  };
}

function outcomeOfTrouble(trouble: StripeTrouble): GatewayOutcome {
  if (trouble.kind === 'unknown') return { outcome: 'unknown', reason: trouble.reason };
  const { error, code, message } = trouble;
  if (error.payment_intent) {
    const told = readIntent(error.payment_intent);
    if (told.outcome === 'declined') return told;
    // Refused, and yet there is an intent that is not declined: only a lookup can tell.
    return { outcome: 'unknown', reason: `Stripe refused with ${code} and keeps a payment` };
  }
  // The words are for programmers, except for those about a card.
  const isForPayers = error.rawType === 'card_error';
  const word = error.decline_code || code;
  return {
    outcome: 'declined',
    code: declineCode(word, isForPayers),
    message: isForPayers ? message : `Stripe did not take the payment: ${message}`,
    vendor: { code: word, message },
  };
}

/** Reads an intent to its end: what hangs is ended, and what a dispute tells is fetched. */
async function finish(
  stripe: StripeApi,
  paymentId: string,
  intent: Stripe.PaymentIntent,
): Promise<GatewayOutcome> {
  const unknown = (reason: string): GatewayOutcome => ({ outcome: 'unknown', reason });
  if (intent.object !== 'payment_intent') return unknown('Stripe answered with something else');
  try {
    let told = readIntent(intent);
    if (told.outcome === 'unfinished') told = readIntent(await abandon(stripe, paymentId, intent.id));
    if (told.outcome === 'disputed_debit') told = readIntent(intent, await takenBy(stripe, intent.id));
    return told.outcome === 'unfinished' || told.outcome === 'disputed_debit'
      ? unknown('Stripe did not end a payment that nobody can finish')
      : told;
  } catch (error) {
    const trouble = troubleOf(error, stripe.secrets);
    return unknown(trouble.kind === 'unknown' ? trouble.reason : `Stripe refused: ${trouble.code}`);
  }
}

/**
 * The payer could still confirm by a mail of Stripe's after we said that it failed: it is ended before that.
 */
const abandon = ({ api }: StripeApi, paymentId: string, reference: string): Promise<Stripe.PaymentIntent> =>
  api.paymentIntents.cancel(
    reference,
    { cancellation_reason: abandoned, expand: intentExpand },
    { idempotencyKey: `${paymentId}-abandon` },
  );

async function takenBy({ api }: StripeApi, reference: string): Promise<Stripe.Dispute | null> {
  for await (const dispute of api.disputes.list({ payment_intent: reference, limit: 100 }))
    if (!isInquiry(dispute)) return dispute;
  return null;
}

async function lookup(stripe: StripeApi, request: LookupRequest): Promise<GatewayOutcome> {
  const { api, secrets } = stripe;
  try {
    const id = request.reference ?? (await findIntent(stripe, request));
    if (id === undefined) return { outcome: 'absent' };
    const intent = await api.paymentIntents.retrieve(id, { expand: intentExpand });
    return await finish(stripe, request.paymentId, intent);
  } catch (error) {
    const trouble = troubleOf(error, secrets);
    // Even a plain no does not prove that nothing was charged: another key may have charged it.
    const reason = trouble.kind === 'unknown' ? trouble.reason : `Stripe refused to tell: ${trouble.code}`;
    return { outcome: 'unknown', reason };
  }
}
