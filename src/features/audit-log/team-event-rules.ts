import {
  changed,
  fixed,
  join,
  list,
  named,
  text,
  type Words,
} from '#features/audit-log/event-phrase-rules.ts';
import { roleWords } from '#features/users/role-rules.ts';

/** Roles of one's own are ids, which say nothing to a reader. */
const roles = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? value.map((role) => roleWords[String(role)]?.title ?? 'a role of your own').join(', ') || undefined
    : undefined;

/** People, what they may do, how they sign in, and what the organization decided for all. */
export const teamWords: Record<string, Words> = {
  'user.created': {
    say: (data) =>
      join(
        'User added',
        text(data.email) && `· ${text(data.email)}`,
        roles(data.roles) && `as ${roles(data.roles)}`,
      ),
  },
  'user.invited': {
    kind: 'User invited',
    say: (data) =>
      join(
        data.again === true ? 'Invitation sent again' : 'Invited to work here',
        text(data.email) && `· ${text(data.email)}`,
        roles(data.roles) && `as ${roles(data.roles)}`,
      ),
  },
  'user.invitation_revoked': named('Invitation taken back', 'email'),
  'user.changed': {
    kind: 'User changed',
    say: (data) =>
      data.roles === undefined
        ? 'Name of a user changed'
        : join('User changed', roles(data.roles) && `· now ${roles(data.roles)}`),
  },
  'user.disabled': fixed('User disabled', 'bad'),
  'user.enabled': fixed('User enabled again', 'good'),
  'user.identity_linked': {
    say: (data) => join('Sign-in connected', text(data.provider) && `with ${text(data.provider)}`),
  },
  'user.identity_unlinked': {
    say: (data) => join('Sign-in disconnected', text(data.provider) && `from ${text(data.provider)}`),
  },
  'role.made': named('Role made'),
  'role.changed': named('Role changed'),
  'role.removed': named('Role removed'),
  'oidc_provider.added': named('Sign-in provider added', 'label'),
  'oidc_provider.changed': {
    say: (data) =>
      join(
        'Sign-in provider changed',
        text(data.label) && `· ${text(data.label)}`,
        changed(data) && `(${changed(data)})`,
      ),
  },
  'oidc_provider.removed': { ...named('Sign-in provider removed', 'label'), tone: 'bad' },
  'gateway_account.connected': { ...named('Payment gateway connected'), tone: 'good' },
  'gateway_account.updated': named('Payment gateway changed'),
  'gateway_account.check_failed': { ...named('Payment gateway refused its keys', 'problem'), tone: 'bad' },
  'gateway_account.disconnected': fixed('Payment gateway disconnected', 'bad'),
  'organization.numbering_changed': {
    say: ({ prefix, next }) =>
      typeof next === 'number'
        ? `Numbers of invoices changed · next ${text(prefix) ?? ''}${next}`
        : 'Numbers of invoices changed',
  },
  'report_mail.started': {
    say: (data) =>
      join(
        'Report by mail started',
        text(data.report) && `· ${text(data.report)?.replaceAll(/[-_]/g, ' ')}`,
        list(data.recipients) && `to ${list(data.recipients)}`,
      ),
  },
  'report_mail.stopped': fixed('Report by mail stopped'),
  'report_mail.left': named('Report by mail stopped for one address', 'email'),
};
