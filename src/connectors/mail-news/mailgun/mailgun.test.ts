import { createHmac } from 'node:crypto';
import { type Happening, mailNewsConformance } from '../conformance.ts';
import { mailgunReader } from './mailgun-reader.ts';

const failure = (severity: string, reason: string, code: number, message: string) => ({
  event: 'failed',
  severity,
  reason,
  'delivery-status': { code, message, 'enhanced-code': '' },
});

const events: Record<Happening, object> = {
  delivered: { event: 'delivered' },
  opened: { event: 'opened' },
  clicked: { event: 'clicked' },
  gone: failure('permanent', 'bounce', 550, '550 5.1.1 No such user'),
  full: failure('permanent', 'old', 452, '452 4.2.2 Mailbox full'),
  late: failure('temporary', 'generic', 452, '452 4.2.2 Mailbox full'),
  spam: { event: 'complained' },
  unknown_to_us: { event: 'failed', severity: 'permanent', reason: 'bounce' },
};

const signature = (key: string) => {
  const [timestamp, token] = ['1772463600', '5f7f8b1f0e4b7c5d'];
  return {
    timestamp,
    token,
    signature: createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex'),
  };
};

mailNewsConformance('Mailgun reports', () => ({
  reader: mailgunReader({ signingKey: 'key-of-ours' }),
  call: (happening, { messageId, email }) => ({
    raw: Buffer.from(
      JSON.stringify({
        signature: signature('key-of-ours'),
        'event-data': {
          ...events[happening],
          recipient: email,
          timestamp: 1_772_463_600.12,
          message: {
            headers: {
              'message-id': happening === 'unknown_to_us' ? 'x@example.com' : `${messageId}@owed.example`,
            },
          },
        },
      }),
    ),
    headers: {},
  }),
  forge: ({ raw, headers }) => ({
    headers,
    raw: Buffer.from(
      JSON.stringify({ ...JSON.parse(raw.toString()), signature: signature('key-of-theirs') }),
    ),
  }),
}));
