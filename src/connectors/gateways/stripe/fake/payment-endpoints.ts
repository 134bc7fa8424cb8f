import { allOf, find } from './account.ts';
import { type Shapes, textOf } from './check-params.ts';
import { created, type EndpointAt, one, paging } from './endpoint.ts';
import { shown } from './expand.ts';
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
import { missing } from './wire.ts';

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

export const intentEndpoints: EndpointAt[] = [
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

export const vaultEndpoints: EndpointAt[] = [
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
