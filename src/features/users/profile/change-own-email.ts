import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { takeMail } from '#features/users/guards.ts';
import { mailPerson, recordForPerson } from '#features/users/profile/tell-person.ts';
import { plainEmail } from '#features/users/rules.ts';
import { issueUserLink, spendUserLinks } from '#features/users/user-links.ts';
import { addressTakenMail, emailChangedMail, newAddressMail } from '#features/users/user-mails.ts';
import { secondsLater } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { hashToken, newToken } from '#lib/secrets.ts';

const day_s = 86_400;
/** A day to open the link at the new address, and a week to take the change back from the old one. */
const emailChangeLife_s = { confirm: day_s, undo: 7 * day_s };

type Who = { userId: string; email: string };

const spent = () =>
  new Refusal('link_expired', 'This link has been used, replaced by a newer one, or is too old.');
const taken = () => new Refusal('conflict', 'Somebody signs in with this address by now. Choose another.');

const isTaken = async (tx: Tx, email: string, userId: string): Promise<boolean> =>
  (await tx.row(
    sql`select 1 as taken from users where lower(email) = ${plainEmail(email)} and id <> ${userId}`,
  )) !== undefined;

/**
 * Ask to sign in with another address. Whoever asks learns nothing of whose it is: one that has a sign-in is
 * told so itself, by mail.
 */
export async function requestOwnEmailChange(
  tx: Tx,
  outbox: Outbox,
  input: Who & { newEmail: string },
  now: Date,
): Promise<void> {
  const { userId, email, newEmail } = input;
  if (plainEmail(newEmail) === plainEmail(email))
    throw new Refusal('invalid_request', {
      message: 'You sign in with this address already.',
      param: 'email',
    });
  for (const address of [email, newEmail]) {
    const next = await takeMail(tx, 'staff_email_change', address, now);
    if (!next) continue;
    const retryAfter = Math.ceil((next.getTime() - now.getTime()) / 1000);
    const minutes = Math.ceil(retryAfter / 60);
    throw new Refusal('rate_limited', {
      message: `Asked too often. Look into the mailbox of ${newEmail}, or ask again in ${minutes} minutes.`,
      retryAfter,
    });
  }
  // A second thought: only the newest wish can be confirmed.
  await tx.run(sql`delete from email_changes where user_id = ${userId} and changed_at is null`);
  // A taken address waits as any other does, or the profile would tell; the token of it is never sent.
  const token = newToken();
  await tx.run(sql`insert into email_changes (id, user_id, old_email, new_email, token_hash, asked_at, expires_at)
    values (${newId('emailChange')}, ${userId}, ${email}, ${newEmail}, ${hashToken(token)}, ${now},
      ${secondsLater(now, emailChangeLife_s.confirm)})`);
  if (await isTaken(tx, newEmail, userId))
    return mailPerson(tx, outbox, userId, addressTakenMail({ to: newEmail }));
  const url = `${outbox.baseUrl}/console/confirm-email?token=${token}`;
  await mailPerson(tx, outbox, userId, newAddressMail({ to: newEmail, from: email, url }));
}

type Change = { id: string; userId: string; oldEmail: string; newEmail: string; changedAt: Date | null };

/**
 * Move the sign-in to the address at which the link was read. Only its owner, signed in, may: a mistyped
 * address must not hand the sign-in to a stranger. The old address is told, with a way back.
 */
export async function confirmOwnEmailChange(
  tx: Tx,
  outbox: Outbox,
  input: { token: string; userId: string; sessionId: string },
  now: Date,
): Promise<void> {
  const { userId, sessionId } = input;
  const change = await tx.row<Change>(sql`
    select id, user_id, old_email, new_email, changed_at from email_changes
    where token_hash = ${hashToken(input.token)} and user_id = ${userId} and expires_at > ${now} for update`);
  const user = await tx.row<{ email: string }>(sql`select email from users where id = ${userId} for update`);
  if (
    !change ||
    change.changedAt ||
    plainEmail(must(user, 'the person').email) !== plainEmail(change.oldEmail)
  )
    throw spent();
  const { oldEmail, newEmail } = change;
  if (await isTaken(tx, newEmail, userId)) throw taken();
  const undo = newToken();
  await tx.run(sql`update users set email = ${newEmail} where id = ${userId}`);
  await tx.run(sql`update email_changes set changed_at = ${now}, undo_hash = ${hashToken(undo)},
    undo_until = ${secondsLater(now, emailChangeLife_s.undo)} where id = ${change.id}`);
  // What was mailed to the old address opens nothing any more, the way back excepted.
  await spendUserLinks(tx, 'staff_password_reset', { email: oldEmail, userId }, now);
  await tx.run(sql`delete from sessions where user_id = ${userId} and id <> ${sessionId}`);
  await recordForPerson(tx, { userId }, 'user.email_changed', {
    before: { email: oldEmail },
    email: newEmail,
  });
  const url = `${outbox.baseUrl}/console/undo-email?token=${undo}`;
  await mailPerson(tx, outbox, userId, emailChangedMail({ to: oldEmail, now: newEmail, url }));
}

/**
 * Take a change of the address back, from the mailbox that was there before. Whoever made it may know the
 * password and have added keys of their own: every device is signed out, passkeys, recovery codes and
 * providers are forgotten, an app too that was set up since, and a new password is chosen next.
 */
export async function undoOwnEmailChange(
  tx: Tx,
  token: string,
  now: Date,
): Promise<{ email: string; passwordToken: string }> {
  const change = await tx.row<Change>(sql`
    select id, user_id, old_email, new_email, changed_at from email_changes
    where undo_hash = ${hashToken(token)} and undone_at is null and undo_until > ${now} for update`);
  if (!change?.changedAt) throw spent();
  const { userId, oldEmail, newEmail, changedAt } = change;
  await tx.row(sql`select 1 as locked from users where id = ${userId} for update`);
  if (await isTaken(tx, oldEmail, userId)) throw taken();
  await tx.run(sql`update users set email = ${oldEmail} where id = ${userId}`);
  // A later change by the same hand must not be the way back to it.
  await tx.run(sql`update email_changes set undone_at = ${now} where user_id = ${userId}
    and changed_at >= ${changedAt} and undone_at is null`);
  await tx.run(sql`delete from email_changes where user_id = ${userId} and changed_at is null`);
  await tx.run(sql`delete from sessions where user_id = ${userId}`);
  await tx.run(sql`delete from sign_in_challenges where user_id = ${userId}`);
  // Keys that were added before the change may be the same hand's as well: all go, and are made anew.
  for (const table of [sql`passkeys`, sql`recovery_codes`, sql`user_identities`, sql`oidc_attempts`])
    await tx.run(sql`delete from ${table} where user_id = ${userId}`);
  await tx.run(
    sql`delete from authenticator_apps where user_id = ${userId} and confirmed_at >= ${changedAt}`,
  );
  await recordForPerson(tx, { userId }, 'user.email_restored', {
    before: { email: newEmail },
    email: oldEmail,
  });
  const about = { email: oldEmail, userId };
  return { email: oldEmail, passwordToken: await issueUserLink(tx, 'staff_password_reset', about, now) };
}
