import type Stripe from 'stripe';
import { type Account, allOf, find, keep, newStripeId, now_s, type Thing } from './account.ts';
import { hashOf, integerOf, type Shapes, textOf } from './check-params.ts';
import { listDisputes, readDispute, updateDispute } from './disputes.ts';
import { shown } from './expand.ts';
import type { FilePart, Params } from './form.ts';
import { cancelIntent, createIntent, listIntents, readIntent } from './intents.ts';
import {
  cancelSetup,
  createCustomer,
  createSetup,
  createToken,
  detachMethod,
  readMethod,
  readSetup,
  readSetupInBrowser,
} from './methods.ts';
import { createRefund, listRefunds } from './refunds.ts';
import { invalid, missing } from './wire.ts';

export type Call = { account: Account; params: Params; id: string; file?: FilePart; inBrowser: boolean };

/** One of Stripe's addresses: what it takes, what a restricted key needs for it, and what it does. */
export type EndpointAt = {
  method: 'GET' | 'POST';
  path: RegExp;
  permission: string;
  shapes: Shapes;
  required?: readonly string[];
  browser?: boolean;
  run(call: Call): object | Thing[];
};

const created: Shapes = { gte: 'integer', gt: 'integer', lte: 'integer', lt: 'integer' };
const paging: Shapes = { limit: 'integer', starting_after: 'text', ending_before: 'text', expand: 'texts' };
const one: Shapes = { expand: 'texts' };

const confirming: Shapes = {
  allowed_payment_method_types: 'texts',
  confirm: 'boolean',
  confirmation_token: 'text',
  customer: 'text',
  description: 'text',
  expand: 'texts',
  metadata: 'hash',
  payment_method: 'text',
  payment_method_options: {
    card: { request_three_d_secure: ['any', 'automatic', 'challenge'] },
    us_bank_account: { verification_method: ['automatic', 'instant', 'microdeposits'] },
  },
  return_url: 'text',
};

