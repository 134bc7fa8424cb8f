import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseBeyond } from '#features/users/check-roles.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type RoleInput = { organizationId: string; id?: string | undefined; name: string; scopes: readonly string[] };

async function lockRole(tx: Tx, organizationId: string, id: string) {
  const role = await tx.row<{ name: string; scopes: string[] }>(sql`
    select name, scopes from roles where organization_id = ${organizationId} and id = ${id} for update`);
  if (!role) throw notFound('role', id);
  return role;
}

/** Make a role of one's own, or change what it allows: for all who hold it, at once. */
export async function saveRole(tx: Tx, actor: Actor, input: RoleInput, now: Date): Promise<{ id: string }> {
  const { organizationId, name } = input;
  const before = input.id ? await lockRole(tx, organizationId, input.id) : undefined;
  refuseBeyond(actor, [...input.scopes, ...(before?.scopes ?? [])], 'scopes');
  const id = input.id ?? newId('role');
  const taken = await tx.row(sql`select 1 as taken from roles
    where organization_id = ${organizationId} and lower(name) = lower(${name}) and id <> ${id}`);
  if (taken)
    throw new Refusal('conflict', {
      message: `There is a role “${name}” already. Choose another name.`,
      param: 'name',
    });
  const scopes = [...new Set(input.scopes)];
  await tx.run(sql`insert into roles (organization_id, id, name, scopes, created_at, updated_at)
    values (${organizationId}, ${id}, ${name}, ${scopes}, ${now}, ${now})
    on conflict (organization_id, id) do update set name = excluded.name, scopes = excluded.scopes, updated_at = ${now}`);
  await record(tx, { actor, organizationId, now }, [
    before
      ? { type: 'role.changed', subjectId: id, data: { before, name, scopes } }
      : { type: 'role.made', subjectId: id, data: { name, scopes } },
  ]);
  return { id };
}

/** Take a role away that nobody holds any more. */
export async function removeRole(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; id: string },
  now: Date,
): Promise<void> {
  const { organizationId, id } = input;
  const role = await lockRole(tx, organizationId, id);
  refuseBeyond(actor, role.scopes, 'id');
  const held = await tx.row(sql`
    select 1 as held from organization_users where organization_id = ${organizationId} and ${id} = any(own_roles)
    union all
    select 1 from user_invitations where organization_id = ${organizationId} and ${id} = any(own_roles)
      and accepted_at is null and revoked_at is null
    union all
    select 1 from oidc_providers where organization_id = ${organizationId} and ${id} = any(first_own_roles) limit 1`);
  if (held)
    throw new Refusal(
      'state_refused',
      `Somebody still has the role “${role.name}”. Give them another first.`,
    );
  await tx.run(sql`delete from roles where organization_id = ${organizationId} and id = ${id}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'role.removed', subjectId: id, data: { name: role.name } },
  ]);
}
