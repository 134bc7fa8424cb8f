import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { secondsLater } from '#lib/dates.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

export type ChallengeKind = 'second_step' | 'passkey_registration' | 'passkey_sign_in';
const life_s = 600;

/** Something to be answered within ten minutes, once. Only its hash stays. */
export async function makeChallenge(
  tx: Tx,
  kind: ChallengeKind,
  userId: string | undefined,
  now: Date,
): Promise<string> {
  const token = newToken();
  await tx.run(sql`insert into sign_in_challenges (hash, kind, user_id, expires_at)
    values (${hashToken(token)}, ${kind}, ${userId ?? null}, ${secondsLater(now, life_s)})`);
  return token;
}

type Asked = { userId: string | null };

export const readChallenge = (
  tx: Tx,
  kind: ChallengeKind,
  token: string,
  now: Date,
): Promise<Asked | undefined> =>
  tx.row<Asked>(sql`select user_id from sign_in_challenges
    where hash = ${hashToken(token)} and kind = ${kind} and expires_at > ${now}`);

/** Take it: of two that come at the same moment one gets it. */
export const takeChallenge = (
  tx: Tx,
  kind: ChallengeKind,
  token: string,
  now: Date,
): Promise<Asked | undefined> =>
  tx.row<Asked>(sql`delete from sign_in_challenges
    where hash = ${hashToken(token)} and kind = ${kind} and expires_at > ${now} returning user_id`);
