import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

export type LinkPurpose = 'portal_invitation' | 'email_confirmation' | 'password_reset';

const day_s = 86_400;
const life_s: Record<LinkPurpose, number> = {
  portal_invitation: 30 * day_s,
  email_confirmation: 3 * day_s,
  password_reset: 3600,
};

export type LinkAbout = {
  email: string;
  portalUserId?: string;
  organizationId?: string;
  customerId?: string;
};

/** Make a link's token. It is answered once, to be mailed; only its hash stays. */
export async function issueLink(tx: Tx, purpose: LinkPurpose, about: LinkAbout, now: Date): Promise<string> {
  const token = newToken();
  await tx.run(sql`
    insert into link_tokens (id, purpose, token_hash, email, portal_user_id, organization_id, customer_id,
    created_at,
      expires_at)
    values (${newId('token')}, ${purpose}, ${hashToken(token)}, ${about.email}, ${about.portalUserId ?? null},
      ${about.organizationId ?? null}, ${about.customerId ?? null}, ${now},
      ${secondsLater(now, life_s[purpose])})`);
  return token;
}

export type LinkRow = {
  id: string;
  purpose: string;
  email: string;
  portalUserId: string | null;
  organizationId: string | null;
  customerId: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
};

/** The link behind a token, locked: two clicks on it come one after the other. */
export const findLink = (tx: Tx, token: string): Promise<LinkRow | undefined> =>
  tx.row<LinkRow>(sql`
  select id, purpose, email, portal_user_id, organization_id, customer_id, created_at, expires_at, used_at
  from link_tokens where token_hash = ${hashToken(token)} for update`);

/** Use up the links of one purpose that a portal user still has. */
export const spendLinksOf = (
  tx: Tx,
  purpose: LinkPurpose,
  portalUserId: string,
  now: Date,
): Promise<number> =>
  tx.run(sql`
  update link_tokens set used_at = ${now}
  where portal_user_id = ${portalUserId} and purpose = ${purpose} and used_at is null`);
