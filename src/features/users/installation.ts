import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

/**
 * A link that whoever reads the server's output may use: it opens the sample company, as often as one likes,
 * and sets the installation up once. While nobody runs the installation each start prints a new one.
 */
export async function newInstallationToken(tx: Tx, now: Date): Promise<string | undefined> {
  const settled = await tx.row(sql`select 1 as taken from users where operator limit 1`);
  if (settled) return undefined;
  const token = newToken();
  // Each start prints a new link; older ones end, so one in an old log opens nothing.
  await tx.run(
    sql`update link_tokens set used_at = ${now} where purpose = 'installation' and used_at is null`,
  );
  const sample = await tx.row<{
    userId: string;
    organizationId: string;
  }>(sql`select user_id, organization_id from link_tokens
    where purpose = 'installation' and user_id is not null order by id desc limit 1`);
  await tx.run(sql`insert into link_tokens (id, purpose, token_hash, user_id, organization_id, created_at, expires_at)
    values (${newId('token')}, 'installation', ${hashToken(token)}, ${sample?.userId ?? null}, ${sample?.organizationId ?? null},
      ${now}, ${secondsLater(now, 7 * 86_400)})`);
  return token;
}

export type Sample = { userId: string; organizationId: string };

/** Whether the link still opens something; it is locked until the set-up that uses it has committed. */
export async function claimInstallation(
  tx: Tx,
  token: string,
  now: Date,
): Promise<{ tokenId: string; sample: Sample | undefined }> {
  const row = await tx.row<{
    id: string;
    usedAt: Date | null;
    expiresAt: Date;
    userId: string | null;
    organizationId: string | null;
  }>(sql`
    select id, used_at, expires_at, user_id, organization_id from link_tokens
    where purpose = 'installation' and token_hash = ${hashToken(token)} for update`);
  if (!row || row.usedAt || row.expiresAt <= now) {
    throw new Refusal(
      'link_expired',
      'This link has been used or is too old. Restart Owed: it prints a new one while nobody has an account.',
    );
  }
  const sample =
    row.userId && row.organizationId ? { userId: row.userId, organizationId: row.organizationId } : undefined;
  return { tokenId: row.id, sample };
}

/** True for one transaction at a time, until it ends: whoever has the turn makes the sample company. */
export async function takeSampleTurn(tx: Tx): Promise<boolean> {
  const row = await tx.row<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('owed sample company')) as mine`,
  );
  return row?.mine ?? false;
}

/** The sample company that this link made: the same link opens it again. */
export const keepSample = (tx: Tx, tokenId: string, sample: Sample): Promise<number> =>
  tx.run(
    sql`update link_tokens set user_id = ${sample.userId}, organization_id = ${sample.organizationId} where id = ${tokenId}`,
  );

export const closeInstallation = (tx: Tx, tokenId: string, now: Date): Promise<number> =>
  tx.run(sql`update link_tokens set used_at = ${now} where id = ${tokenId}`);
