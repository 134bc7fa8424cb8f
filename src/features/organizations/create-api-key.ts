import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

/** Make an API key. Its token is answered once and never stored. */
export async function createApiKey(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; name: string; scopes: readonly string[] },
  now: Date,
): Promise<{ apiKeyId: string; token: string }> {
  const apiKeyId = newId('apiKey');
  const token = `owed_${newToken()}`;
  await tx.run(sql`insert into api_keys (organization_id, id, name, token_hash, last4, scopes, created_by, created_at)
    values (${input.organizationId}, ${apiKeyId}, ${input.name}, ${hashToken(token)}, ${token.slice(-4)}, ${[...input.scopes]},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await record(tx, { actor, organizationId: input.organizationId, now }, [
    { type: 'api_key.created', subjectId: apiKeyId, data: { name: input.name, scopes: input.scopes } },
  ]);
  return { apiKeyId, token };
}
