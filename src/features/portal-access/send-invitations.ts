import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { issueLink } from '#features/portal-access/link-tokens.ts';
import { welcomeMail } from '#features/portal-access/portal-mails.ts';
import type { Realm } from '#features/portal-access/queries.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';

export type InvitationSends = { organizationId: string; sends: { customerId: string; sends: number }[] };

/**
 * Step one: write the welcome mails that invitations asked for. One that has become a mail is not written
 * again.
 */
export async function sendInvitations(
  tx: Tx,
  input: InvitationSends & { mail: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, mail } = input;
  for (const { customerId, sends } of [...input.sends].sort((a, b) =>
    a.customerId < b.customerId ? -1 : 1,
  )) {
    const invitation = await tx.row<{ email: string; organizationName: string; realm: Realm }>(sql`
      update portal_invitations i set mailed = ${sends} from organizations o
      where o.id = i.organization_id and i.organization_id = ${organizationId}
      and i.customer_id = ${customerId}
        and i.mailed < ${sends} and i.revoked_at is null
      returning i.email, o.name as organization_name, o.mode as realm`);
    if (!invitation) continue;
    const { email } = invitation;
    const token = await issueLink(tx, 'portal_invitation', { email, organizationId, customerId }, now);
    const sender = { ...invitation, organizationId, customerId };
    await queuePortalMail(
      tx,
      mail,
      welcomeMail(sender, { to: email, url: `${mail.baseUrl}/portal/welcome/${token}` }),
    );
  }
}
