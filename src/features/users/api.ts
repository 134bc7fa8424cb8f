import { z } from 'zod';
import { endpoint, listOf, scopes, zCurrency, zEmail, zId, zInstant, zMinor, zText } from '#lib/endpoint.ts';
import { builtInRoles } from '#lib/roles.ts';

export const zPassword = z.string().min(12, 'needs at least 12 characters').max(200);

const zPlace = z.object({ id: zId('organization'), name: z.string(), mode: z.enum(['live', 'sandbox']) });
export const zMe = z.object({
  object: z.literal('session'),
  user: z.object({ id: zId('user'), email: z.string(), name: z.string(), operator: z.boolean() }),
  organization: zPlace.nullable(),
  organizations: z.array(zPlace),
  scopes: z.array(z.string()),
  idle_minutes: z.int(),
  second_factor_due: z.boolean(),
  may_add_organizations: z.boolean(),
});
/** The password was right, and a code is asked for next. */
const zSecondStep = z.object({ object: z.literal('second_step'), token: z.string() });

export const signIn = endpoint({
  method: 'POST',
  path: '/v1/session',
  summary: 'Sign in with e-mail and password; sets the session cookie',
  scope: 'public',
  body: z.strictObject({ email: zEmail, password: z.string().max(200) }),
  reply: z.union([zMe, zSecondStep]),
  errors: ['unauthenticated', 'locked', 'rate_limited', 'invalid_request'],
});
export const getSession = endpoint({
  method: 'GET',
  path: '/v1/session',
  summary: 'Who is signed in',
  scope: 'public',
  reply: zMe,
  errors: ['unauthenticated'],
});
export const signOut = endpoint({
  method: 'DELETE',
  path: '/v1/session',
  summary: 'Sign out',
  scope: 'public',
  reply: z.object({ object: z.literal('signed_out') }),
});
export const stayAwake = endpoint({
  method: 'POST',
  path: '/v1/session/awake',
  summary: 'Somebody is at the desk: the session does not rest',
  scope: 'public',
  reply: z.object({ object: z.literal('awake') }),
  errors: ['unauthenticated'],
});
export const switchOrganization = endpoint({
  method: 'POST',
  path: '/v1/session/organization',
  summary: 'Work in another of your organizations',
  scope: 'public',
  body: z.strictObject({ organization_id: zId('organization') }),
  reply: zMe,
  errors: ['unauthenticated', 'not_found'],
});

const zRoleKey = z.union([z.enum(builtInRoles), zId('role')]);
const zRoles = z.array(zRoleKey).min(1, 'needs at least one role').max(20);
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

export const zUser = z.object({
  object: z.literal('user'),
  id: zId('user'),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  roles: z.array(z.string()),
  state: z.enum(['active', 'disabled']),
  has_second_factor: z.boolean(),
  last_sign_in_at: zInstant.nullable(),
  created_at: zInstant,
});
export const zInvitation = z.object({
  object: z.literal('invitation'),
  id: zId('invitation'),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  roles: z.array(z.string()),
  state: z.enum(['open', 'expired', 'accepted', 'revoked']),
  sent_at: zInstant,
  expires_at: zInstant,
});
export const zRole = z.object({
  object: z.literal('role'),
  id: z.string(),
  name: z.string(),
  built_in: z.boolean(),
  scopes: z.array(z.enum(scopes)),
  people: z.int(),
});

export const listUsers = endpoint({
  method: 'GET',
  path: '/v1/users',
  summary: 'Who works here',
  scope: 'users:write',
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(100),
    starting_after: zId('user').optional(),
  }),
  reply: listOf(zUser),
  errors,
});
export const updateUser = endpoint({
  method: 'PATCH',
  path: '/v1/users/{id}',
  summary: 'Change a colleague: names, roles, disabled or not',
  scope: 'users:write',
  params: z.object({ id: zId('user') }),
  body: z
    .strictObject({ first_name: zText(100), last_name: zText(100), roles: zRoles, disabled: z.boolean() })
    .partial(),
  reply: zUser,
  errors: [...errors, 'not_found', 'state_refused'],
});
export const listInvitations = endpoint({
  method: 'GET',
  path: '/v1/invitations',
  summary: 'Invitations that wait for an answer',
  scope: 'users:write',
  reply: listOf(zInvitation),
  errors,
});
export const createInvitation = endpoint({
  method: 'POST',
  path: '/v1/invitations',
  summary: 'Invite somebody to work here, by mail',
  scope: 'users:write',
  body: z.strictObject({ email: zEmail, first_name: zText(100), last_name: zText(100), roles: zRoles }),
  status: 201,
  reply: zInvitation,
  errors: [...errors, 'conflict', 'rate_limited'],
});
export const resendInvitation = endpoint({
  method: 'POST',
  path: '/v1/invitations/{id}/send',
  summary: 'Send an invitation again, with a new link',
  scope: 'users:write',
  params: z.object({ id: zId('invitation') }),
  reply: zInvitation,
  errors: [...errors, 'not_found', 'state_refused', 'rate_limited'],
});
export const revokeInvitation = endpoint({
  method: 'DELETE',
  path: '/v1/invitations/{id}',
  summary: 'Take an invitation back',
  scope: 'users:write',
  params: z.object({ id: zId('invitation') }),
  reply: zInvitation,
  errors: [...errors, 'not_found', 'state_refused'],
});

