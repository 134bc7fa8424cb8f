import { createPublicKey, verify } from 'node:crypto';
import type { MailNews, MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { instantAt, listAt, ourMessage, parseJson, spamWords, textAt, tryJson } from '../fields.ts';

type Options = {
  /** The one topic that is listened to. */
  topic: string;
  /**
   * Gets a text from an address of Amazon's: the signer's certificate, and the confirmation of a
   * subscription.
   */
  fetchText?: (url: string) => Promise<string>;
};

const ofAmazon = /^sns\.[a-z0-9-]{5,30}\.amazonaws\.com(\.cn)?$/;

/** Only where a host of SNS itself stands in the address may its certificate or a confirmation come from. */
export function isSnsUrl(text: string, path: RegExp): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    ofAmazon.test(url.hostname) &&
    path.test(url.pathname)
  );
}

/**
 * Amazon SES reports through an SNS topic. Its signature is only as good as the certificate, so the
 * certificate comes from SNS's own host, and the topic must be ours: anybody may have a topic.
 */
export function sesReader(options: Options): MailNewsReader {
  const fetchText = options.fetchText ?? fetchFromAmazon;
  const certificates = new Map<string, string>();
  const certificateOf = async (url: string): Promise<string> => {
    const known = certificates.get(url);
    if (known) return known;
    const text = await fetchText(url);
    if (certificates.size < 20) certificates.set(url, text);
    return text;
  };
  return {
    vendor: 'ses',
    isGenuine: async ({ raw }) => {
      const call = tryJson(raw);
      const certificateUrl = textAt(call, 'SigningCertURL');
      if (textAt(call, 'TopicArn') !== options.topic || !isSnsUrl(certificateUrl, /^\/[\w-]+\.pem$/))
        return false;
      const digest = { '1': 'sha1', '2': 'sha256' }[textAt(call, 'SignatureVersion')];
      if (!digest) return false;
      const key = createPublicKey(await certificateOf(certificateUrl));
      return verify(
        digest,
        Buffer.from(signedText(call)),
        key,
        Buffer.from(textAt(call, 'Signature'), 'base64'),
      );
    },
    read: async (raw) => {
      const call = parseJson(raw);
      if (textAt(call, 'Type') === 'Notification') return newsOf(parseJson(textAt(call, 'Message')));
      const url = textAt(call, 'SubscribeURL');
      if (textAt(call, 'Type') === 'SubscriptionConfirmation' && isSnsUrl(url, /^\/$/)) await fetchText(url);
      return [];
    },
    headersOf: (messageId) => ({ 'X-SES-MESSAGE-TAGS': `message=${messageId}` }),
  };
}

/** What is signed, in its order (SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"). */
function signedText(call: unknown): string {
  const names =
    textAt(call, 'Type') === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  return names
    .filter((name) => textAt(call, name) !== '')
    .map((name) => `${name}\n${textAt(call, name)}\n`)
    .join('');
}

async function fetchFromAmazon(url: string): Promise<string> {
  const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!reply.ok) throw new Error(`SNS answered ${reply.status}`);
  const text = await reply.text();
  if (text.length > 100_000) throw new Error('SNS answered more than a certificate');
  return text;
}

function newsOf(event: unknown): MailNews[] {
  const tag = listAt(event, 'mail', 'tags', 'message')[0];
  const header = listAt(event, 'mail', 'headers').find((each) => /^message-id$/i.test(textAt(each, 'name')));
  const messageId = ourMessage(typeof tag === 'string' ? tag : '', textAt(header, 'value'));
  if (!messageId) return [];
  const each = (part: string, list: string, kind: MailNews['kind']): MailNews[] =>
    listAt(event, part, list).map((one) => ({
      messageId,
      email: typeof one === 'string' ? one : textAt(one, 'emailAddress'),
      kind,
      reason: kind === 'complained' ? spamWords : textAt(one, 'diagnosticCode') || textAt(one, 'status'),
      at: instantAt(event, part, 'timestamp'),
    }));
  const once = (kind: MailNews['kind'], part: string): MailNews[] => [
    { messageId, email: '', kind, reason: '', at: instantAt(event, part, 'timestamp') },
  ];
  switch (textAt(event, 'eventType') || textAt(event, 'notificationType')) {
    case 'Bounce':
      return each(
        'bounce',
        'bouncedRecipients',
        textAt(event, 'bounce', 'bounceType') === 'Permanent' ? 'bounced' : 'soft_bounced',
      );
    case 'Complaint':
      return each('complaint', 'complainedRecipients', 'complained');
    case 'DeliveryDelay':
      return each('deliveryDelay', 'delayedRecipients', 'delayed');
    case 'Delivery':
      return each('delivery', 'recipients', 'delivered');
    case 'Open':
      return once('opened', 'open');
    case 'Click':
      return once('clicked', 'click');
    default:
      return [];
  }
}
