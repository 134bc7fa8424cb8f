import type { MailNews, MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { sameText } from '#lib/secrets.ts';
import { at, instantAt, ourMessage, parseJson, spamWords, textAt } from '../fields.ts';

// https://postmarkapp.com/developer/webhooks/bounce-webhook, "Type"
const gone = new Set(['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated', 'Unsubscribe']);
const spam = new Set(['SpamComplaint']);
// It is still tried.
const late = new Set(['Transient']);

/**
 * Postmark signs nothing; its webhooks carry the user and password that stand in their address, which is its
 * documented protection.
 */
export function postmarkReader(options: { password: string }): MailNewsReader {
  const expected = `Basic ${Buffer.from(`owed:${options.password}`).toString('base64')}`;
  return {
    vendor: 'postmark',
    isGenuine: async ({ headers }) => sameText(headers.authorization ?? '', expected),
    read: async (raw) => {
      const call = parseJson(raw);
      // The name of the field is spelled as the header was, and mail programs spell headers as they like.
      const messageId = ourMessage(...Object.values(at(call, 'Metadata') ?? {}).map(String));
      const news = messageId && newsOf(call, messageId);
      return news ? [news] : [];
    },
    headersOf: (messageId) => ({ 'X-PM-KeepID': 'true', 'X-PM-Metadata-message': messageId }),
  };
}

function newsOf(call: unknown, messageId: string): MailNews | undefined {
  const email = textAt(call, 'Email') || textAt(call, 'Recipient');
  switch (textAt(call, 'RecordType')) {
    case 'Delivery':
      return { messageId, email, kind: 'delivered', reason: '', at: instantAt(call, 'DeliveredAt') };
    case 'Open':
      return { messageId, email, kind: 'opened', reason: '', at: instantAt(call, 'ReceivedAt') };
    case 'Click':
      return { messageId, email, kind: 'clicked', reason: '', at: instantAt(call, 'ReceivedAt') };
    case 'SpamComplaint':
      return { messageId, email, kind: 'complained', reason: spamWords, at: instantAt(call, 'BouncedAt') };
    case 'Bounce': {
      const type = textAt(call, 'Type');
      return {
        messageId,
        email,
        kind: kindOf(type),
        reason: reasonOf(call),
        at: instantAt(call, 'BouncedAt'),
      };
    }
    default:
      return undefined;
  }
}

function kindOf(type: string): MailNews['kind'] {
  if (spam.has(type)) return 'complained';
  if (late.has(type)) return 'delayed';
  return gone.has(type) ? 'bounced' : 'soft_bounced';
}

const reasonOf = (call: unknown): string =>
  textAt(call, 'Details') || textAt(call, 'Description') || textAt(call, 'Type');
