import { z } from 'zod';
import { zTimeZone } from '#features/organizations/api.ts';
import { zPassword } from '#features/users/api.ts';
import { endpoint, listOf, zCurrency, zEmail, zId, zInstant, zText } from '#lib/endpoint.ts';

const errors = ['unauthenticated', 'not_found', 'invalid_request', 'rate_limited'] as const;
const zOldPassword = z.string().max(200);

export const zProfile = z.object({
  object: z.literal('profile'),
  id: zId('user'),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  new_email: z.string().nullable().meta({ description: 'Waits for its link to be opened' }),
  authenticator: z.object({
    is_on: z.boolean(),
    since: zInstant.nullable(),
    recovery_codes_left: z.int(),
  }),
  second_factor_asked_by: z.array(z.string()).meta({ description: 'Names of organizations' }),
});

export const getProfile = endpoint({
  method: 'GET',
  path: '/v1/profile',
  summary: 'Your own profile, in whichever organization',
  scope: 'signed_in',
  reply: zProfile,
  errors,
});
export const updateProfile = endpoint({
  method: 'PATCH',
  path: '/v1/profile',
  summary: 'Change your name',
  scope: 'signed_in',
  body: z.strictObject({ first_name: zText(100), last_name: zText(100) }),
  reply: zProfile,
  errors,
});
export const changePassword = endpoint({
  method: 'POST',
  path: '/v1/profile/password',
  summary: 'Change your password; every other device is signed out',
  scope: 'signed_in',
  body: z.strictObject({ password: zOldPassword, new_password: zPassword }),
  reply: z.object({ object: z.literal('password_changed') }),
  errors: [...errors, 'forbidden', 'locked'],
});
export const requestEmailChange = endpoint({
  method: 'POST',
  path: '/v1/profile/email',
  summary: 'Ask to sign in with another address: a link goes to it',
  scope: 'signed_in',
  body: z.strictObject({ email: zEmail, password: zOldPassword }),
  reply: z.object({ object: z.literal('email_change_requested') }),
  errors: [...errors, 'forbidden', 'locked'],
});
export const confirmEmailChange = endpoint({
  method: 'POST',
  path: '/v1/profile/email/confirm',
  summary: 'The link at the new address was opened: sign in with it from now on',
  scope: 'signed_in',
  body: z.strictObject({ token: z.string().max(100) }),
  reply: zProfile,
  errors: [...errors, 'forbidden', 'link_expired', 'conflict'],
});
export const undoEmailChange = endpoint({
  method: 'POST',
  path: '/v1/email-change/undo',
  summary: 'The link at the old address: sign in with it again, and choose a new password',
  scope: 'public',
  body: z.strictObject({ token: z.string().max(100) }),
  reply: z.object({
    object: z.literal('email_restored'),
    email: z.string(),
    password_token: z.string().meta({ description: 'Opens the choice of a new password' }),
  }),
  errors: ['link_expired', 'conflict', 'invalid_request', 'rate_limited'],
});

export const zOwnSession = z.object({
  object: z.literal('own_session'),
  id: zId('session'),
  device: z.string(),
  ip: z.string().nullable(),
  organization_name: z.string().nullable(),
  second_factor: z.enum(['app', 'recovery_code', 'passkey', 'provider']).nullable(),
  is_current: z.boolean(),
  created_at: zInstant,
  last_seen_at: zInstant,
});
export const listOwnSessions = endpoint({
  method: 'GET',
  path: '/v1/profile/sessions',
  summary: 'Where you are signed in',
  scope: 'signed_in',
  reply: listOf(zOwnSession),
  errors,
});
export const endOwnSession = endpoint({
  method: 'DELETE',
  path: '/v1/profile/sessions/{id}',
  summary: 'Sign one device out',
  scope: 'signed_in',
  params: z.object({ id: zId('session') }),
  reply: z.object({ object: z.literal('sessions_ended'), ended: z.int() }),
  errors,
});
export const endOtherSessions = endpoint({
  method: 'DELETE',
  path: '/v1/profile/sessions',
  summary: 'Sign every other device out',
  scope: 'signed_in',
  reply: z.object({ object: z.literal('sessions_ended'), ended: z.int() }),
  errors,
});

export const addOrganization = endpoint({
  method: 'POST',
  path: '/v1/organizations',
  summary: 'Set up another organization of your own; you are its owner',
  scope: 'signed_in',
  body: z.strictObject({
    name: zText(200),
    mode: z.enum(['live', 'sandbox']),
    currency: zCurrency,
    time_zone: zTimeZone,
  }),
  status: 201,
  reply: z.object({ object: z.literal('organization_added'), id: zId('organization') }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'state_refused'],
});
