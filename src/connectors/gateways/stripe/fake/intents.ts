import { type Account, allOf, find, keep, newStripeId, now_s, type Of } from './account.ts';
import { flagOf, hashOf, integerOf, textOf, textsOf, wordsOf } from './check-params.ts';
import { type Attempt, confirm, undoDebit } from './confirm.ts';
import { tell } from './events.ts';
import { shown } from './expand.ts';
import type { Params } from './form.ts';
import { methodFor } from './methods.ts';
import { invalid, missing } from './wire.ts';

type Intent = Of<'payment_intent'>;

/** What is not in the table has eight digits at most, and a least of about half a dollar. */
const least: Record<string, number> = { usd: 50, eur: 50, gbp: 30, jpy: 50, aud: 50, cad: 50, mxn: 1000 };
const digits_max: Record<string, number> = { idr: 12 };
const currencies = new Set('usd eur gbp jpy aud cad mxn isk ugx kwd idr krw chf'.split(' '));

function checkAmount(amount: number, currency: string): void {
  if (!currencies.has(currency))
    throw invalid(`Invalid currency: ${currency}.`, { code: 'parameter_invalid', param: 'currency' });
  if (amount < (least[currency] ?? 50))
    throw invalid(`Amount must be at least ${least[currency] ?? 50} ${currency}`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  if (amount >= 10 ** (digits_max[currency] ?? 8))
    throw invalid(`Amount must have ${digits_max[currency] ?? 8} digits at most`, {
      code: 'amount_too_large',
      param: 'amount',
    });
}

const typesOf = (params: Params, currency: string): string[] => {
  const allowed = textsOf(params, 'allowed_payment_method_types');
  const all = allowed.length > 0 ? allowed : ['card', 'us_bank_account'];
  // What does not go together with the currency is left out without a word.
  const fit = all.filter((type) => type !== 'us_bank_account' || currency === 'usd');
  if (fit.length === 0)
    throw invalid('No valid payment method types for this Payment Intent.', {
      code: 'payment_intent_invalid_parameter',
    });
  return fit;
};

function newIntent(account: Account, params: Params): Intent {
  const amount = integerOf(params, 'amount') ?? 0;
  const currency = textOf(params, 'currency') ?? '';
  checkAmount(amount, currency);
  const id = newStripeId('pi');
  const customer = textOf(params, 'customer');
  if (customer !== undefined && !find(account, 'customer', customer))
    throw missing('customer', customer, 'customer');
  const types = typesOf(params, currency);
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${newStripeId('x').slice(2)}`,
    confirmation_method: 'automatic',
    created: now_s(account),
    currency,
    customer: customer ?? null,
    customer_account: null,
    description: textOf(params, 'description') ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: wordsOf(params, 'metadata'),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: textOf(params, 'setup_future_usage') === 'off_session' ? 'off_session' : null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

/** POST /v1/payment_intents. Without `confirm` it only waits. */
export function createIntent(account: Account, params: Params): object {
  for (const name of ['off_session', 'error_on_requires_action', 'confirmation_token'])
    if (params[name] !== undefined && !flagOf(params, 'confirm'))
      throw invalid(`The parameter \`${name}\` can only be used with \`confirm=true\`.`, { param: name });
  if (flagOf(params, 'off_session') && textOf(params, 'setup_future_usage') !== undefined)
    throw invalid(
      'You cannot confirm with the `off_session` parameter when `setup_future_usage` is also set on the PaymentIntent.',
      { code: 'payment_intent_invalid_parameter' },
    );
  const intent = newIntent(account, params);
  if (!flagOf(params, 'confirm')) {
    keep(account, intent);
    tell(account, intent, 'created');
    return shown(account, intent);
  }
  const use = methodFor(account, params, String(intent.customer ?? ''));
  if (!intent.payment_method_types.includes(use.method.type))
    throw invalid(`The PaymentMethod provided (${use.method.type}) is not allowed for this PaymentIntent.`, {
      code: 'payment_intent_incompatible_payment_method',
      param: 'payment_method',
    });
  keep(account, intent);
  tell(account, intent, 'created');
  use.take({ payment_intent: intent.id });
  const attempt: Attempt = {
    intent,
    method: use.method,
    offSession: flagOf(params, 'off_session'),
    failOnAction: flagOf(params, 'error_on_requires_action'),
  };
  confirm(account, attempt);
  if (
    intent.setup_future_usage === 'off_session' &&
    intent.customer !== null &&
    intent.status !== 'requires_action'
  ) {
    use.method.customer = String(intent.customer);
    account.spent.delete(use.method.id);
    tell(account, use.method, 'attached');
  }
  return shown(account, intent);
}

export function readIntent(account: Account, id: string): Intent {
  const intent = find(account, 'payment_intent', id);
  if (!intent) throw missing('payment_intent', id, 'intent');
  return intent;
}

const cancellable = new Set([
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
]);

/** A debit can be stopped until Stripe has handed it to the network, which the fake does an hour later. */
const stoppable_s = 3_600;

export function cancelIntent(account: Account, id: string, params: Params): object {
  const intent = readIntent(account, id);
  const isEarly = intent.status === 'processing' && now_s(account) - intent.created < stoppable_s;
  if (!cancellable.has(intent.status) && !isEarly)
    throw invalid(`You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: shown(account, intent),
    });
  const charge = find(account, 'charge', String(intent.latest_charge));
  if (isEarly && charge) {
    undoDebit(account, charge, false);
    charge.status = 'failed';
    charge.paid = false;
  }
  intent.status = 'canceled';
  intent.canceled_at = now_s(account);
  const reason = textOf(params, 'cancellation_reason');
  intent.cancellation_reason = reason === 'abandoned' || reason === 'requested_by_customer' ? reason : null;
  intent.next_action = null;
  tell(account, intent, 'canceled');
  return shown(account, intent);
}

export function listIntents(account: Account, params: Params): Intent[] {
  const customer = textOf(params, 'customer');
  const created = hashOf(params, 'created');
  const gte = integerOf(created, 'gte') ?? 0;
  const lte = integerOf(created, 'lte') ?? Number.POSITIVE_INFINITY;
  return allOf(account, 'payment_intent').filter(
    ({ created: at, ...intent }) =>
      at >= gte && at <= lte && (customer === undefined || intent.customer === customer),
  );
}
