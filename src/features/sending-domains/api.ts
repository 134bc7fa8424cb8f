import { z } from 'zod';
import { endpoint, zInstant } from '#lib/endpoint.ts';

const zRecord = z.object({
  key: z.enum(['dkim', 'return_path', 'spf', 'dmarc']),
  type: z.enum(['TXT', 'MX']),
  name: z.string(),
  value: z.string(),
  /** Mail comes from the domain once all of these are found. */
  required: z.boolean(),
  /** Null: not looked for yet. */
  ok: z.boolean().nullable(),
  problem: z.string().nullable(),
});

export const zSendingDomain = z.object({
  object: z.literal('sending_domain'),
  /** Where mail comes from until a domain is verified. */
  platform_from: z.string(),
  domain: z.string().nullable(),
  from_local: z.string().nullable(),
  state: z.enum(['pending', 'verified', 'failed']).nullable(),
  checked_at: zInstant.nullable(),
  records: z.array(zRecord),
});

const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const path = '/v1/sending-domain';

export const getSendingDomain = endpoint({
  method: 'GET',
  path,
  summary: 'The domain that your mail comes from, and the DNS records it needs',
  scope: 'settings:read',
  reply: zSendingDomain,
  errors,
});

export const setSendingDomain = endpoint({
  method: 'POST',
  path,
  summary: 'Send mail from a domain of your own; it is used once its records are found',
  scope: 'settings:write',
  body: z.strictObject({
    domain: z.string().max(250),
    from_local: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9._+-]{1,64}$/, 'must be what stands before the @, such as billing'),
  }),
  reply: zSendingDomain,
  errors,
});

export const verifySendingDomain = endpoint({
  method: 'POST',
  path: `${path}/verify`,
  summary: 'Look for the records in the DNS now',
  scope: 'settings:write',
  reply: zSendingDomain,
  errors,
});

export const removeSendingDomain = endpoint({
  method: 'DELETE',
  path,
  summary: 'Send mail from the installation’s address again',
  scope: 'settings:write',
  reply: zSendingDomain,
  errors,
});
