import { z } from 'zod';
import { endpoint, listOf, pageQuery, zId, zInstant, zText } from '#lib/endpoint.ts';

export const chargeKinds = ['card', 'bank_account', 'paypal'] as const;

export const zGatewayVendor = z.object({
  object: z.literal('gateway_vendor'),
  vendor: z.string(),
  name: z.string(),
  /** The sandbox gateway is there from the start and never connected. */
  connectable: z.boolean(),
  kinds: z.array(z.enum(chargeKinds)),
  credentials: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      secret: z.boolean(),
      help: z.string(),
      /** May be given later. */
      later: z.boolean().optional(),
      options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
    }),
  ),
});

export const zGatewayAccount = z.object({
  object: z.literal('gateway_account'),
  id: zId('gatewayAccount'),
  vendor: z.string(),
  vendor_name: z.string(),
  name: z.string(),
  /** What of the credentials may be seen. */
  publishable_key: z.string(),
  /** What the vendor can take, and what is sent its way. */
  kinds: z.array(z.enum(chargeKinds)),
  takes: z.array(z.enum(chargeKinds)),
  vendor_account: z.string().nullable(),
  checked_at: zInstant.nullable(),
  problem: z.string().nullable(),
  webhook_url: z.string(),
  created_at: zInstant,
  disconnected_at: zInstant.nullable(),
});

export const listGatewayVendors = endpoint({
  method: 'GET',
  path: '/v1/gateway-vendors',
  summary: 'Payment gateways that can be connected, and what connecting each one takes',
  scope: 'settings:read',
  reply: listOf(zGatewayVendor),
  errors: ['unauthenticated', 'forbidden'],
});

export const listGatewayAccounts = endpoint({
  method: 'GET',
  path: '/v1/gateway-accounts',
  summary: 'The organization’s accounts with payment gateways',
  scope: 'settings:read',
  reply: listOf(zGatewayAccount),
  errors: ['unauthenticated', 'forbidden'],
});

const zCredentials = z.record(z.string().max(60), z.string().trim().max(4000));
const zTakes = z.array(z.enum(chargeKinds)).max(3);
const one = z.object({ id: zId('gatewayAccount') });
const writing = [
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'not_found',
  'conflict',
  'state_refused',
  'unavailable',
] as const;

/** Asked of the vendor before anything is kept. */
export const connectGateway = endpoint({
  method: 'POST',
  path: '/v1/gateway-accounts',
  status: 201,
  summary: 'Connect a payment gateway: its credentials are tried first, then kept encrypted',
  scope: 'settings:write',
  body: z.strictObject({
    vendor: z.string().max(40),
    name: zText(100).optional(),
    credentials: zCredentials,
    takes: zTakes.optional(),
  }),
  reply: zGatewayAccount,
  errors: writing,
});

export const updateGatewayAccount = endpoint({
  method: 'PATCH',
  path: '/v1/gateway-accounts/{id}',
  summary: 'Rename a gateway account, give it new credentials, or choose what it takes',
  scope: 'settings:write',
  params: one,
  body: z.strictObject({
    name: zText(100).optional(),
    /** Only what changes; the rest stays as it is. */
    credentials: zCredentials.optional(),
    takes: zTakes.optional(),
  }),
  reply: zGatewayAccount,
  errors: writing,
});

export const checkGatewayAccount = endpoint({
  method: 'POST',
  path: '/v1/gateway-accounts/{id}/check',
  summary: 'Ask the gateway whether the stored credentials work',
  scope: 'settings:write',
  params: one,
  reply: z.object({
    object: z.literal('gateway_check'),
    ok: z.boolean(),
    message: z.string(),
    notes: z.array(z.string()),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused'],
});

export const disconnectGateway = endpoint({
  method: 'POST',
  path: '/v1/gateway-accounts/{id}/disconnect',
  summary: 'Stop sending new payments to a gateway account; what is under way is still followed',
  scope: 'settings:write',
  params: one,
  reply: zGatewayAccount,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const zWebhookIn = z.object({
  object: z.literal('webhook_in'),
  id: zId('webhook'),
  gateway_account_id: zId('gatewayAccount'),
  gateway_name: z.string(),
  event_key: z.string(),
  type: z.string(),
  about: z.array(z.string()),
  payment_ids: z.array(z.string()),
  state: z.enum(['received', 'worked', 'failed']),
  attempts: z.int(),
  error: z.string().nullable(),
  received_at: zInstant,
  worked_at: zInstant.nullable(),
});

export const listWebhooksIn = endpoint({
  method: 'GET',
  path: '/v1/webhooks-in',
  summary: 'Webhooks received from payment gateways, newest first',
  scope: 'settings:read',
  query: z.object({
    ...pageQuery,
    state: z.enum(['all', 'unworked']).default('all'),
    gateway_account_id: zId('gatewayAccount').optional(),
  }),
  reply: listOf(zWebhookIn),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const oneWebhook = z.object({ id: zId('webhook') });
export const getWebhookIn = endpoint({
  method: 'GET',
  path: '/v1/webhooks-in/{id}',
  summary: 'One webhook as it came, secrets blanked',
  scope: 'settings:read',
  params: oneWebhook,
  reply: zWebhookIn.extend({ raw: z.string() }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const replayWebhookIn = endpoint({
  method: 'POST',
  path: '/v1/webhooks-in/{id}/replay',
  status: 202,
  summary: 'Work a webhook again: the gateway is asked anew what is true',
  scope: 'settings:write',
  params: oneWebhook,
  reply: zWebhookIn,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
