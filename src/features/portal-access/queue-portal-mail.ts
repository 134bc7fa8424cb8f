import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueSecurityMail } from '#features/correspondence/queue-security-mail.ts';
import type { PortalMail } from '#features/portal-access/portal-mails.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

/** Put a mail in the outbox, in the transaction that made its link: both exist or neither. */
export async function queuePortalMail(tx: Tx, outbox: Outbox, mail: PortalMail): Promise<void> {
  const { subject, before, button, after, ...about } = mail;
  const organization = must(
    await tx.row<{ clockOffsetMs: bigint }>(sql`
    select clock_offset_ms from organizations where id = ${mail.organizationId}`),
    'the organization',
  );
  await queueSecurityMail(
    tx,
    systemActor('portal'),
    {
      ...about,
      outbox,
      subject,
      heading: subject,
      blocks: [
        ...before.map((words) => ({ kind: 'paragraph' as const, words })),
        ...(button ? [{ kind: 'button' as const, ...button }] : []),
        { kind: 'small', words: after },
      ],
    },
    organizationNow(organization),
  );
}
