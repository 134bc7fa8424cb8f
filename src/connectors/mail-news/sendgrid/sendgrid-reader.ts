import { createPublicKey, verify } from 'node:crypto';
import type { MailNews, MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { instantAt, ourMessage, parseJson, spamWords, textAt } from '../fields.ts';

/**
 * SendGrid signs time and body with ECDSA on P-256 (docs: "Getting Started with the Event Webhook Security
 * Features"); the key is the one its settings page shows.
 */
export function sendgridReader(options: { publicKey: string }): MailNewsReader {
  const key = createPublicKey({ key: Buffer.from(options.publicKey, 'base64'), format: 'der', type: 'spki' });
  return {
    vendor: 'sendgrid',
    isGenuine: async ({ raw, headers }) => {
      const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64');
      const time = headers['x-twilio-email-event-webhook-timestamp'] ?? '';
      return verify('sha256', Buffer.concat([Buffer.from(time), raw]), key, signature);
    },
    read: async (raw) => {
      const calls = parseJson(raw);
      return (Array.isArray(calls) ? calls : []).flatMap((call) => newsOf(call) ?? []);
    },
    headersOf: (messageId) => ({ 'X-SMTPAPI': JSON.stringify({ unique_args: { message: messageId } }) }),
  };
}

function newsOf(call: unknown): MailNews | undefined {
  const messageId = ourMessage(textAt(call, 'message'), textAt(call, 'smtp-id'));
  if (!messageId) return undefined;
  const told = { messageId, email: textAt(call, 'email'), at: instantAt(call, 'timestamp') };
  const reason = textAt(call, 'reason') || textAt(call, 'response');
  switch (textAt(call, 'event')) {
    case 'delivered':
      return { ...told, kind: 'delivered', reason: '' };
    case 'open':
      return { ...told, kind: 'opened', reason: '' };
    case 'click':
      return { ...told, kind: 'clicked', reason: '' };
    case 'deferred':
      return { ...told, kind: 'delayed', reason };
    case 'bounce':
      // "blocked" is a refusal of this mail, not of the address.
      return { ...told, kind: textAt(call, 'type') === 'blocked' ? 'soft_bounced' : 'bounced', reason };
    case 'dropped':
      // Not even tried: SendGrid remembers an earlier bounce or complaint of its own.
      return { ...told, kind: /bounced|invalid/i.test(reason) ? 'bounced' : 'soft_bounced', reason };
    case 'spamreport':
      return { ...told, kind: 'complained', reason: spamWords };
    default:
      return undefined;
  }
}
