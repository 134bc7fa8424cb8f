import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Secret } from '#features/oidc/identity-provider.ts';
import { attemptLife_s } from '#features/oidc/rules.ts';
import { secondsLater } from '#lib/dates.ts';
import { hashToken } from '#lib/secrets.ts';

export type Attempt = {
  providerId: string;
  /** Who connects the provider to a sign-in there is; null: somebody signs in. */
  userId: string | null;
  nonce: string;
  codeVerifier: string;
  returnTo: string | null;
};
type NewAttempt = {
  providerId: string;
  secret: Secret;
  /** Kept in a cookie of the browser that began: nobody else can finish. */
  browser: string;
  userId?: string | undefined;
  returnTo?: string | undefined;
};

/** Remember what only we and this browser know, until it comes back from the provider. */
export async function beginAttempt(tx: Tx, attempt: NewAttempt, now: Date): Promise<void> {
  const { secret, providerId, browser, userId, returnTo } = attempt;
  await tx.run(sql`insert into oidc_attempts (state_hash, browser_hash, provider_id, user_id, nonce, code_verifier,
      return_to, expires_at)
    values (${hashToken(secret.state)}, ${hashToken(browser)}, ${providerId}, ${userId ?? null}, ${secret.nonce},
      ${secret.codeVerifier}, ${returnTo ?? null}, ${secondsLater(now, attemptLife_s)})`);
}

/** The sign-in that comes back: once, in time, in the browser that began it. Nothing, otherwise. */
export const takeAttempt = (
  tx: Tx,
  { state, browser }: { state: string; browser: string },
  now: Date,
): Promise<Attempt | undefined> =>
  tx.row<Attempt>(sql`update oidc_attempts set used_at = ${now}
    where state_hash = ${hashToken(state)} and browser_hash = ${hashToken(browser)} and used_at is null
      and expires_at > ${now}
    returning provider_id, user_id, nonce, code_verifier, return_to`);