const intents: EndpointAt[] = [
  {
    method: 'POST',
    path: /^\/v1\/payment_intents$/,
    permission: 'payment_intent_write',
    required: ['amount', 'currency'],
    shapes: {
      ...confirming,
      amount: 'integer',
      currency: 'text',
      capture_method: ['automatic', 'automatic_async', 'manual'],
      error_on_requires_action: 'boolean',
      off_session: 'boolean',
      receipt_email: 'text',
      setup_future_usage: ['off_session', 'on_session'],
      statement_descriptor_suffix: 'text',
    },
    run: ({ account, params }) => createIntent(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/payment_intents$/,
    permission: 'payment_intent_read',
    shapes: { ...paging, created, customer: 'text' },
    run: ({ account, params }) => listIntents(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/payment_intents\/(\w+)$/,
    permission: 'payment_intent_read',
    shapes: { ...one, client_secret: 'text' },
    run: ({ account, id }) => shown(account, readIntent(account, id)),
  },
  {
    method: 'POST',
    path: /^\/v1\/payment_intents\/(\w+)\/cancel$/,
    permission: 'payment_intent_write',
    shapes: {
      ...one,
      cancellation_reason: ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'],
    },
    run: ({ account, id, params }) => cancelIntent(account, id, params),
  },
];

const vault: EndpointAt[] = [
  {
    method: 'POST',
    path: /^\/v1\/setup_intents$/,
    permission: 'setup_intent_write',
    shapes: { ...confirming, usage: ['off_session', 'on_session'] },
    run: ({ account, params }) => createSetup(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/setup_intents\/(\w+)$/,
    permission: 'setup_intent_read',
    browser: true,
    shapes: { ...one, client_secret: 'text' },
    run: ({ account, id, params, inBrowser }) =>
      inBrowser
        ? readSetupInBrowser(account, id, textOf(params, 'client_secret'))
        : shown(account, readSetup(account, id)),
  },
  {
    method: 'POST',
    path: /^\/v1\/setup_intents\/(\w+)\/cancel$/,
    permission: 'setup_intent_write',
    shapes: { ...one, cancellation_reason: ['abandoned', 'duplicate', 'requested_by_customer'] },
    run: ({ account, id }) => cancelSetup(account, id),
  },
  {
    method: 'POST',
    path: /^\/v1\/customers$/,
    permission: 'customer_write',
    shapes: { ...one, description: 'text', email: 'text', metadata: 'hash', name: 'text' },
    run: ({ account, params }) => createCustomer(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/customers$/,
    permission: 'customer_read',
    shapes: { ...paging, created, email: 'text' },
    run: ({ account }) => allOf(account, 'customer'),
  },
  {
    method: 'GET',
    path: /^\/v1\/payment_methods\/(\w+)$/,
    permission: 'payment_method_read',
    shapes: one,
    run: ({ account, id }) => shown(account, readMethod(account, id)),
  },
  {
    method: 'POST',
    path: /^\/v1\/payment_methods\/(\w+)\/detach$/,
    permission: 'payment_method_write',
    shapes: one,
    run: ({ account, id }) => detachMethod(account, id),
  },
  {
    method: 'GET',
    path: /^\/v1\/confirmation_tokens\/(\w+)$/,
    permission: 'confirmation_token_read',
    shapes: one,
    run: ({ account, id }) => {
      const token = find(account, 'confirmation_token', id);
      if (!token) throw missing('confirmation_token', id, 'confirmation_token');
      return shown(account, token);
    },
  },
  {
    method: 'POST',
    path: /^\/v1\/test_helpers\/confirmation_tokens$/,
    permission: 'confirmation_token_client_write',
    shapes: { ...one, payment_method: 'text', return_url: 'text' },
    run: ({ account, params }) => createToken(account, params),
  },
];

const goingBack: EndpointAt[] = [
  {
    method: 'POST',
    path: /^\/v1\/refunds$/,
    permission: 'refund_write',
    required: ['payment_intent'],
    shapes: {
      ...one,
      amount: 'integer',
      metadata: 'hash',
      payment_intent: 'text',
      reason: ['duplicate', 'fraudulent', 'requested_by_customer'],
    },
    run: ({ account, params }) => createRefund(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/refunds$/,
    permission: 'refund_read',
    shapes: { ...paging, created, charge: 'text', payment_intent: 'text' },
    run: ({ account, params }) => listRefunds(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/charges\/(\w+)$/,
    permission: 'charge_read',
    shapes: one,
    run: ({ account, id }) => {
      const charge = find(account, 'charge', id);
      if (!charge) throw missing('charge', id);
      return shown(account, charge);
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/disputes$/,
    permission: 'dispute_read',
    shapes: { ...paging, created, charge: 'text', payment_intent: 'text' },
    run: ({ account, params }) => listDisputes(account, params),
  },
  {
    method: 'GET',
    path: /^\/v1\/disputes\/(\w+)$/,
    permission: 'dispute_read',
    shapes: one,
    run: ({ account, id }) => shown(account, readDispute(account, id)),
  },
  {
    method: 'POST',
    path: /^\/v1\/disputes\/(\w+)$/,
    permission: 'dispute_write',
    shapes: {
      ...one,
      evidence: {
        customer_communication: 'text',
        receipt: 'text',
        service_documentation: 'text',
        uncategorized_file: 'text',
        uncategorized_text: 'text',
      },
      metadata: 'hash',
      submit: 'boolean',
    },
    run: ({ account, id, params }) => updateDispute(account, id, params),
  },
  {
    method: 'POST',
    path: /^\/v1\/files$/,
    permission: 'file_write',
    required: ['purpose'],
    shapes: { ...one, purpose: ['dispute_evidence', 'business_logo'] },
    run: ({ account, file }) => createFile(account, file),
  },
];

const bank: EndpointAt[] = [
  {
    method: 'GET',
    path: /^\/v1\/payouts$/,
    permission: 'payout_read',
    shapes: { ...paging, created, arrival_date: created, status: 'text' },
    run: ({ account, params }) => {
      const gte = integerOf(hashOf(params, 'arrival_date'), 'gte') ?? 0;
      return allOf(account, 'payout').filter((payout) => payout.arrival_date >= gte);
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/balance_transactions$/,
    permission: 'balance_transaction_read',
    shapes: { ...paging, created, payout: 'text', type: 'text' },
    run: ({ account, params }) => listEntries(account, textOf(params, 'payout')),
  },
  {
    method: 'GET',
    path: /^\/v1\/account$/,
    permission: 'accounts_kyc_basic_read',
    shapes: one,
    run: ({ account }) => accountOnWire(account),
  },
];

function listEntries(account: Account, payoutId: string | undefined): Thing[] {
  const all = allOf(account, 'balance_transaction');
  if (payoutId === undefined) return all;
  const payout = find(account, 'payout', payoutId);
  if (!payout) throw missing('payout', payoutId, 'payout');
  if (!payout.automatic)
    throw invalid('Balance transaction history can only be filtered on automatic payouts, not manual.', {
      param: 'payout',
    });
  return all.filter((entry) => account.paidOutBy.get(entry.id) === payoutId);
}

const evidenceTypes: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

function createFile(account: Account, file: FilePart | undefined): object {
  const type = evidenceTypes[file?.type ?? ''];
  if (!file) throw invalid('Missing required param: file.', { code: 'parameter_missing', param: 'file' });
  if (!type) throw invalid(`Unsupported file type: ${file.type}`, { param: 'file' });
  const id = newStripeId('file');
  const made: Stripe.File = {
    id,
    object: 'file',
    created: now_s(account),
    expires_at: null,
    filename: file.name,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${id}` },
    purpose: 'dispute_evidence',
    size: file.bytes.length,
    title: null,
    type,
    url: `https://files.stripe.com/v1/files/${id}/contents`,
  };
  return shown(account, keep(account, made));
}

const accountOnWire = (account: Account): object => ({
  id: account.id,
  object: 'account',
  business_profile: { mcc: null, name: account.name, url: null },
  business_type: 'company',
  capabilities: {
    card_payments: 'active',
    transfers: 'active',
    us_bank_account_ach_payments: 'active',
  },
  charges_enabled: true,
  controller: { type: 'account' },
  country: 'US',
  created: now_s(account),
  default_currency: 'usd',
  details_submitted: true,
  email: 'owner@example.com',
  external_accounts: { object: 'list', data: [], has_more: false, url: '/v1/accounts/x/external_accounts' },
  future_requirements: { currently_due: [] },
  metadata: {},
  payouts_enabled: true,
  requirements: { currently_due: [] },
  settings: { dashboard: { display_name: account.name, timezone: 'Etc/UTC' } },
  tos_acceptance: { date: null, ip: null, user_agent: null },
  type: 'standard',
});

export const endpoints: readonly EndpointAt[] = [...intents, ...vault, ...goingBack, ...bank];
