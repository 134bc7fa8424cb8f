import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { Refusal } from '#lib/errors.ts';

/** Work is handed to the organization's own people alone. */
export async function refuseUnknownUser(
  tx: Tx,
  organizationId: string,
  userId: string | null | undefined,
): Promise<void> {
  if (!userId) return;
  const known = await tx.row(sql`select 1 as known from organization_users
    where organization_id = ${organizationId} and user_id = ${userId}`);
  if (known) return;
  throw new Refusal('not_found', { message: 'Nobody of your staff has this id.', param: 'assignee_id' });
}
