import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { newId } from '#lib/ids.ts';

export type NewUser = {
  organizationId: string;
  email: string;
  firstName: string;
  lastName: string;
  passwordHash: string;
  roles: readonly string[];
  operator?: boolean;
};

/**
 * Let a person work for an organization. One who already has a sign-in keeps the password and gains the
 * organization.
 */
export async function createUser(
  tx: Tx,
  actor: Actor,
  input: NewUser,
  now: Date,
): Promise<{ userId: string; isNew: boolean }> {
  const known = await tx.row<{ id: string }>(
    sql`select id from users where lower(email) = lower(${input.email}) for update`,
  );
  const userId = known?.id ?? newId('user');
  if (!known) {
    await tx.run(sql`insert into users (id, email, first_name, last_name, password_hash, operator, created_at)
      values (${userId}, ${input.email}, ${input.firstName}, ${input.lastName}, ${input.passwordHash},
        ${input.operator ?? false}, ${now})`);
  }
  await tx.run(sql`insert into organization_users (organization_id, user_id, roles, created_at)
    values (${input.organizationId}, ${userId}, ${[...input.roles]}, ${now}) on conflict do nothing`);
  await record(tx, { actor, organizationId: input.organizationId, now }, [
    { type: 'user.created', subjectId: userId, data: { email: input.email, roles: input.roles } },
  ]);
  return { userId, isNew: !known };
}
