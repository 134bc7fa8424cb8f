import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { lockProvider } from '#features/oidc/read-providers.ts';
import { checkRoles } from '#features/users/check-roles.ts';
import { isOwner } from '#features/users/role-rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

export type ProviderSettings = {
  label: string;
  clientId: string;
  /** Encrypted by the caller, after the provider said yes to it; left out: as it was. */
  clientSecret?: Buffer | null | undefined;
  emailDomains: readonly string[];
  linksByEmail: boolean;
  createsUsers: boolean;
  firstRoles: readonly string[];
  passwordAllowed: boolean;
};
type New = { organizationId: string; issuer: string; forAll: boolean; settings: ProviderSettings };

const most = 10;

/** Whoever installed this Owed, or was made to run it. */
export async function isOperator(tx: Tx, actor: Actor): Promise<boolean> {
  if (actor.kind !== 'user') return false;
  const row = await tx.row<{ yes: boolean }>(sql`select is_operator(${actor.userId}) as yes`);
  return row?.yes ?? false;
}

export const isOwnerHere = (actor: Actor): boolean => actor.kind === 'user' && isOwner(actor.roles);

/**
 * A provider says who somebody is, owners too, so whoever makes one could become an owner by it: only who is
 * one already, and in person. One for everybody is the operators'.
 */
export async function refuseNotDoorkeeper(tx: Tx, actor: Actor, forAll: boolean): Promise<void> {
  if (forAll ? await isOperator(tx, actor) : isOwnerHere(actor)) return;
  throw new Refusal(
    'forbidden',
    forAll
      ? {
          message: 'Only an operator of this installation decides on sign-in for all its organizations.',
          param: 'for_all',
        }
      : 'Only an owner of your organization who is signed in decides on sign-in providers. No API key can.',
  );
}

/** What first sign-ins get is given by whoever saves it: nobody gives what he lacks. */
async function checkedRoles(tx: Tx, actor: Actor, organizationId: string, settings: ProviderSettings) {
  const { createsUsers, emailDomains, firstRoles } = settings;
  if (!createsUsers) return { builtIn: [], own: [] };
  const missing =
    emailDomains.length === 0
      ? ['email_domains', 'Name the domains whose people may come in by themselves.']
      : firstRoles.length === 0
        ? ['first_roles', 'Choose what somebody may do who comes in for the first time.']
        : undefined;
  if (missing) {
    const [param = '', message = ''] = missing;
    throw new Refusal('invalid_request', { message, param, fields: { [param]: message } });
  }
  return checkRoles(tx, actor, organizationId, firstRoles);
}

/** Offer another way to sign in. */
export async function addProvider(tx: Tx, actor: Actor, input: New, now: Date): Promise<string> {
  const { organizationId, issuer, forAll, settings } = input;
  await refuseNotDoorkeeper(tx, actor, forAll);
  const roles = await checkedRoles(tx, actor, organizationId, settings);
  const row = await tx.row<{ count: number }>(sql`select count(*)::int as count from oidc_providers
    where organization_id = ${organizationId}`);
  if ((row?.count ?? 0) >= most)
    throw new Refusal(
      'state_refused',
      `There are ${most} sign-in providers. Remove one that nobody uses first.`,
    );
  const id = newId('oidcProvider');
  await tx.run(sql`insert into oidc_providers (organization_id, id, label, issuer, client_id, client_secret, for_all,
      email_domains, trusted, links_by_email, creates_users, first_roles, first_own_roles, password_allowed, created_at, updated_at)
    values (${organizationId}, ${id}, ${settings.label}, ${issuer}, ${settings.clientId}, ${settings.clientSecret ?? null},
      ${forAll}, ${[...settings.emailDomains]}, ${await isOperator(tx, actor)}, ${settings.linksByEmail},
      ${settings.createsUsers}, ${roles.builtIn}, ${roles.own}, ${settings.passwordAllowed}, ${now}, ${now})`);
  const data = { issuer, ...told(settings, roles) };
  await record(tx, { actor, organizationId, now }, [{ type: 'oidc_provider.added', subjectId: id, data }]);
  return id;
}

type Roles = { builtIn: readonly string[]; own: readonly string[] };
/** The rules as the audit log keeps them. The secret is in none of it. */
const told = (rules: Omit<ProviderSettings, 'firstRoles' | 'clientSecret'>, roles: Roles) => ({
  label: rules.label,
  client_id: rules.clientId,
  email_domains: rules.emailDomains,
  links_by_email: rules.linksByEmail,
  creates_users: rules.createsUsers,
  first_roles: [...roles.builtIn, ...roles.own],
  password_allowed: rules.passwordAllowed,
});

/** What an operator's yes is about. */
const says = ({
  emailDomains,
  linksByEmail,
  createsUsers,
}: Pick<ProviderSettings, 'emailDomains' | 'linksByEmail' | 'createsUsers'>) =>
  JSON.stringify([[...emailDomains].sort(), linksByEmail, createsUsers]);

/** Change a provider's rules. Its issuer and its reach stay: make another for those. */
export async function changeProvider(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; id: string; settings: ProviderSettings },
  now: Date,
): Promise<void> {
  const { organizationId, id, settings } = input;
  const before = await lockProvider(tx, organizationId, id);
  await refuseNotDoorkeeper(tx, actor, before.forAll);
  const roles = await checkedRoles(tx, actor, organizationId, settings);
  const trusted = (await isOperator(tx, actor)) || (before.isTrusted && says(before) === says(settings));
  const secret = settings.clientSecret === undefined ? before.clientSecret : settings.clientSecret;
  await tx.run(sql`update oidc_providers set label = ${settings.label}, client_id = ${settings.clientId},
      client_secret = ${secret}, trusted = ${trusted}, email_domains = ${[...settings.emailDomains]},
      links_by_email = ${settings.linksByEmail}, creates_users = ${settings.createsUsers},
      first_roles = ${roles.builtIn}, first_own_roles = ${roles.own}, password_allowed = ${settings.passwordAllowed},
      updated_at = ${now}
    where organization_id = ${organizationId} and id = ${id}`);
  const was = told(before, { builtIn: before.firstRoles, own: before.firstOwnRoles });
  const data = { before: was, ...told(settings, roles), new_secret: settings.clientSecret !== undefined };
  await record(tx, { actor, organizationId, now }, [{ type: 'oidc_provider.changed', subjectId: id, data }]);
}

/** Offer it no more; who was connected signs in with a password, new if need be. */
export async function removeProvider(
  tx: Tx,
  actor: Actor,
  { organizationId, id }: { organizationId: string; id: string },
  now: Date,
): Promise<void> {
  const before = await lockProvider(tx, organizationId, id);
  await refuseNotDoorkeeper(tx, actor, before.forAll);
  // What it has opened ends with it; nobody knows which of two providers opened a session.
  await tx.run(sql`delete from sessions where second_factor = 'provider' and user_id in (select user_id from user_identities
    where organization_id = ${organizationId} and provider_id = ${id})`);
  const gone = await tx.run(sql`delete from user_identities
    where organization_id = ${organizationId} and provider_id = ${id}`);
  await tx.run(sql`delete from oidc_providers where organization_id = ${organizationId} and id = ${id}`);
  const data = { label: before.label, issuer: before.issuer, people: gone };
  await record(tx, { actor, organizationId, now }, [{ type: 'oidc_provider.removed', subjectId: id, data }]);
}
