import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/** What was asked for beside the password, or instead of it; a provider asks for what it thinks right. */
export type SecondFactor = 'app' | 'recovery_code' | 'passkey' | 'provider';

export type Entered = {
  userId: string;
  organizationId: string | undefined;
  secondFactor?: SecondFactor | undefined;
};

/**
 * Work for an organization has begun: a session that a provider of another one opened was asked for what that
 * one thinks right, and is not carried over.
 */
export const endProviderSessions = (tx: Tx, userId: string): Promise<number> =>
  tx.run(sql`delete from sessions where user_id = ${userId} and second_factor = 'provider'`);

/** The last of every way in: note it, and begin where this person has worked the longest. */
export async function enter(tx: Tx, userId: string, now: Date): Promise<Entered> {
  await tx.run(sql`update users set last_sign_in_at = ${now} where id = ${userId}`);
  const organization = await tx.row<{ id: string }>(sql`
    select ou.organization_id as id from organization_users ou
    where ou.user_id = ${userId} and ou.disabled_at is null order by ou.created_at, ou.organization_id limit 1`);
  return { userId, organizationId: organization?.id };
}
