import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { Refusal } from '#lib/errors.ts';

export type StoredReply = { status: number; response: string };

/**
 * Run a command at most once for a key: the key is stored in the command's own transaction, so both exist or
 * neither. A second request with it waits for the first and gets its reply; with another body it is refused
 * (house law 11).
 */
export async function once(
  tx: Tx,
  key: { organizationId: string; scope: string; key: string; requestHash: string; now: Date },
  work: () => Promise<StoredReply>,
): Promise<StoredReply> {
  const claimed = await tx.run(sql`
    insert into idempotency_keys (organization_id, scope, key, request_hash, status, response, created_at)
    values (${key.organizationId}, ${key.scope}, ${key.key}, ${key.requestHash}, 0, '', ${key.now})
    on conflict do nothing`);
  if (claimed === 0) return replay(tx, key);
  const reply = await work();
  await tx.run(sql`update idempotency_keys set status = ${reply.status}, response = ${reply.response}
    where organization_id = ${key.organizationId} and scope = ${key.scope} and key = ${key.key}`);
  return reply;
}

async function replay(
  tx: Tx,
  key: { organizationId: string; scope: string; key: string; requestHash: string },
): Promise<StoredReply> {
  const stored = await tx.row<{ requestHash: string; status: number; response: string }>(sql`
    select request_hash, status, response from idempotency_keys
    where organization_id = ${key.organizationId} and scope = ${key.scope} and key = ${key.key}`);
  if (!stored)
    throw new Refusal('idempotency_in_progress', 'The first request with this key is under way. Try again.');
  if (stored.requestHash !== key.requestHash) {
    throw new Refusal('idempotency_key_reused', {
      message: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
      param: 'Idempotency-Key',
    });
  }
  return { status: stored.status, response: stored.response };
}

/** Keys are kept for 30 days, longer than any client retries. */
export async function sweepIdempotencyKeys(tx: Tx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - 30 * 86_400_000);
  return tx.run(sql`delete from idempotency_keys where ctid = any(array(
    select ctid from idempotency_keys where created_at < ${before} limit 10000))`);
}