export const listRoles = endpoint({
  method: 'GET',
  path: '/v1/roles',
  summary: 'Roles and what each may do',
  scope: 'users:write',
  reply: listOf(zRole),
  errors,
});
const roleBody = z.strictObject({
  name: zText(60),
  scopes: z.array(z.enum(scopes)).min(1, 'needs one at least'),
});
export const createRole = endpoint({
  method: 'POST',
  path: '/v1/roles',
  summary: 'Make a role of your own',
  scope: 'users:write',
  body: roleBody,
  status: 201,
  reply: zRole,
  errors: [...errors, 'conflict'],
});
export const updateRole = endpoint({
  method: 'PATCH',
  path: '/v1/roles/{id}',
  summary: 'Change a role, for all who hold it',
  scope: 'users:write',
  params: z.object({ id: zId('role') }),
  body: roleBody,
  reply: zRole,
  errors: [...errors, 'conflict', 'not_found'],
});
export const deleteRole = endpoint({
  method: 'DELETE',
  path: '/v1/roles/{id}',
  summary: 'Remove a role that nobody holds',
  scope: 'users:write',
  params: z.object({ id: zId('role') }),
  reply: z.object({ object: z.literal('role_removed'), id: z.string() }),
  errors: [...errors, 'not_found', 'state_refused'],
});

const zToken = z.string().max(100);
export const getInvitation = endpoint({
  method: 'GET',
  path: '/v1/invitation',
  summary: 'What an invitation’s link is for',
  scope: 'public',
  query: z.object({ token: zToken }),
  reply: z.object({
    object: z.literal('invitation'),
    organization_name: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    has_sign_in: z.boolean(),
  }),
  errors: ['link_expired', 'rate_limited'],
});
export const acceptInvitation = endpoint({
  method: 'POST',
  path: '/v1/invitation',
  summary: 'Accept an invitation; a newcomer chooses a password and is signed in',
  scope: 'public',
  body: z.strictObject({
    token: zToken,
    first_name: zText(100),
    last_name: zText(100),
    password: zPassword.optional(),
  }),
  reply: z.object({ object: z.literal('invitation_accepted'), signed_in: z.boolean() }),
  errors: ['link_expired', 'invalid_request', 'rate_limited'],
});
export const requestPasswordReset = endpoint({
  method: 'POST',
  path: '/v1/password-reset/request',
  summary: 'Mail a link to choose a new password, if the address is known',
  scope: 'public',
  body: z.strictObject({ email: zEmail }),
  reply: z.object({ object: z.literal('reset_requested') }),
  errors: ['invalid_request', 'rate_limited'],
});
export const resetPassword = endpoint({
  method: 'POST',
  path: '/v1/password-reset',
  summary: 'Choose a new password; every device is signed out',
  scope: 'public',
  body: z.strictObject({ token: zToken, password: zPassword }),
  reply: z.object({ object: z.literal('password_changed') }),
  errors: ['link_expired', 'invalid_request', 'rate_limited'],
});

export const listPlaces = endpoint({
  method: 'GET',
  path: '/v1/session/places',
  summary: 'The organizations that one’s sign-in opens, with one’s roles and what is owed there',
  scope: 'public',
  reply: listOf(
    z.object({
      id: zId('organization'),
      name: z.string(),
      mode: z.enum(['live', 'sandbox']),
      currency: zCurrency,
      locale: z.string(),
      roles: z.array(z.string()),
      owed: zMinor.nullable().meta({ description: 'Null where one’s roles do not show the overview' }),
      past_due: zMinor.nullable(),
    }),
  ),
  errors: ['unauthenticated'],
});
