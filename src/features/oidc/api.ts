import { z } from 'zod';
import { issuerProblem } from '#features/oidc/rules.ts';
import { endpoint, listOf, zId, zInstant, zText } from '#lib/endpoint.ts';
import { builtInRoles } from '#lib/roles.ts';

const zDomain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9-]+\.)+[a-z0-9-]{2,}$/, 'must be a domain such as example.com');
const zIssuer = z
  .string()
  .trim()
  .max(500)
  .superRefine((issuer, context) => {
    const problem = issuerProblem(issuer);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
const zSecret = z.string().trim().max(1000).nullable().optional().meta({
  description: 'Kept encrypted and never shown again. Left out: as it was; null: none, for a public client',
});
const zRules = {
  label: zText(60).meta({ description: 'What stands on the button' }),
  client_id: zText(500),
  email_domains: z.array(zDomain).max(20).meta({ description: 'Empty: addresses of any domain' }),
  links_by_email: z
    .boolean()
    .meta({ description: 'A verified e-mail address connects with the user who has it' }),
  creates_users: z.boolean().meta({ description: 'A first sign-in makes a user' }),
  first_roles: z.array(z.union([z.enum(builtInRoles), zId('role')])).max(20),
  password_allowed: z.boolean(),
};
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const personErrors = ['unauthenticated', 'not_found', 'rate_limited'] as const;

export const zProvider = z.object({
  object: z.literal('oidc_provider'),
  is_trusted: z.boolean().meta({
    description: 'An operator saved it as it is; until then it signs in only who connected it',
  }),
  id: zId('oidcProvider'),
  ...zRules,
  first_roles: z.array(z.string()),
  issuer: z.string(),
  for_all: z.boolean(),
  has_secret: z.boolean(),
  people: z.int().meta({ description: 'How many have connected it' }),
  created_at: zInstant,
});

export const listProviders = endpoint({
  method: 'GET',
  path: '/v1/oidc-providers',
  summary: 'The OpenID providers that staff may sign in through',
  scope: 'users:write',
  reply: z.object({
    ...listOf(zProvider).shape,
    redirect_uri: z.string().meta({ description: 'What the provider must allow' }),
    may_change: z.boolean().meta({ description: 'An owner, signed in: adds, changes and removes' }),
    may_for_all: z.boolean(),
  }),
  errors,
});
export const createProvider = endpoint({
  method: 'POST',
  path: '/v1/oidc-providers',
  summary: 'Add an OpenID provider, after trying the connection',
  scope: 'users:write',
  body: z.strictObject({
    issuer: zIssuer,
    for_all: z.boolean().default(false),
    client_secret: zSecret,
    ...zRules,
  }),
  status: 201,
  reply: zProvider,
  errors: [...errors, 'state_refused'],
});
export const updateProvider = endpoint({
  method: 'PATCH',
  path: '/v1/oidc-providers/{id}',
  summary: 'Change the rules of an OpenID provider',
  scope: 'users:write',
  params: z.object({ id: zId('oidcProvider') }),
  body: z.strictObject({ client_secret: zSecret, ...zRules }),
  reply: zProvider,
  errors: [...errors, 'not_found'],
});
export const deleteProvider = endpoint({
  method: 'DELETE',
  path: '/v1/oidc-providers/{id}',
  summary: 'Remove an OpenID provider; nobody signs in through it any more',
  scope: 'users:write',
  params: z.object({ id: zId('oidcProvider') }),
  reply: z.object({ object: z.literal('oidc_provider_removed'), id: z.string() }),
  errors: [...errors, 'not_found'],
});
export const checkProvider = endpoint({
  method: 'POST',
  path: '/v1/oidc-providers/check',
  summary:
    'Try a connection before it is saved: the address, what it offers, and whether it knows the client',
  scope: 'users:write',
  body: z.strictObject({
    id: zId('oidcProvider').optional().meta({ description: 'Of one that is saved: for its secret' }),
    issuer: zIssuer,
    client_id: zText(500),
    client_secret: zSecret,
    for_all: z.boolean().default(false),
  }),
  reply: z.object({ object: z.literal('oidc_provider_check'), works: z.literal(true) }),
  errors: [...errors, 'not_found'],
});

export const offeredProviders = endpoint({
  method: 'GET',
  path: '/v1/sign-in-providers',
  summary: 'What the sign-in page offers beside the password; those of a company once its address is typed',
  scope: 'public',
  query: z.object({ email: z.email().max(254).optional() }),
  reply: listOf(z.object({ id: zId('oidcProvider'), label: z.string() })),
  errors: ['rate_limited', 'invalid_request'],
});

export const listIdentities = endpoint({
  method: 'GET',
  path: '/v1/identities',
  summary: 'The providers that are connected with your sign-in, and those that can be',
  scope: 'signed_in',
  reply: z.object({
    object: z.literal('identities'),
    linked: z.array(
      z.object({
        object: z.literal('identity'),
        id: zId('userIdentity'),
        provider_id: zId('oidcProvider'),
        label: z.string(),
        email: z.string().nullable(),
        created_at: zInstant,
        last_used_at: zInstant.nullable(),
      }),
    ),
    offered: z.array(z.object({ id: zId('oidcProvider'), label: z.string() })),
  }),
  errors: personErrors,
});
export const connectIdentity = endpoint({
  method: 'POST',
  path: '/v1/identities',
  summary: 'Begin to connect a provider with your sign-in: answers where the browser goes',
  scope: 'signed_in',
  body: z.strictObject({ provider_id: zId('oidcProvider'), password: z.string().max(200) }),
  reply: z.object({ object: z.literal('identity_connection'), url: z.string() }),
  errors: [...personErrors, 'forbidden', 'invalid_request', 'locked', 'unavailable'],
});
export const deleteIdentity = endpoint({
  method: 'DELETE',
  path: '/v1/identities/{id}',
  summary: 'Disconnect a provider from your sign-in',
  scope: 'signed_in',
  params: z.object({ id: zId('userIdentity') }),
  reply: z.object({ object: z.literal('identity_removed'), id: z.string() }),
  errors: [...personErrors, 'forbidden'],
});
