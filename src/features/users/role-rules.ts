import type { Scope } from '#lib/endpoint.ts';
import { isBuiltIn } from '#lib/roles.ts';

/** Roles as the API names them, in two heaps: built-in ones by their word, own ones by their id. */
export const splitRoles = (roles: readonly string[]): { builtIn: string[]; own: string[] } => ({
  builtIn: [...new Set(roles.filter(isBuiltIn))],
  own: [...new Set(roles.filter((role) => !isBuiltIn(role)))],
});

/**
 * What is asked beyond what one may do oneself; undefined when nothing is. Nobody gives, or takes from a
 * stronger one, what he lacks: so nobody raises himself, by whatever way.
 */
export const beyond = (own: ReadonlySet<string>, asked: Iterable<string>): string | undefined =>
  [...asked].find((scope) => !own.has(scope));

/** Whether somebody may do everything: by the role of an owner, not by permissions that add up to it. */
export const isOwner = (roles: readonly string[]): boolean => roles.includes('superuser');

/** What stands in the matrix for each permission, in the words of the desk. */
export const scopeWords: Record<Scope, string> = {
  'overview:read': 'See the overview',
  'customers:read': 'See customers',
  'customers:write': 'Add and change customers, collect from them',
  'invoices:read': 'See invoices and credit memos',
  'invoices:write': 'Write, send and void invoices',
  'payments:read': 'See payments and deposits',
  'payments:write': 'Take, refund and void payments',
  'messages:read': 'Read messages',
  'imports:write': 'Import files',
  'settings:read': 'See settings',
  'settings:write': 'Change settings and API keys',
  'clock:write': 'Move the practice clock',
  'events:read': 'Read the audit log and timelines',
  'users:write': 'Invite people and give roles',
};

export const roleWords: Record<string, { title: string; says: string }> = {
  superuser: { title: 'Owner', says: 'Everything, people included. At least one owner remains.' },
  settings_manager: { title: 'Settings manager', says: 'Changes settings; sees no customer and no money.' },
  receivables: { title: 'Invoices & customers', says: 'Customers, invoices and imports; takes no money.' },
  payments: { title: 'Payments', says: 'Terminal, refunds, deposits; changes no invoice.' },
  collections: { title: 'Collections', says: 'Reads all, works the worklist, notes and promises.' },
  report_viewer: { title: 'Report viewer', says: 'Reads everything and changes nothing.' },
  dashboard: { title: 'Dashboard only', says: 'Sees the overview and nothing behind it.' },
};
