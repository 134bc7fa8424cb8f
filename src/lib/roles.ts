import type { Scope } from '#lib/endpoint.ts';
import { scopes } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';

export const builtInRoles = [
  'superuser',
  'settings_manager',
  'receivables',
  'payments',
  'collections',
  'report_viewer',
  'dashboard',
] as const;
export type BuiltInRole = (typeof builtInRoles)[number];

const reading: readonly Scope[] = [
  'overview:read',
  'customers:read',
  'invoices:read',
  'payments:read',
  'messages:read',
  'events:read',
  'settings:read',
];

/** What each built-in role may do; a person may hold several. An owner may do everything. */
export const scopesOfRole: Record<BuiltInRole, readonly Scope[]> = {
  superuser: scopes,
  settings_manager: ['overview:read', 'settings:read', 'settings:write'],
  receivables: [...reading, 'customers:write', 'invoices:write', 'imports:write'],
  payments: [
    'overview:read',
    'customers:read',
    'invoices:read',
    'payments:read',
    'payments:write',
    'events:read',
    'settings:read',
  ],
  collections: [...reading, 'customers:write'],
  report_viewer: reading,
  dashboard: ['overview:read'],
};

export const isBuiltIn = (role: string): role is BuiltInRole =>
  builtInRoles.some((builtIn) => builtIn === role);

/** All that the roles of one person add up to. */
export const scopesOfRoles = (roles: readonly string[], own: readonly string[] = []): ReadonlySet<string> =>
  new Set([...roles.flatMap((role) => (isBuiltIn(role) ? scopesOfRole[role] : [])), ...own]);

type Holder = {
  kind: string;
  roles?: readonly string[];
  ownScopes?: readonly string[];
  scopes?: readonly string[];
};

/** What an actor may do through the API: staff by their roles, a key by what it was given. */
export function scopesOf(actor: Holder): ReadonlySet<string> {
  if (actor.kind === 'api_key') return new Set(actor.scopes);
  return actor.kind === 'user' ? scopesOfRoles(actor.roles ?? [], actor.ownScopes) : new Set();
}

/** Refuse who lacks a permission. */
export function demand(actor: Holder, scope: string): void {
  if (scopesOf(actor).has(scope)) return;
  throw new Refusal('forbidden', `This needs the permission ${scope}. Ask a superuser of your organization.`);
}
