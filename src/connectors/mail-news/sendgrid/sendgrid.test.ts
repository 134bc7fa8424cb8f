import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ProviderCall } from '#features/mail-news/mail-news-reader.ts';
import { type Happening, mailNewsConformance } from '../conformance.ts';
import { sendgridReader } from './sendgrid-reader.ts';

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const events: Record<Happening, object> = {
  delivered: { event: 'delivered', response: '250 OK' },
  opened: { event: 'open' },
  clicked: { event: 'click', url: 'https://owed.test' },
  gone: { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 No such user' },
  full: { event: 'bounce', type: 'blocked', reason: '552 5.2.2 Mailbox full' },
  late: { event: 'deferred', response: '452 4.2.2 Mailbox full', attempt: '2' },
  spam: { event: 'spamreport' },
  unknown_to_us: { event: 'bounce' },
};

const signed = (raw: Buffer, key: KeyObject): ProviderCall => {
  const time = '1772463600';
  return {
    raw,
    headers: {
      'x-twilio-email-event-webhook-timestamp': time,
      'x-twilio-email-event-webhook-signature': sign(
        'sha256',
        Buffer.concat([Buffer.from(time), raw]),
        key,
      ).toString('base64'),
    },
  };
};

mailNewsConformance('SendGrid reports', () => ({
  reader: sendgridReader({
    publicKey: own.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }),
  call: (happening, { messageId, email }) =>
    signed(
      Buffer.from(
        JSON.stringify([
          {
            ...events[happening],
            email,
            timestamp: 1_772_463_600,
            sg_event_id: 'rbtnWrG1DVDGGGFHFyun0A==',
            'smtp-id': happening === 'unknown_to_us' ? '<14c5d75ce93@ismtpd>' : `<${messageId}@owed.example>`,
          },
        ]),
      ),
      own.privateKey,
    ),
  forge: ({ raw }) => signed(raw, other.privateKey),
}));
