import type { Actor, Database, Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { readNow } from '#features/refunds/read-now.ts';
import { sendRefundMails } from '#features/refunds/send-refund-mails.ts';
import { sendVoidNotice } from '#features/refunds/send-void-notice.ts';

type Reaction = { organizationId: string; subjectId: string };
type Command = (
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; paymentId: string; outbox: Outbox },
  now: Date,
) => Promise<void>;

/** What the worker does when money went back. */
export function refundMailJobs({ db, outbox }: { db: Database; outbox: Outbox }) {
  const react =
    (name: string, command: Command) =>
    ({ organizationId, subjectId }: Reaction): Promise<void> => {
      const actor: Actor = { kind: 'job', organizationId, name };
      return db.transaction(actor, async (tx) =>
        command(
          tx,
          actor,
          { organizationId, paymentId: subjectId, outbox },
          await readNow(tx, organizationId),
        ),
      );
    };
  return {
    'send-refund-mails': react('send-refund-mails', sendRefundMails),
    'send-void-notice': react('send-void-notice', sendVoidNotice),
  };
}
