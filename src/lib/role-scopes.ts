import type { Scope } from '#lib/endpoint.ts';

/** What each staff role may do. A superuser may do everything; all of them see the overview. */
export const scopesOfRole: Record<string, readonly Scope[]> = {
  superuser: [
    'overview:read',
    'customers:read',
    'customers:write',
    'invoices:read',
    'invoices:write',
    'payments:read',
    'payments:write',
    'messages:read',
    'imports:write',
    'settings:read',
    'settings:write',
    'clock:write',
    'events:read',
  ],
  settings_manager: ['overview:read', 'settings:read', 'settings:write'],
  add_ons: ['overview:read', 'settings:read'],
  receivables: [
    'overview:read',
    'customers:read',
    'customers:write',
    'invoices:read',
    'invoices:write',
    'messages:read',
    'imports:write',
    'payments:read',
    'events:read',
    'settings:read',
  ],
  payments: [
    'overview:read',
    'customers:read',
    'invoices:read',
    'payments:read',
    'payments:write',
    'events:read',
    'settings:read',
  ],
  report_viewer: [
    'overview:read',
    'customers:read',
    'invoices:read',
    'payments:read',
    'messages:read',
    'events:read',
    'settings:read',
  ],
  dashboard: ['overview:read', 'settings:read'],
};

export const scopesOfRoles = (roles: readonly string[]): ReadonlySet<string> =>
  new Set(roles.flatMap((role) => scopesOfRole[role] ?? []));
