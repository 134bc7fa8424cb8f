import Stripe from 'stripe';
import type { GatewayCheck } from '#features/payments/gateways.ts';
import { redact } from '../../http-client.ts';
import { openStripe, type StripeApi, type StripeOptions } from './stripe-api.ts';

type Wrong = { ok: false; field?: string; message: string };

const modeOf = (key: string): 'live' | 'test' => (/^[a-z]+_live_/.test(key) ? 'live' : 'test');

/** What can be told from the look of the keys, before anybody is asked. */
function wrongShape({ secretKey, publishableKey, webhookSecret }: StripeOptions): Wrong | undefined {
  const wrong = (field: string, message: string): Wrong => ({ ok: false, field, message });
  if (/^pk_/.test(secretKey))
    return wrong('secretKey', 'This is the publishable key. The secret key starts with sk_ or rk_.');
  if (!/^[sr]k_(live|test)_\w{8,}$/.test(secretKey))
    return wrong('secretKey', 'A secret key of Stripe starts with sk_live_, sk_test_, rk_live_ or rk_test_.');
  if (/^[sr]k_/.test(publishableKey))
    return wrong(
      'publishableKey',
      'This is a secret key; it must not be seen in a browser. Use the one with pk_.',
    );
  if (!/^pk_(live|test)_\w{8,}$/.test(publishableKey))
    return wrong('publishableKey', 'A publishable key of Stripe starts with pk_live_ or pk_test_.');
  if (webhookSecret !== '' && !/^whsec_\S{8,}$/.test(webhookSecret))
    return wrong('webhookSecret', 'A signing secret of Stripe starts with whsec_ and has no spaces.');
  const [secret, publishable] = [modeOf(secretKey), modeOf(publishableKey)];
  if (secret !== publishable)
    return wrong(
      'publishableKey',
      `The secret key is for ${secret} payments and the publishable key for ${publishable} ones. Take both from one page.`,
    );
  return undefined;
}

/** Asks Stripe whether these keys work, belong together and may do what Owed needs. Nothing is charged. */
export async function checkStripe(options: StripeOptions): Promise<GatewayCheck> {
  const wrong = wrongShape(options);
  if (wrong) return wrong;
  const stripe = openStripe(options);
  const account = await ask(stripe, () => stripe.api.accounts.retrieveCurrent());
  if (account.trouble === 'away' || account.trouble === 'key') return account.wrong;
  const missing = await missingPermissions(stripe);
  if (missing) return missing;
  const pair = await keysBelongTogether(stripe, options);
  if (pair) return pair;
  const mode = modeOf(options.secretKey);
  return account.trouble === undefined
    ? { ok: true, accountName: nameOf(account.value), mode, notes: notesOn(account.value, mode) }
    : { ok: true, accountName: 'Stripe', mode, notes: ['This key may not read the account’s name.'] };
}

type Asked<T> =
  | { trouble?: undefined; value: T }
  | { trouble: 'away' | 'key' | 'permission' | 'refused'; wrong: Wrong };

async function ask<T>({ secrets }: StripeApi, question: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const said = redact(error.message, secrets);
    const wrong = (message: string, field?: string): Wrong => ({
      ok: false,
      ...(field !== undefined && { field }),
      message,
    });
    if (error instanceof Stripe.errors.StripeAuthenticationError)
      return { trouble: 'key', wrong: wrong(`Stripe does not know this key: ${said}`, 'secretKey') };
    if (error instanceof Stripe.errors.StripePermissionError)
      return { trouble: 'permission', wrong: wrong(said, 'secretKey') };
    if (error instanceof Stripe.errors.StripeInvalidRequestError)
      return { trouble: 'refused', wrong: wrong(`Stripe refused: ${said}`) };
    return { trouble: 'away', wrong: wrong('Stripe could not be reached. Try again in a moment.') };
  }
}

/** Reads one of everything that Owed reads; writing is proven by the set-up of `keysBelongTogether` alone. */
async function missingPermissions(stripe: StripeApi): Promise<Wrong | undefined> {
  const { api } = stripe;
  const reads: [string, () => Promise<unknown>][] = [
    ['PaymentIntents', () => api.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] })],
    ['Customers', () => api.customers.list({ limit: 1 })],
    ['Refunds', () => api.refunds.list({ limit: 1 })],
    ['Disputes', () => api.disputes.list({ limit: 1 })],
    ['Payouts', () => api.payouts.list({ limit: 1 })],
    ['Balance transactions', () => api.balanceTransactions.list({ limit: 1 })],
  ];
  const missing: string[] = [];
  for (const [name, read] of reads) {
    const asked = await ask(stripe, read);
    if (asked.trouble === 'permission') missing.push(name);
    else if (asked.trouble) return asked.wrong;
  }
  if (missing.length === 0) return undefined;
  const message = `This restricted key may not read ${missing.join(', ')}. Allow it in the Stripe Dashboard.`;
  return { ok: false, field: 'secretKey', message };
}

/** Only an account's own publishable key sees a set-up that its secret key began; it is ended at once. */
async function keysBelongTogether(stripe: StripeApi, options: StripeOptions): Promise<Wrong | undefined> {
  const { api } = stripe;
  const key = `owed-check-${crypto.randomUUID()}`;
  const begun = await ask(stripe, () =>
    api.setupIntents.create(
      { allowed_payment_method_types: ['card'], description: 'Owed checks its keys' },
      { idempotencyKey: key },
    ),
  );
  if (begun.trouble === 'permission') {
    const message = 'This restricted key may not write SetupIntents. Allow it in the Stripe Dashboard.';
    return { ok: false, field: 'secretKey', message };
  }
  if (begun.trouble) return begun.wrong;
  const { id, client_secret: secret } = begun.value;
  const { publishableKey, url, timeout_ms } = options;
  const inBrowser = openStripe({ ...options, secretKey: publishableKey, url, timeout_ms });
  const seen = await ask(inBrowser, () =>
    inBrowser.api.setupIntents.retrieve(id, secret === null ? {} : { client_secret: secret }),
  );
  await ask(stripe, () => api.setupIntents.cancel(id, {}, { idempotencyKey: `${key}-end` }));
  if (seen.trouble === 'away') return seen.wrong;
  if (seen.trouble === undefined) return undefined;
  const message = 'This publishable key is not of the same Stripe account as the secret key.';
  return { ok: false, field: 'publishableKey', message };
}

const nameOf = (account: Stripe.Account): string =>
  account.settings?.dashboard.display_name || account.business_profile?.name || account.id;

function notesOn(account: Stripe.Account, mode: 'live' | 'test'): string[] {
  const notes: string[] = [];
  if (mode === 'test') notes.push('These are test keys: no money moves.');
  if (!account.charges_enabled) notes.push('Stripe does not let this account take payments yet.');
  if (!account.payouts_enabled) notes.push('Stripe does not pay out to this account’s bank yet.');
  if (account.capabilities?.us_bank_account_ach_payments !== 'active')
    notes.push('Bank debits (ACH) are not turned on in this Stripe account.');
  return notes;
}
