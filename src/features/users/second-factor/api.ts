import { z } from 'zod';
import { zMe, zUser } from '#features/users/api.ts';
import { endpoint, zId } from '#lib/endpoint.ts';

const errors = ['unauthenticated', 'not_found', 'invalid_request', 'rate_limited'] as const;
const zProof = z.strictObject({ password: z.string().max(200) });
const zCode = z.string().trim().min(1, 'Enter the code').max(40);
const zRecoveryCodes = z.object({
  object: z.literal('recovery_codes'),
  codes: z.array(z.string()).meta({ description: 'Told this once; each opens once' }),
});

export const passSecondStep = endpoint({
  method: 'POST',
  path: '/v1/session/second-step',
  summary: 'The second step of a sign-in: a code of the app, or a recovery code',
  scope: 'public',
  body: z.strictObject({ token: z.string().max(100), code: zCode }),
  reply: zMe,
  errors: ['unauthenticated', 'link_expired', 'locked', 'rate_limited', 'invalid_request'],
});
export const beginAuthenticator = endpoint({
  method: 'POST',
  path: '/v1/profile/authenticator',
  summary: 'Begin with an authenticator app: its secret, as text and as address for a QR code',
  scope: 'signed_in',
  body: zProof,
  reply: z.object({ object: z.literal('authenticator_setup'), secret: z.string(), url: z.string() }),
  errors: [...errors, 'forbidden', 'locked'],
});
export const confirmAuthenticator = endpoint({
  method: 'POST',
  path: '/v1/profile/authenticator/confirm',
  summary: 'The app shows this code: ask for it from now on',
  scope: 'signed_in',
  body: z.strictObject({ code: zCode }),
  reply: zRecoveryCodes,
  errors: [...errors, 'forbidden', 'state_refused'],
});
export const turnOffAuthenticator = endpoint({
  method: 'POST',
  path: '/v1/profile/authenticator/turn-off',
  summary: 'No longer ask for a code of the app',
  scope: 'signed_in',
  body: zProof,
  reply: z.object({ object: z.literal('authenticator_off') }),
  errors: [...errors, 'forbidden', 'locked', 'state_refused'],
});
export const renewRecoveryCodes = endpoint({
  method: 'POST',
  path: '/v1/profile/recovery-codes',
  summary: 'Ten new recovery codes in place of those before',
  scope: 'signed_in',
  body: zProof,
  reply: zRecoveryCodes,
  errors: [...errors, 'forbidden', 'locked', 'state_refused'],
});
export const resetSecondFactor = endpoint({
  method: 'POST',
  path: '/v1/users/{id}/reset-second-factor',
  summary: 'Forget a colleague’s app, recovery codes and passkeys, and sign them out',
  scope: 'users:write',
  params: z.object({ id: zId('user') }),
  reply: zUser,
  errors: [...errors, 'forbidden', 'state_refused'],
});

const policy = { require_second_factor: z.boolean() };
const zSignInPolicy = z.object({
  object: z.literal('sign_in_policy'),
  ...policy,
  people: z.int(),
  without_second_factor: z.int(),
});
export const getSignInPolicy = endpoint({
  method: 'GET',
  path: '/v1/sign-in-policy',
  summary: 'How people sign in here',
  scope: 'users:write',
  reply: zSignInPolicy,
  errors: ['unauthenticated', 'forbidden'],
});
export const updateSignInPolicy = endpoint({
  method: 'PATCH',
  path: '/v1/sign-in-policy',
  summary: 'Ask everybody for a second factor, or no longer',
  scope: 'users:write',
  body: z.strictObject(policy).partial(),
  reply: zSignInPolicy,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'state_refused'],
});
