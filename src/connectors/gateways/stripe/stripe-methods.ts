import type Stripe from 'stripe';
import type { GatewayMethods, MethodDetails } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { abandoned, detailsOf } from './charge-outcome.ts';
import { full, ourNames, refusalOf, type StripeApi, troubleOf } from './stripe-api.ts';
import { authenticationAdvice } from './stripe-codes.ts';

/**
 * How a token of the hosted fields, or a stored method, is handed to Stripe; undefined for what is neither.
 */
export function methodToken(
  token: string,
): { confirmation_token: string } | { payment_method: string } | undefined {
  if (/^ctoken_\w{1,200}$/.test(token)) return { confirmation_token: token };
  return /^pm_\w{1,200}$/.test(token) ? { payment_method: token } : undefined;
}

/** What a token stands for; undefined where Stripe does not know it, or does not answer. */
export async function inspectToken({ api }: StripeApi, token: string): Promise<MethodDetails | undefined> {
  const handed = methodToken(token);
  if (!handed) return undefined;
  try {
    if ('payment_method' in handed) return detailsOf(await api.paymentMethods.retrieve(token));
    const { payment_method_preview: preview } = await api.confirmationTokens.retrieve(token);
    return detailsOf(preview ?? undefined);
  } catch {
    // Nobody knows what card it is, so it has no fee; the charge itself will be told what is wrong.
    return undefined;
  }
}

/**
 * Stripe's customer for one of ours. Keys live for a day at least; after that a second one may come to be,
 * which does no harm: each stored method names its own.
 */
export async function customerOf(api: Stripe, customerId: string): Promise<string> {
  const made = await api.customers.create(
    { metadata: { [ourNames.customer]: customerId } },
    { idempotencyKey: `${customerId}-customer` },
  );
  return made.id;
}

export const stripeMethods = ({ api, secrets }: StripeApi): GatewayMethods => ({
  async store({ methodId, token, customerId }) {
    const handed = methodToken(token);
    if (!handed)
      throw new Refusal('invalid_request', {
        message: 'These details cannot be stored. Enter them again.',
        param: 'token',
      });
    try {
      const customer = await customerOf(api, customerId);
      const setup = await api.setupIntents.create(
        {
          ...handed,
          customer,
          confirm: true,
          usage: 'off_session',
          allowed_payment_method_types: ['card', 'us_bank_account'],
          metadata: { [ourNames.method]: methodId, [ourNames.customer]: customerId },
          expand: ['payment_method'],
        },
        { idempotencyKey: methodId },
      );
      return await storedBy(api, methodId, setup);
    } catch (error) {
      throw notStored(error, secrets);
    }
  },

  async remove({ storedToken }) {
    try {
      await api.paymentMethods.detach(storedToken, {}, { idempotencyKey: `${storedToken}-detach` });
    } catch (error) {
      const trouble = troubleOf(error, secrets);
      const notRemoved = refusalOf(trouble, 'The payment method could not be removed.');
      if (trouble.kind === 'unknown') throw notRemoved;
      if (!(await isGone({ api, secrets }, storedToken))) throw notRemoved;
    }
  },
});

async function storedBy(api: Stripe, methodId: string, setup: Stripe.SetupIntent) {
  const method = full(setup.payment_method);
  const details = detailsOf(method);
  if (setup.status === 'succeeded' && method && details) return { ...details, storedToken: method.id };
  // A bank's further question, or micro-deposits: nobody will answer, so nothing is left hanging.
  if (setup.status === 'requires_action' || setup.status === 'requires_confirmation')
    await api.setupIntents.cancel(
      setup.id,
      { cancellation_reason: abandoned },
      { idempotencyKey: `${methodId}-abandon` },
    );
  throw new Refusal('invalid_request', { message: authenticationAdvice, param: 'token' });
}

function notStored(error: unknown, secrets: readonly string[]): Refusal {
  if (error instanceof Refusal) return error;
  const trouble = troubleOf(error, secrets);
  if (trouble.kind === 'refused' && trouble.error.rawType === 'card_error')
    return new Refusal('invalid_request', { message: trouble.message, param: 'token' });
  return refusalOf(trouble, 'The payment method could not be stored.');
}

/** Detaching what is detached is refused without a code of its own; what it is now tells. */
async function isGone({ api, secrets }: StripeApi, storedToken: string): Promise<boolean> {
  try {
    return (await api.paymentMethods.retrieve(storedToken)).customer === null;
  } catch (error) {
    const trouble = troubleOf(error, secrets);
    return trouble.kind === 'refused' && trouble.code === 'resource_missing';
  }
}
