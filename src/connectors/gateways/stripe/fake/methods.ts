import { type Account, day_s, find, keep, newStripeId, now_s, type Of } from './account.ts';
import { textOf, wordsOf } from './check-params.ts';
import { tell } from './events.ts';
import { shown } from './expand.ts';
import type { Params } from './form.ts';
import { methodNamed } from './test-methods.ts';
import { invalid, malformed, missing } from './wire.ts';

type Method = Of<'payment_method'>;
type Use = {
  method: Method;
  /** Marks the token, or the method, as used for this intent. */
  take(by: { payment_intent: string } | { setup_intent: string }): void;
};

const usedUp =
  'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a ' +
  'connected account without Customer attachment, or was detached from a Customer. It may not be used again. ' +
  'To use a PaymentMethod multiple times, you must attach it to a Customer first.';

/** The method that a request names, and whether it may still pay for this customer. */
export function methodFor(account: Account, params: Params, customer: string): Use {
  const tokenId = textOf(params, 'confirmation_token');
  if (tokenId !== undefined) return tokenFor(account, tokenId);
  const id = textOf(params, 'payment_method');
  if (id === undefined)
    throw invalid('You cannot confirm this PaymentIntent because it’s missing a payment method.', {
      code: 'payment_intent_unexpected_state',
    });
  const method = methodNamed(account, id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  if (account.spent.has(method.id)) throw invalid(usedUp, { param: 'payment_method' });
  if (method.customer !== null && method.customer !== customer)
    throw invalid(
      'The provided PaymentMethod belongs to a Customer. You must include the Customer in the request.',
      { param: 'payment_method' },
    );
  return {
    method,
    take() {
      if (method.customer === null) account.spent.add(method.id);
    },
  };
}

function tokenFor(account: Account, id: string): Use {
  const token = find(account, 'confirmation_token', id);
  if (!token) throw missing('confirmation_token', id, 'confirmation_token');
  const usedBy = token.payment_intent ?? token.setup_intent;
  if (usedBy !== null)
    throw invalid(`The provided ConfirmationToken has already been used to confirm ${usedBy}.`, {
      param: 'confirmation_token',
    });
  if (token.expires_at !== null && token.expires_at < now_s(account))
    throw invalid('The provided ConfirmationToken has expired.', { param: 'confirmation_token' });
  const method = account.things.get(heldBy.get(token) ?? '');
  if (method?.object !== 'payment_method') throw new Error('a token without a method');
  return {
    method,
    take(by) {
      if ('payment_intent' in by) token.payment_intent = by.payment_intent;
      else token.setup_intent = by.setup_intent;
      token.expires_at = null;
      account.spent.add(method.id);
    },
  };
}

/** What a token would become: a method that has no id to be asked by until the token is used. */
const heldBy = new WeakMap<Of<'confirmation_token'>, string>();

/** POST /v1/test_helpers/confirmation_tokens: what Stripe.js makes in the browser. */
export function createToken(account: Account, params: Params): object {
  const name = textOf(params, 'payment_method');
  const method = name === undefined ? undefined : methodNamed(account, name);
  if (!method) throw missing('PaymentMethod', name ?? '', 'payment_method');
  const { id: _, object: __, created: ___, livemode: ____, metadata: _____, ...preview } = method;
  const token: Of<'confirmation_token'> = {
    id: newStripeId('ctoken'),
    object: 'confirmation_token',
    created: now_s(account),
    expires_at: now_s(account) + day_s / 2,
    livemode: false,
    mandate_data:
      method.type === 'card'
        ? null
        : {
            customer_acceptance: { type: 'online', online: { ip_address: '192.0.2.1', user_agent: 'fake' } },
          },
    metadata: {},
    payment_intent: null,
    payment_method_options: null,
    payment_method_preview: preview,
    return_url: textOf(params, 'return_url') ?? null,
    setup_future_usage: null,
    setup_intent: null,
    shipping: null,
    use_stripe_sdk: true,
  };
  heldBy.set(token, method.id);
  return shown(account, keep(account, token));
}

export function createCustomer(account: Account, params: Params): object {
  const customer: Of<'customer'> = {
    id: newStripeId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: now_s(account),
    currency: null,
    default_source: null,
    delinquent: false,
    description: textOf(params, 'description') ?? null,
    discount: null,
    email: textOf(params, 'email') ?? null,
    invoice_prefix: newStripeId('i').slice(2, 10).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: wordsOf(params, 'metadata'),
    name: textOf(params, 'name') ?? null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
  keep(account, customer);
  tell(account, customer, 'created');
  return shown(account, customer);
}

export function readMethod(account: Account, id: string): Method {
  const method = find(account, 'payment_method', id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  return method;
}

export function detachMethod(account: Account, id: string): object {
  const method = readMethod(account, id);
  if (method.customer === null)
    throw invalid(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      {
        param: 'payment_method',
      },
    );
  method.customer = null;
  account.spent.add(method.id);
  tell(account, method, 'detached');
  return shown(account, method);
}

/** POST /v1/setup_intents, with the same tokens as a payment and no money. */
export function createSetup(account: Account, params: Params): object {
  const id = newStripeId('seti');
  const customer = textOf(params, 'customer');
  const setup: Of<'setup_intent'> = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newStripeId('x').slice(2)}`,
    created: now_s(account),
    customer: customer ?? null,
    description: textOf(params, 'description') ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: wordsOf(params, 'metadata'),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: textOf(params, 'usage') ?? 'off_session',
  };
  if (params.confirm !== 'true') return shown(account, keep(account, setup));
  const { method, take } = methodFor(account, params, customer ?? '');
  keep(account, setup);
  take({ setup_intent: id });
  setup.payment_method = method.id;
  setup.payment_method_types = [method.type];
  const behaviour = account.behaviours.get(method.id) ?? {};
  if (behaviour.asksForMore) {
    setup.status = 'requires_action';
    setup.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} };
    return shown(account, setup);
  }
  setup.status = 'succeeded';
  if (customer !== undefined) {
    method.customer = customer;
    account.spent.delete(method.id);
    tell(account, method, 'attached');
  }
  tell(account, setup, 'succeeded');
  return shown(account, setup);
}

export function readSetup(account: Account, id: string): Of<'setup_intent'> {
  const setup = find(account, 'setup_intent', id);
  if (!setup) throw missing('setupintent', id, 'intent');
  return setup;
}

/** A publishable key sees a set-up only with the secret that its secret key was given. */
export function readSetupInBrowser(account: Account, id: string, secret: string | undefined): object {
  const setup = readSetup(account, id);
  if (secret === undefined)
    throw malformed('Missing required param: client_secret.', 'parameter_missing', 'client_secret');
  if (setup.client_secret !== secret) throw missing('setupintent', id, 'intent');
  return shown(account, setup);
}

export function cancelSetup(account: Account, id: string): object {
  const setup = readSetup(account, id);
  if (setup.status === 'succeeded' || setup.status === 'canceled')
    throw invalid(`You cannot cancel this SetupIntent because it has a status of ${setup.status}.`, {
      code: 'setup_intent_unexpected_state',
    });
  setup.status = 'canceled';
  return shown(account, setup);
}
