import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { beyond, splitRoles } from '#features/users/role-rules.ts';
import { Refusal } from '#lib/errors.ts';
import { scopesOf, scopesOfRoles } from '#lib/roles.ts';

/** A command from the installation itself may give anything; anybody else what he has himself. */
export function refuseBeyond(actor: Actor, asked: Iterable<string>, param: string): void {
  if (actor.kind === 'system') return;
  const lacking = beyond(scopesOf(actor), asked);
  if (!lacking) return;
  const message = `You do not have the permission ${lacking} yourself, so you can neither give nor take it. Ask an owner.`;
  throw new Refusal('forbidden', { message, param });
}

/** The scopes behind stored roles of an organization. */
export async function scopesBehind(
  tx: Tx,
  organizationId: string,
  roles: { builtIn: readonly string[]; own: readonly string[] },
): Promise<ReadonlySet<string>> {
  const own = await tx.rows<{ scopes: string[] }>(sql`
    select scopes from roles where organization_id = ${organizationId} and id = any(${[...roles.own]}) for share`);
  return scopesOfRoles(
    roles.builtIn,
    own.flatMap(({ scopes }) => scopes),
  );
}

/** Roles that are asked for somebody: they exist, and whoever asks has all that they give. */
export async function checkRoles(
  tx: Tx,
  actor: Actor,
  organizationId: string,
  roles: readonly string[],
): Promise<{ builtIn: string[]; own: string[] }> {
  const split = splitRoles(roles);
  const known = await tx.rows<{ id: string }>(sql`
    select id from roles where organization_id = ${organizationId} and id = any(${split.own}) for share`);
  const unknown = split.own.find((id) => !known.some((role) => role.id === id));
  if (unknown)
    throw new Refusal('invalid_request', {
      message: `There is no role ${unknown}. Choose from the roles of your organization.`,
      param: 'roles',
    });
  refuseBeyond(actor, await scopesBehind(tx, organizationId, split), 'roles');
  return split;
}
