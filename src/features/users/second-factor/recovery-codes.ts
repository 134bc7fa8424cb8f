import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import {
  recoveryAlphabet,
  recoveryCount,
  recoveryLength,
  shownCode,
} from '#features/users/second-factor/rules.ts';
import type { Secrets } from '#lib/secrets.ts';

/** Signed with the installation's key and not only hashed: ten letters could be tried one after the other. */
const hashOf = (secrets: Secrets, userId: string, plain: string): string =>
  secrets.sign('recovery code', `${userId} ${plain}`);

const newCode = (): string =>
  [...randomBytes(recoveryLength)].map((byte) => recoveryAlphabet.charAt(byte & 31)).join('');

/**
 * Ten new recovery codes; those before open nothing any more. They are answered once, to be kept on paper.
 */
export async function renewRecoveryCodes(
  tx: Tx,
  secrets: Secrets,
  userId: string,
  now: Date,
): Promise<string[]> {
  const codes = Array.from({ length: recoveryCount }, newCode);
  await tx.run(sql`delete from recovery_codes where user_id = ${userId}`);
  await tx.run(sql`insert into recovery_codes (user_id, code_hash, created_at)
    select ${userId}, hash, ${now} from unnest(${codes.map((code) => hashOf(secrets, userId, code))}::text[]) as hash`);
  return codes.map(shownCode);
}

/** Use a recovery code up. Answers how many are left, or undefined when it is none of theirs or was used. */
export async function spendRecoveryCode(
  tx: Tx,
  secrets: Secrets,
  given: { userId: string; plain: string },
  now: Date,
): Promise<number | undefined> {
  const { userId, plain } = given;
  const spent = await tx.run(sql`update recovery_codes set used_at = ${now}
    where user_id = ${userId} and code_hash = ${hashOf(secrets, userId, plain)} and used_at is null`);
  return spent === 0 ? undefined : codesLeft(tx, userId);
}

export async function codesLeft(tx: Tx, userId: string): Promise<number> {
  const row = await tx.row<{ left: bigint }>(
    sql`select count(*) as left from recovery_codes where user_id = ${userId} and used_at is null`,
  );
  return Number(row?.left ?? 0n);
}
