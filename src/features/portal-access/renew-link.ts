import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { findLink, issueLink } from '#features/portal-access/link-tokens.ts';
import { resetMail, type Sender, welcomeMail } from '#features/portal-access/portal-mails.ts';
import { readPerson, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { sendConfirmation } from '#features/portal-access/send-confirmation.ts';
import { takeMail } from '#features/users/guards.ts';

/**
 * Someone holds an old link and wants a fresh one: it goes to the address the old one went to. Answers when
 * to ask again if that address was written to too often; an unknown link is answered like any other.
 */
export async function renewLink(
  tx: Tx,
  input: { token: string; mail: Outbox },
  now: Date,
): Promise<Date | undefined> {
  const { mail } = input;
  const link = await findLink(tx, input.token);
  if (!link) return undefined;
  const person = link.portalUserId ? await readPerson(tx, link.portalUserId) : undefined;
  if (link.purpose === 'email_confirmation') {
    if (!person || person.emailConfirmedAt) return undefined;
    const { sent, next } = await sendConfirmation(tx, { person, mail, again: true }, now);
    return sent ? undefined : next;
  }
  if (link.purpose === 'password_reset') {
    const sender = person && (await senderTo(tx, person));
    if (!person || !sender) return undefined;
    const next = await takeMail(tx, 'password_reset', person.email, now);
    if (next) return next;
    const token = await issueLink(
      tx,
      'password_reset',
      { email: person.email, portalUserId: person.id },
      now,
    );
    await queuePortalMail(
      tx,
      mail,
      resetMail(sender, { to: person.email, url: `${mail.baseUrl}/portal/reset/${token}` }),
    );
    return undefined;
  }
  return renewInvitation(tx, { link, mail }, now);
}

type Invitation = {
  link: { email: string; organizationId: string | null; customerId: string | null };
  mail: Outbox;
};

/** Only while the invitation stands and still goes to that address. */
async function renewInvitation(tx: Tx, { link, mail }: Invitation, now: Date): Promise<Date | undefined> {
  const open = await tx.row<Sender>(sql`
    select o.name as organization_name, i.organization_id, i.customer_id, o.mode as realm
    from portal_invitations i
    join organizations o on o.id = i.organization_id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      and lower(c.email) = lower(i.email) and c.deactivated_at is null
    where i.organization_id = ${link.organizationId} and i.customer_id = ${link.customerId}
    and i.revoked_at is null
      and lower(i.email) = lower(${link.email})`);
  if (!open) return undefined;
  const next = await takeMail(tx, 'invitation', link.email, now);
  if (next) return next;
  const { organizationId, customerId } = open;
  const token = await issueLink(
    tx,
    'portal_invitation',
    { email: link.email, organizationId, customerId },
    now,
  );
  await queuePortalMail(
    tx,
    mail,
    welcomeMail(open, { to: link.email, url: `${mail.baseUrl}/portal/welcome/${token}` }),
  );
  return undefined;
}
