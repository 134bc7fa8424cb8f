import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

const day_s = 86_400;
export const userLinkLife_s = {
  staff_invitation: 7 * day_s,
  staff_password_reset: 3600,
} as const;
export type UserLinkPurpose = keyof typeof userLinkLife_s;
export type UserLinkAbout = {
  email: string;
  userId?: string | undefined;
  organizationId?: string | undefined;
};

/** Make a link's token, and end those before it. It is answered once, to be mailed; only its hash stays. */
export async function issueUserLink(
  tx: Tx,
  purpose: UserLinkPurpose,
  about: UserLinkAbout,
  now: Date,
): Promise<string> {
  await spendUserLinks(tx, purpose, about, now);
  const token = newToken();
  await tx.run(sql`
    insert into link_tokens (id, purpose, token_hash, email, user_id, organization_id, created_at, expires_at)
    values (${newId('token')}, ${purpose}, ${hashToken(token)}, ${about.email}, ${about.userId ?? null},
      ${about.organizationId ?? null}, ${now}, ${secondsLater(now, userLinkLife_s[purpose])})`);
  return token;
}

export const spendUserLinks = (
  tx: Tx,
  purpose: UserLinkPurpose,
  about: UserLinkAbout,
  now: Date,
): Promise<number> =>
  tx.run(sql`update link_tokens set used_at = ${now} where purpose = ${purpose} and used_at is null and
    ${
      about.userId
        ? sql`user_id = ${about.userId}`
        : sql`organization_id = ${about.organizationId}
      and lower(email) = lower(${about.email})`
    }`);

export type UserLink = { id: string; email: string; userId: string | null; organizationId: string | null };

/** The living link behind a token, locked: two clicks come one after the other. */
export async function openUserLink(
  tx: Tx,
  purpose: UserLinkPurpose,
  token: string,
  now: Date,
): Promise<UserLink> {
  const link = await tx.row<UserLink & { expiresAt: Date; usedAt: Date | null }>(sql`
    select id, email, user_id, organization_id, expires_at, used_at from link_tokens
    where purpose = ${purpose} and token_hash = ${hashToken(token)} for update`);
  if (!link || link.usedAt || link.expiresAt <= now)
    throw new Refusal(
      'link_expired',
      'This link has been used, replaced by a newer one, or is too old. Ask for another.',
    );
  return link;
}

export const spendUserLink = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(sql`update link_tokens set used_at = ${now} where id = ${id}`);
