import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueSecurityMail } from '#features/correspondence/queue-security-mail.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

export type UserMail = {
  kind: 'staff_invitation' | 'password_reset' | 'email_confirmation' | 'login_notice';
  to: string;
  subject: string;
  before: string[];
  button?: { words: string; url: string };
  after: string;
};

/** The organization whose mail reaches this person best: one that is live, for practice mail never leaves. */
export const mailingOrganization = (tx: Tx, userId: string): Promise<{ id: string } | undefined> =>
  tx.row<{
    id: string;
  }>(sql`select o.id from organization_users ou join organizations o on o.id = ou.organization_id
    where ou.user_id = ${userId} and ou.disabled_at is null order by o.mode, ou.created_at, o.id limit 1`);

/** Mail to staff about their own account, in the transaction that made its link: both exist or neither. */
export async function queueUserMail(
  tx: Tx,
  outbox: Outbox,
  organizationId: string,
  mail: UserMail,
): Promise<void> {
  const { before, button, after, ...about } = mail;
  const organization = must(
    await tx.row<{ name: string; mode: 'live' | 'sandbox'; clockOffsetMs: bigint }>(sql`
    select name, mode, clock_offset_ms from organizations where id = ${organizationId}`),
    'the organization',
  );
  await queueSecurityMail(
    tx,
    systemActor('users'),
    {
      ...about,
      organizationId,
      outbox,
      realm: organization.mode,
      heading: mail.subject,
      footer:
        mail.kind === 'staff_invitation'
          ? `You receive this mail because you were invited to work for ${organization.name} in Owed.`
          : `You receive this mail because of your work for ${organization.name} in Owed.`,
      blocks: [
        ...before.map((words) => ({ kind: 'paragraph' as const, words })),
        ...(button ? [{ kind: 'button' as const, ...button }] : []),
        { kind: 'small', words: after },
      ],
    },
    organizationNow(organization),
  );
}
