import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

/** A link that whoever reads the server's output may use: it sets the installation up while it is empty. */
export async function newInstallationToken(tx: Tx, now: Date): Promise<string | undefined> {
  const settled = await tx.row(sql`select 1 as taken from users limit 1`);
  if (settled) return undefined;
  const token = newToken();
  // Each start prints a new link; older ones end, so one in an old log opens nothing.
  await tx.run(sql`update link_tokens set used_at = ${now} where purpose = 'installation' and used_at is null`);
  await tx.run(sql`insert into link_tokens (id, purpose, token_hash, created_at, expires_at)
    values (${newId('token')}, 'installation', ${hashToken(token)}, ${now}, ${secondsLater(now, 7 * 86_400)})`);
  return token;
}

/** Whether the link still opens something; it is locked until the set-up that uses it has committed. */
export async function claimInstallation(tx: Tx, token: string, now: Date): Promise<{ tokenId: string }> {
  const row = await tx.row<{ id: string; usedAt: Date | null; expiresAt: Date }>(sql`
    select id, used_at, expires_at from link_tokens where purpose = 'installation' and token_hash = ${hashToken(token)} for update`);
  if (!row || row.usedAt || row.expiresAt <= now) {
    throw new Refusal('link_expired', 'This link has been used or is too old. Restart Owed: it prints a new one while nobody has an account.');
  }
  return { tokenId: row.id };
}

export const closeInstallation = (tx: Tx, tokenId: string, now: Date): Promise<number> =>
  tx.run(sql`update link_tokens set used_at = ${now} where id = ${tokenId}`);
