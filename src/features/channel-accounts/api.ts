import { z } from 'zod';
import { endpoint, listOf, zId, zInstant } from '#lib/endpoint.ts';

export const carrierChannels = ['sms', 'paper'] as const;

export const zChannelVendor = z.object({
  object: z.literal('channel_vendor'),
  channel: z.enum(carrierChannels),
  vendor: z.string(),
  name: z.string(),
  credentials: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      secret: z.boolean(),
      help: z.string(),
      /** May be given later. */
      later: z.boolean().optional(),
    }),
  ),
});

export const zChannelAccount = z.object({
  object: z.literal('channel_account'),
  id: zId('channelAccount'),
  channel: z.enum(carrierChannels),
  vendor: z.string(),
  vendor_name: z.string(),
  /** What of the credentials may be seen. */
  shown: z.string(),
  vendor_account: z.string().nullable(),
  webhook_url: z.string(),
  checked_at: zInstant.nullable(),
  problem: z.string().nullable(),
  created_at: zInstant,
});

export const listChannelVendors = endpoint({
  method: 'GET',
  path: '/v1/channel-vendors',
  summary: 'Carriers of text messages and letters that can be connected, and what connecting each one takes',
  scope: 'settings:read',
  reply: listOf(zChannelVendor),
  errors: ['unauthenticated', 'forbidden'],
});

export const listChannelAccounts = endpoint({
  method: 'GET',
  path: '/v1/channel-accounts',
  summary: 'The carriers that take the organization’s text messages and letters',
  scope: 'settings:read',
  reply: listOf(zChannelAccount),
  errors: ['unauthenticated', 'forbidden'],
});

const one = z.object({ id: zId('channelAccount') });

/** Asked of the carrier before anything is kept. */
export const connectChannel = endpoint({
  method: 'POST',
  path: '/v1/channel-accounts',
  status: 201,
  summary:
    'Connect a carrier: its credentials are tried first, then kept encrypted; one it replaces is let go',
  scope: 'settings:write',
  body: z.strictObject({
    vendor: z.string().max(40),
    credentials: z.record(z.string().max(60), z.string().trim().max(4000)),
  }),
  reply: zChannelAccount,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'state_refused', 'unavailable'],
});

export const checkChannel = endpoint({
  method: 'POST',
  path: '/v1/channel-accounts/{id}/check',
  summary: 'Ask the carrier whether the stored credentials work',
  scope: 'settings:write',
  params: one,
  reply: z.object({
    object: z.literal('channel_check'),
    ok: z.boolean(),
    message: z.string(),
    notes: z.array(z.string()),
  }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'unavailable'],
});

export const disconnectChannel = endpoint({
  method: 'POST',
  path: '/v1/channel-accounts/{id}/disconnect',
  summary: 'Hand a carrier nothing more; what it tells of earlier messages is still read',
  scope: 'settings:write',
  params: one,
  reply: zChannelAccount,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const zTextHours = z.object({
  object: z.literal('text_hours'),
  /** business: 09:00 to 18:00 on business days as well; law: as wide as the law lets. */
  keeps: z.enum(['business', 'law']),
  rules: z.array(
    z.object({
      jurisdiction: z.string(),
      weekdays: z.array(z.int().min(1).max(7)),
      opens: z.string(),
      closes: z.string(),
      source: z.string(),
    }),
  ),
});

export const getTextHours = endpoint({
  method: 'GET',
  path: '/v1/text-hours',
  summary: 'When text messages may arrive, by the recipient’s clock, and which rules say so',
  scope: 'settings:read',
  reply: zTextHours,
  errors: ['unauthenticated', 'forbidden'],
});

export const updateTextHours = endpoint({
  method: 'PATCH',
  path: '/v1/text-hours',
  summary: 'Keep to business hours, or only to the hours of the law',
  scope: 'settings:write',
  body: z.strictObject({ keeps: z.enum(['business', 'law']) }),
  reply: zTextHours,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
