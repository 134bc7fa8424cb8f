import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { spendRecoveryCode } from '#features/users/second-factor/recovery-codes.ts';
import { readCode } from '#features/users/second-factor/rules.ts';
import { stepOfCode } from '#features/users/second-factor/totp.ts';
import type { Secrets } from '#lib/secrets.ts';

export type CodeVerdict =
  | { verdict: 'app' }
  | { verdict: 'recovery_code'; left: number }
  | { verdict: 'wrong' | 'used_before' };

/** Take a code of somebody's app, or one recovery code. Each opens once, however often it is sent. */
export async function takeCode(
  tx: Tx,
  secrets: Secrets,
  given: { userId: string; typed: string },
  now: Date,
): Promise<CodeVerdict> {
  const { userId } = given;
  const code = readCode(given.typed);
  const app = await tx.row<{ secret: Buffer; lastStep: bigint }>(sql`
    select secret, last_step from authenticator_apps where user_id = ${userId} and secret is not null for update`);
  if (!code || !app) return { verdict: 'wrong' };
  if ('recovery' in code) {
    const left = await spendRecoveryCode(tx, secrets, { userId, plain: code.recovery }, now);
    return left === undefined ? { verdict: 'wrong' } : { verdict: 'recovery_code', left };
  }
  const step = stepOfCode(secrets.decrypt(app.secret), code.app, now);
  if (step === undefined) return { verdict: 'wrong' };
  if (BigInt(step) <= app.lastStep) return { verdict: 'used_before' };
  await tx.run(sql`update authenticator_apps set last_step = ${step} where user_id = ${userId}`);
  return { verdict: 'app' };
}
