import type { NewJob } from '#db/enqueue.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';

const sends: Record<Channel, string> = { email: 'send-message', sms: 'send-text', paper: 'send-letter' };

/** The job that brings a waiting message a step further: sets its document, or sends it by its channel. */
export function messageJob(
  organizationId: string,
  message: { id: string; channel: Channel; awaitsDocument: boolean },
): NewJob {
  const { id, channel, awaitsDocument } = message;
  const payload = { organizationId, messageId: id };
  if (awaitsDocument) {
    const isLetter = channel === 'paper';
    const job = isLetter ? 'render-letter' : 'attach-document';
    return { job, key: `${isLetter ? 'letter' : 'attach'}:${id}`, payload, maxAttempts: 3 };
  }
  return { job: sends[channel], key: `send:${id}`, payload, maxAttempts: 3 };
}
