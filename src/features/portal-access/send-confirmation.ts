import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { mailWait } from '#features/portal-access/guards.ts';
import { issueLink } from '#features/portal-access/link-tokens.ts';
import { confirmationMail } from '#features/portal-access/portal-mails.ts';
import { type Person, senderTo } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { takeMail } from '#features/users/guards.ts';

/**
 * Mail the link that confirms an address. `again` is a wish for another one, within what an address may be
 * sent; otherwise a link that is still good is enough.
 */
export async function sendConfirmation(
  tx: Tx,
  input: { person: Pick<Person, 'id' | 'realm' | 'email'>; mail: Outbox; again: boolean },
  now: Date,
): Promise<{ sent: boolean; next: Date | undefined }> {
  const { person, mail } = input;
  const wait = await mailWait(tx, 'confirmation', person.email, now);
  if (wait) return { sent: false, next: wait };
  const good = await tx.row(sql`select 1 as good from link_tokens where portal_user_id = ${person.id}
    and purpose = 'email_confirmation' and used_at is null and expires_at > ${now} limit 1`);
  if (good && !input.again) return { sent: false, next: undefined };
  const sender = await senderTo(tx, person);
  if (!sender) return { sent: false, next: undefined };
  await takeMail(tx, 'confirmation', person.email, now);
  const token = await issueLink(
    tx,
    'email_confirmation',
    { email: person.email, portalUserId: person.id, ...idsOf(sender) },
    now,
  );
  await queuePortalMail(
    tx,
    mail,
    confirmationMail(sender, { to: person.email, url: `${mail.baseUrl}/portal/confirm/${token}` }),
  );
  return { sent: true, next: await mailWait(tx, 'confirmation', person.email, now) };
}

const idsOf = ({ organizationId, customerId }: { organizationId: string; customerId: string }) => ({
  organizationId,
  customerId,
});
