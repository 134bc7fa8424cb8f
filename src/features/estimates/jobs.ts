import type { Actor, Database } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { answerMail } from '#features/estimates/estimate-mails.ts';
import { readEstimate } from '#features/estimates/queries.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { organizationNow } from '#lib/clock.ts';

type Told = { organizationId: string; subjectId: string };

/** Tells the desk that an estimate was answered, once. */
export const estimateJobs = ({ db, outbox }: MailMakings & { db: Database }) => ({
  'tell-estimate': async ({ organizationId, subjectId }: Told): Promise<void> => {
    const actor: Actor = { kind: 'job', organizationId, name: 'tell-estimate' };
    await db.transaction(actor, async (tx) => {
      const from = await readCorrespondent(tx, organizationId);
      const estimate = await readEstimate(tx, organizationId, subjectId);
      const to = from.notifyEmails.length > 0 ? from.notifyEmails : from.email ? [from.email] : [];
      if (!estimate.answer || estimate.takenBy || to.length === 0) return;
      const url = `${outbox.baseUrl}/console/estimates/${subjectId}`;
      const letter = answerMail({ from, outbox, estimate, url });
      const about = { customerId: estimate.customerId, estimateId: subjectId };
      const message = {
        kind: 'estimate_answer',
        to,
        dedupeKey: `estimate_answer:${subjectId}`,
        ...about,
        ...letter,
      };
      await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, organizationNow(from));
    });
  },
});
