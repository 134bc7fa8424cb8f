import type { Actor, Tx } from '#db/db.ts';
import { footerOf, mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export type SecurityMail = {
  organizationId: string;
  outbox: Outbox;
  /** Whose account its link opens. Practice mail is read by staff, so it must open nothing real. */
  realm: 'live' | 'sandbox';
  kind: 'portal_invitation' | 'email_confirmation' | 'password_reset' | 'login_notice' | 'staff_invitation';
  to: string;
  subject: string;
  heading: string;
  preheader?: string | undefined;
  blocks: readonly MailBlock[];
  /** Why the reader gets it. */
  footer?: string | undefined;
  customerId?: string | undefined;
  dedupeKey?: string | undefined;
};

/** Mail that opens an account: like any other, but its links are shown to nobody who could misuse them. */
export async function queueSecurityMail(
  tx: Tx,
  actor: Actor,
  input: SecurityMail,
  now: Date,
): Promise<{ messageId: string; isNew: boolean }> {
  const { organizationId, outbox, kind } = input;
  const from = await readCorrespondent(tx, organizationId);
  if (from.mode !== input.realm)
    throw new Error(`a ${input.realm} account's mail cannot go through a ${from.mode} organization`);
  const why =
    input.footer ?? `You receive this mail because of your access to the customer portal of ${from.name}.`;
  const rendered = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: input.preheader ?? input.subject,
    heading: input.heading,
    blocks: [...input.blocks],
    footer: footerOf(from, why),
  });
  const [queued] = await queueMessages(
    tx,
    actor,
    {
      organizationId,
      outbox,
      messages: [
        {
          kind,
          to: [input.to],
          subject: input.subject,
          ...rendered,
          isSecurity: true,
          customerId: input.customerId,
          dedupeKey: input.dedupeKey,
        },
      ],
    },
    now,
  );
  if (!queued) throw new Error('the message was not queued');
  return queued;
}
