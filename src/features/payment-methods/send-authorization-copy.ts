import type { Actor, Database } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { authorizationFile, readAuthorization } from '#features/payment-methods/authorization-document.ts';
import { signedCopyMail } from '#features/payment-methods/method-mails.ts';
import { organizationNow } from '#lib/clock.ts';

/** The signer's copy goes out once: the document is set with nothing open, then the mail is written. */
export async function sendAuthorizationCopy(
  deps: { db: Database; outbox: Outbox },
  payload: { organizationId: string; subjectId: string },
): Promise<void> {
  const { organizationId, subjectId: methodId } = payload;
  const { db, outbox } = deps;
  const actor: Actor = { kind: 'job', organizationId, name: 'send-authorization-copy' };
  const signed = await db.transaction(actor, (tx) => readAuthorization(tx, { organizationId, methodId }));
  const { email } = signed;
  if (!email) return;
  const file = await authorizationFile(deps, actor, { organizationId, methodId });
  const { fileName, contentType } = file;
  const attachments = [{ fileName, contentType, bytes: await file.render() }];
  await db.transaction(actor, async (tx) => {
    const from = await readCorrespondent(tx, organizationId);
    const message = {
      kind: 'authorization_copy',
      to: [email],
      customerId: signed.customerId,
      dedupeKey: `authorization_copy ${signed.id}`,
      attachments,
      ...signedCopyMail({ from, outbox }, signed),
    };
    const now = organizationNow(from);
    await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
  });
}
