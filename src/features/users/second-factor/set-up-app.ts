import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { renewRecoveryCodes } from '#features/users/second-factor/recovery-codes.ts';
import { endHalfIn } from '#features/users/second-factor/refuse-half-in.ts';
import { readCode } from '#features/users/second-factor/rules.ts';
import { appUrl, newAppSecret, stepOfCode } from '#features/users/second-factor/totp.ts';
import { changedMail } from '#features/users/user-mails.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

type Who = { userId: string; email: string; sessionId: string };
const wait_s = 3600;

/**
 * Begin with an authenticator app: what it is to be told. One that is in use stays so until the new one
 * works.
 */
export async function beginApp(
  tx: Tx,
  secrets: Secrets,
  who: Who,
  now: Date,
): Promise<{ secret: string; url: string }> {
  const secret = newAppSecret();
  await tx.run(sql`insert into authenticator_apps (user_id, pending_secret, pending_at)
    values (${who.userId}, ${secrets.encrypt(secret)}, ${now})
    on conflict (user_id) do update set pending_secret = excluded.pending_secret, pending_at = excluded.pending_at`);
  return { secret, url: appUrl(secret, who.email) };
}

const refuse = (message: string) =>
  new Refusal('invalid_request', { message, param: 'code', fields: { code: message } });

/** The app shows the right code: from now on it is asked for. Answers the recovery codes, once. */
export async function confirmApp(
  tx: Tx,
  deps: { secrets: Secrets; outbox: Outbox },
  input: Who & { code: string },
  now: Date,
): Promise<string[]> {
  const { userId, email, sessionId } = input;
  const row = await tx.row<{ pendingSecret: Buffer | null; pendingAt: Date | null }>(sql`
    select pending_secret, pending_at from authenticator_apps where user_id = ${userId} for update`);
  if (!row?.pendingSecret || !row.pendingAt || secondsLater(row.pendingAt, wait_s) <= now)
    throw new Refusal('state_refused', 'Nothing waits for a code. Begin again with a new picture.');
  const code = readCode(input.code);
  const step =
    code && 'app' in code ? stepOfCode(deps.secrets.decrypt(row.pendingSecret), code.app, now) : undefined;
  if (step === undefined)
    throw refuse('This is not the code that the app shows now. Is the clock of your phone right?');
  await tx.run(sql`update authenticator_apps set secret = pending_secret, confirmed_at = ${now}, last_step = ${step},
    pending_secret = null, pending_at = null where user_id = ${userId}`);
  await tx.run(sql`update sessions set second_factor = 'app' where id = ${sessionId}`);
  await endHalfIn(tx, { userId, sessionId });
  await recordForPerson(tx, { userId }, 'user.authenticator_set_up');
  await mailPerson(tx, deps.outbox, userId, changedMail(email, 'authenticator_on'));
  return renewRecoveryCodes(tx, deps.secrets, userId, now);
}

/** Whose second factor an organization asks for, and which ones do. */
export const askedForBy = (tx: Tx, userId: string): Promise<{ name: string }[]> =>
  tx.rows<{ name: string }>(sql`
    select o.name from organization_users ou join organizations o on o.id = ou.organization_id
    where ou.user_id = ${userId} and ou.disabled_at is null and o.require_second_factor order by o.name limit 200`);

/** Turn the app off, and with it the recovery codes. Not while an organization asks for a second factor. */
export async function turnOffApp(tx: Tx, outbox: Outbox, who: Who): Promise<void> {
  const [asking] = await askedForBy(tx, who.userId);
  if (asking)
    throw new Refusal(
      'state_refused',
      `${asking.name} asks for a second factor. Set up another app instead: it takes this one’s place.`,
    );
  const { userId, email } = who;
  const gone = await tx.run(sql`delete from authenticator_apps where user_id = ${userId}`);
  await tx.run(sql`delete from recovery_codes where user_id = ${userId}`);
  await tx.run(sql`update sessions set second_factor = null where user_id = ${userId}
    and second_factor in ('app', 'recovery_code')`);
  if (gone === 0) return;
  await recordForPerson(tx, { userId }, 'user.authenticator_turned_off');
  await mailPerson(tx, outbox, userId, changedMail(email, 'authenticator_off'));
}

/** New recovery codes in place of those before. */
export async function newRecoveryCodes(tx: Tx, secrets: Secrets, who: Who, now: Date): Promise<string[]> {
  const app = await tx.row(sql`select 1 as is_on from authenticator_apps
    where user_id = ${who.userId} and secret is not null for update`);
  if (!app)
    throw new Refusal('state_refused', 'Recovery codes come with an authenticator app. Set one up first.');
  await recordForPerson(tx, who, 'user.recovery_codes_renewed');
  return renewRecoveryCodes(tx, secrets, who.userId, now);
}
