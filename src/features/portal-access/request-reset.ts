import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { issueLink } from '#features/portal-access/link-tokens.ts';
import { resetMail, type Sender, welcomeMail } from '#features/portal-access/portal-mails.ts';
import { findPeople, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { takeMail } from '#features/users/guards.ts';
import { plainEmail } from '#features/users/rules.ts';

/**
 * Ask for a way back in. Whether the address has a login is looked up later, by a job, so the answer comes in
 * the same time for every address. Answers when to ask again if it was asked too often.
 */
export async function requestReset(tx: Tx, email: string, now: Date): Promise<Date | undefined> {
  const next = await takeMail(tx, 'password_reset', email, now);
  if (next) return next;
  await enqueue(tx, [
    { job: 'send-portal-way-back', payload: { email: plainEmail(email), askedAt: now.toISOString() } },
  ]);
  return undefined;
}

/** Mail the way back in: a reset for each login of the address, or its open invitation again. */
export async function sendWayBack(
  tx: Tx,
  input: { email: string; askedAt: string; mail: Outbox },
  now: Date,
): Promise<void> {
  const { email, mail } = input;
  const asked = new Date(input.askedAt);
  // The job may run twice: a link made since it was asked for is the one.
  const made =
    await tx.row(sql`select 1 as made from link_tokens where lower(email) = ${email} and created_at > ${asked}
    and purpose in ('password_reset', 'portal_invitation') limit 1`);
  if (made) return;
  const people = await findPeople(tx, email);
  for (const { id, realm } of people) {
    const sender = await senderTo(tx, { id, realm, email });
    if (!sender) continue;
    const { organizationId, customerId } = sender;
    const token = await issueLink(
      tx,
      'password_reset',
      { email, portalUserId: id, organizationId, customerId },
      now,
    );
    await queuePortalMail(
      tx,
      mail,
      resetMail(sender, { to: email, url: `${mail.baseUrl}/portal/reset/${token}` }),
    );
  }
  if (people.length === 0) await inviteAgain(tx, input, now);
}

/** The open invitation of an address once more, under a fresh link. Answers whether there is one. */
export async function inviteAgain(
  tx: Tx,
  { email, mail }: { email: string; mail: Outbox },
  now: Date,
): Promise<boolean> {
  const open = await tx.row<Sender>(sql`
    select i.organization_id, o.name as organization_name, i.customer_id, o.mode as realm
    from portal_invitations i
    join organizations o on o.id = i.organization_id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where lower(i.email) = ${email} and i.revoked_at is null and i.accepted_at is null
    and lower(c.email) = lower(i.email) and c.deactivated_at is null
    order by i.last_sent_at desc limit 1`);
  if (!open) return false;
  const { organizationId, customerId } = open;
  const token = await issueLink(tx, 'portal_invitation', { email, organizationId, customerId }, now);
  await queuePortalMail(
    tx,
    mail,
    welcomeMail(open, { to: email, url: `${mail.baseUrl}/portal/welcome/${token}` }),
  );
  return true;
}
