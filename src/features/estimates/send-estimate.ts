import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { documentJob } from '#features/correspondence/sweep-messages.ts';
import { estimateLink } from '#features/estimates/estimate-link.ts';
import { estimateMail } from '#features/estimates/estimate-mails.ts';
import { lockEstimate, stateOf } from '#features/estimates/queries.ts';
import { refusalOfAnswer } from '#features/estimates/rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

type SendEstimate = MailMakings & {
  organizationId: string;
  estimateId: string;
  to?: readonly string[] | undefined;
  words?: string | undefined;
};

type Reader = { firstName: string | null; email: string | null; ccEmails: string[] };

/** Mail an estimate with its PDF and the page on which it is accepted or declined. */
export async function sendEstimate(
  tx: Tx,
  actor: Actor,
  input: SendEstimate,
  now: Date,
): Promise<{ messageId: string }> {
  const { organizationId, estimateId, outbox, secrets } = input;
  const from = await readCorrespondent(tx, organizationId);
  const estimate = await lockEstimate(tx, organizationId, estimateId);
  const refusal = refusalOfAnswer(stateOf(estimate, dateIn(from.timeZone, now)));
  if (refusal)
    throw new Refusal(
      'state_refused',
      estimate.answer ? refusal : 'This estimate has expired. Give it a later last day, then send it.',
    );
  const reader = must(
    await tx.row<Reader>(sql`select first_name, email, cc_emails from customers
      where organization_id = ${organizationId} and id = ${estimate.customerId}`),
    'the customer',
  );
  const to = input.to ?? (reader.email ? [reader.email] : []);
  if (to.length === 0)
    throw new Refusal('invalid_request', {
      message: 'This customer has no e-mail address. Give one here, or on the customer.',
      param: 'to',
    });
  const url = estimateLink(secrets, outbox.baseUrl, estimate);
  const letter = estimateMail({
    from,
    outbox,
    estimate,
    url,
    firstName: reader.firstName,
    words: input.words,
  });
  const { customerId } = estimate;
  const cc = input.to ? [] : reader.ccEmails;
  const message = { kind: 'estimate', to, cc, customerId, estimateId, awaitsDocument: true, ...letter };
  const [queued] = await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
  const { messageId, state } = must(queued, 'the message');
  if (state === 'suppressed')
    throw new Refusal('state_refused', {
      message: `Mail to ${to.join(', ')} does not arrive. Give another address, or copy the link.`,
      param: 'to',
    });
  await tx.run(sql`update estimates set sent_at = coalesce(sent_at, ${now})
    where organization_id = ${organizationId} and id = ${estimateId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'estimate.sent',
      subjectId: estimateId,
      customerId,
      data: { number: estimate.number, message_id: messageId, to: [...to] },
    },
  ]);
  await enqueue(tx, [documentJob(organizationId, messageId)]);
  return { messageId };
}
