import type { Actor, Database } from '#db/db.ts';
import { claimMessage } from '#features/correspondence/claim-message.ts';
import type { Mailer, MailOutcome } from '#features/correspondence/mailer.ts';
import { readAttachments } from '#features/correspondence/read-attachments.ts';
import { recordDeliveries } from '#features/correspondence/record-deliveries.ts';
import { type Stamps, stampMail } from '#features/correspondence/stamp-mail.ts';

export type OneMessage = { organizationId: string; messageId: string };

/**
 * The journey of one message to the mail server: what is stored goes out, stamped so that what becomes of
 * it is heard of, with nothing open meanwhile. Should this process die between the send and the record, the
 * next try carries the same Message-ID.
 */
export async function sendMessage(
  deps: { db: Database; mailer: Mailer | undefined; stamps?: Stamps },
  payload: OneMessage,
  realNow: Date,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'send-message' };
  const claimed = await deps.db.transaction(actor, (tx) =>
    claimMessage(tx, actor, { ...payload, awaitsDocument: false }, realNow),
  );
  if (!claimed) return;
  const { sending } = claimed;
  const { organizationId, messageId } = payload;
  const attachments = await deps.db.transaction(actor, (tx) =>
    readAttachments(tx, organizationId, messageId),
  );
  const mail = { ...claimed.mail, attachments };
  const outcome: MailOutcome = deps.mailer
    ? await deps.mailer.send(deps.stamps ? stampMail(deps.stamps, mail, { messageId, sending }) : mail)
    : { outcome: 'unknown', reason: 'No mail server is set. Set SMTP_URL and start Owed again.' };
  await deps.db.transaction(actor, (tx) =>
    recordDeliveries(tx, actor, { organizationId, deliveries: [{ messageId, outcome }] }, realNow),
  );
}
