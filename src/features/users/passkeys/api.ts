import { z } from 'zod';
import { zMe } from '#features/users/api.ts';
import { endpoint, listOf, zId, zInstant, zText } from '#lib/endpoint.ts';

const errors = ['unauthenticated', 'not_found', 'invalid_request', 'rate_limited'] as const;
const zBytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]+$/, 'must be base64url');
const zKey = { id: zBytes, rawId: zBytes, type: z.literal('public-key') };

/** What WebAuthn's `create()` and `get()` answer, as JSON; what is not used is left out. */
export const zNewCredential = z.object({
  ...zKey,
  response: z.object({
    clientDataJSON: zBytes,
    attestationObject: zBytes,
    transports: z.array(z.string().max(40)).max(10).default([]),
  }),
});
export const zAssertion = z.object({
  ...zKey,
  response: z.object({
    clientDataJSON: zBytes,
    authenticatorData: zBytes,
    signature: zBytes,
    userHandle: z.string().max(200).nullish(),
  }),
});

export const zPasskey = z.object({
  object: z.literal('passkey'),
  id: zId('passkey'),
  name: z.string(),
  is_backed_up: z.boolean().meta({ description: 'Kept by the maker of the device for other devices, too' }),
  created_at: zInstant,
  last_used_at: zInstant.nullable(),
});

export const beginPasskeySignIn = endpoint({
  method: 'POST',
  path: '/v1/session/passkey/challenge',
  summary: 'What a passkey is to sign for a sign-in',
  scope: 'public',
  reply: z.object({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.int(),
    userVerification: z.literal('required'),
  }),
  errors: ['rate_limited'],
});
export const signInByPasskey = endpoint({
  method: 'POST',
  path: '/v1/session/passkey',
  summary: 'Sign in with a passkey, which stands for both factors',
  scope: 'public',
  body: z.strictObject({ credential: zAssertion }),
  reply: zMe,
  errors: ['unauthenticated', 'link_expired', 'invalid_request', 'rate_limited'],
});
export const beginPasskey = endpoint({
  method: 'POST',
  path: '/v1/profile/passkeys/challenge',
  summary: 'Begin with a new passkey: what the browser is asked for',
  scope: 'signed_in',
  body: z.strictObject({ password: z.string().max(200) }),
  reply: z.object({
    challenge: z.string(),
    rp: z.object({ name: z.string(), id: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal('public-key') })),
    timeout: z.int(),
    excludeCredentials: z.array(z.object({ id: z.string(), type: z.literal('public-key') })),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
  }),
  errors: [...errors, 'forbidden', 'locked', 'state_refused'],
});
export const addPasskey = endpoint({
  method: 'POST',
  path: '/v1/profile/passkeys',
  summary: 'Keep the new passkey under a name',
  scope: 'signed_in',
  body: z.strictObject({ name: zText(60), credential: zNewCredential }),
  status: 201,
  reply: zPasskey,
  errors: [...errors, 'forbidden', 'link_expired', 'conflict'],
});
export const listPasskeys = endpoint({
  method: 'GET',
  path: '/v1/profile/passkeys',
  summary: 'Your passkeys',
  scope: 'signed_in',
  reply: listOf(zPasskey),
  errors,
});
export const renamePasskey = endpoint({
  method: 'PATCH',
  path: '/v1/profile/passkeys/{id}',
  summary: 'Give a passkey another name',
  scope: 'signed_in',
  params: z.object({ id: zId('passkey') }),
  body: z.strictObject({ name: zText(60) }),
  reply: zPasskey,
  errors,
});
export const removePasskey = endpoint({
  method: 'DELETE',
  path: '/v1/profile/passkeys/{id}',
  summary: 'Remove a passkey: it opens nothing any more',
  scope: 'signed_in',
  params: z.object({ id: zId('passkey') }),
  reply: z.object({ object: z.literal('passkey_removed'), id: z.string() }),
  errors: [...errors, 'forbidden'],
});
