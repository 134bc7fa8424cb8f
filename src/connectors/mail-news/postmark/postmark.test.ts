import { type Happening, mailNewsConformance } from '../conformance.ts';
import { postmarkReader } from './postmark-reader.ts';

const password = 'a-password-of-twenty-letters';
const basic = (secret: string) => `Basic ${Buffer.from(`owed:${secret}`).toString('base64')}`;
const at = '2026-03-02T15:00:00Z';

const bodies: Record<Happening, (email: string) => object> = {
  delivered: (email) => ({ RecordType: 'Delivery', Recipient: email, DeliveredAt: at }),
  opened: (email) => ({ RecordType: 'Open', Recipient: email, ReceivedAt: at, FirstOpen: true }),
  clicked: (email) => ({ RecordType: 'Click', Recipient: email, ReceivedAt: at }),
  gone: (email) => ({
    RecordType: 'Bounce',
    Type: 'HardBounce',
    TypeCode: 1,
    Email: email,
    Description: 'The server was unable to deliver your message.',
    Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.',
    BouncedAt: at,
  }),
  full: (email) => ({
    RecordType: 'Bounce',
    Type: 'SoftBounce',
    TypeCode: 4096,
    Email: email,
    Details: 'smtp;452 4.2.2 Mailbox full',
    BouncedAt: at,
  }),
  late: (email) => ({
    RecordType: 'Bounce',
    Type: 'Transient',
    TypeCode: 2,
    Email: email,
    Details: 'smtp;452 4.2.2 Mailbox full',
    BouncedAt: at,
  }),
  spam: (email) => ({ RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: email, BouncedAt: at }),
  unknown_to_us: (email) => ({ RecordType: 'Bounce', Type: 'HardBounce', Email: email, BouncedAt: at }),
};

mailNewsConformance('Postmark reports', () => ({
  reader: postmarkReader({ password }),
  call: (happening, { messageId, email }) => ({
    raw: Buffer.from(
      JSON.stringify({
        ...bodies[happening](email),
        MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
        ...(happening === 'unknown_to_us' ? {} : { Metadata: { message: messageId } }),
      }),
    ),
    headers: { authorization: basic(password) },
  }),
  forge: (call) => ({ ...call, headers: { authorization: basic('another-password-altogether') } }),
}));
