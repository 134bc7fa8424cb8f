import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { issueLink, spendLinksOf } from '#features/portal-access/link-tokens.ts';
import { addressTakenMail, newAddressMail } from '#features/portal-access/portal-mails.ts';
import { isAddressTaken, type Person, readPerson, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { sameEmail } from '#features/portal-access/rules.ts';
import { takeMail } from '#features/users/guards.ts';

type Wish = { portalUserId: string; email: string; askedAt: string };

/**
 * Ask to move a login to another address. Whether that one has a login is looked up later, by a job, so the
 * answer is the same, and comes in the same time, for every address. Answers when to ask again if it was
 * asked too often.
 */
export async function requestEmailChange(
  tx: Tx,
  input: { person: Pick<Person, 'id' | 'email'>; email: string },
  now: Date,
): Promise<Date | undefined> {
  const next = await takeMail(tx, 'confirmation', input.person.email, now);
  if (next) return next;
  const payload: Wish = { portalUserId: input.person.id, email: input.email, askedAt: now.toISOString() };
  await enqueue(tx, [{ job: 'send-portal-email-change', payload }]);
  return undefined;
}

/** Mail the link that moves the login to the new address; one that has a login already is told so itself. */
export async function sendEmailChange(tx: Tx, input: Wish & { mail: Outbox }, now: Date): Promise<void> {
  const { portalUserId, email, mail } = input;
  // The job may run twice: a link made since it was asked for is the one.
  const made = await tx.row(sql`select 1 as made from link_tokens where portal_user_id = ${portalUserId}
    and purpose = 'email_confirmation' and created_at > ${new Date(input.askedAt)} limit 1`);
  const person = made ? undefined : await readPerson(tx, portalUserId);
  const sender = person && (await senderTo(tx, person));
  if (!person || !sender || sameEmail(person.email, email)) return;
  if (await takeMail(tx, 'confirmation', email, now)) return;
  if (await isAddressTaken(tx, person.realm, email)) {
    await queuePortalMail(tx, mail, addressTakenMail(sender, { to: email }));
    return;
  }
  // A second thought: only the newest wish can be confirmed.
  await spendLinksOf(tx, 'email_confirmation', portalUserId, now);
  const { organizationId, customerId } = sender;
  const token = await issueLink(
    tx,
    'email_confirmation',
    { email, portalUserId, organizationId, customerId },
    now,
  );
  await queuePortalMail(
    tx,
    mail,
    newAddressMail(sender, { to: email, from: person.email, url: `${mail.baseUrl}/portal/email/${token}` }),
  );
}
