import { createHmac } from 'node:crypto';
import type { MailNews, MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { sameText } from '#lib/secrets.ts';
import { at, instantAt, ourMessage, parseJson, spamWords, textAt, tryJson } from '../fields.ts';

/**
 * Mailgun signs time and token with HMAC (docs: "Securing Webhooks"); its body is not part of what is signed.
 */
export function mailgunReader(options: { signingKey: string }): MailNewsReader {
  return {
    vendor: 'mailgun',
    isGenuine: async ({ raw }) => {
      const signed = at(tryJson(raw), 'signature');
      const [time, token] = [textAt(signed, 'timestamp'), textAt(signed, 'token')];
      const expected = createHmac('sha256', options.signingKey).update(`${time}${token}`).digest('hex');
      return time !== '' && token !== '' && sameText(textAt(signed, 'signature'), expected);
    },
    read: async (raw) => newsOf(at(parseJson(raw), 'event-data')),
    // The body is not signed, so a signature that was seen is good for one call.
    onceKey: (raw) => textAt(parseJson(raw), 'signature', 'token'),
    headersOf: (messageId) => ({ 'X-Mailgun-Variables': JSON.stringify({ message: messageId }) }),
  };
}

function newsOf(data: unknown): MailNews[] {
  const messageId = ourMessage(
    textAt(data, 'user-variables', 'message'),
    textAt(data, 'message', 'headers', 'message-id'),
  );
  if (!messageId) return [];
  const told = { messageId, email: textAt(data, 'recipient'), at: instantAt(data, 'timestamp') };
  const status = at(data, 'delivery-status');
  const reason = textAt(status, 'message') || textAt(status, 'description') || textAt(data, 'reason');
  switch (textAt(data, 'event')) {
    case 'delivered':
      return [{ ...told, kind: 'delivered', reason: '' }];
    case 'opened':
      return [{ ...told, kind: 'opened', reason: '' }];
    case 'clicked':
      return [{ ...told, kind: 'clicked', reason: '' }];
    case 'failed':
      return [{ ...told, kind: kindOf(data), reason }];
    case 'complained':
      return [{ ...told, kind: 'complained', reason: spamWords }];
    default:
      return [];
  }
}

/** A temporary failure is tried again; of permanent ones "old" and "espblock" are so for this mail alone. */
function kindOf(data: unknown): MailNews['kind'] {
  if (textAt(data, 'severity') !== 'permanent') return 'delayed';
  return /^(bounce|suppress-bounce)$/.test(textAt(data, 'reason')) ? 'bounced' : 'soft_bounced';
}
