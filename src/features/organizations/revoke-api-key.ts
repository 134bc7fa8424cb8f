import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { notFound } from '#lib/errors.ts';

/** Revoke an API key: it opens nothing from now on. */
export async function revokeApiKey(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; apiKeyId: string },
  now: Date,
): Promise<void> {
  const known = await tx.row<{ revokedAt: Date | null }>(sql`select revoked_at from api_keys
    where organization_id = ${input.organizationId} and id = ${input.apiKeyId} for update`);
  if (!known) throw notFound('API key', input.apiKeyId);
  if (known.revokedAt) return;
  await tx.run(
    sql`update api_keys set revoked_at = ${now} where organization_id = ${input.organizationId} and id = ${input.apiKeyId}`,
  );
  await record(tx, { actor, organizationId: input.organizationId, now }, [
    { type: 'api_key.revoked', subjectId: input.apiKeyId },
  ]);
}
