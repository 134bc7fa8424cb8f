import { z } from 'zod';
import { zAddress, zColor, zTimeZone } from '#features/organizations/api.ts';
import { zMe, zPassword } from '#features/users/api.ts';
import { endpoint, zCurrency, zEmail, zText } from '#lib/endpoint.ts';

/** The first start: the printed link, then one of two doors. */
export const getInstallation = endpoint({
  method: 'GET',
  path: '/v1/installation',
  summary: 'Whether this installation still waits for its first organization',
  scope: 'public',
  query: z.object({ token: z.string().max(100) }),
  reply: z.object({ object: z.literal('installation'), open: z.boolean() }),
  errors: ['link_expired', 'rate_limited'],
});
export const exploreSample = endpoint({
  method: 'POST',
  path: '/v1/installation/sample',
  summary: 'Explore with a sample company: makes a sandbox organization',
  scope: 'public',
  body: z.strictObject({ token: z.string().max(100) }),
  reply: zMe,
  status: 201,
  errors: ['link_expired', 'rate_limited', 'unavailable'],
});
export const setUpOrganization = endpoint({
  method: 'POST',
  path: '/v1/installation/organization',
  summary: 'Set up my business: organization and first user',
  scope: 'public',
  bodyLimit: 3_200_000,
  body: z.strictObject({
    token: z.string().max(100),
    mode: z.enum(['live', 'sandbox']),
    name: zText(200),
    time_zone: zTimeZone,
    currency: zCurrency,
    address: zAddress,
    brand_color: zColor.optional(),
    logo: z
      .strictObject({
        content_type: z.enum(['image/png', 'image/jpeg', 'image/svg+xml']),
        base64: z.base64(),
      })
      .optional(),
    first_name: zText(100),
    last_name: zText(100),
    email: zEmail,
    password: zPassword,
  }),
  reply: zMe,
  status: 201,
  errors: ['link_expired', 'invalid_request', 'conflict', 'rate_limited'],
});
