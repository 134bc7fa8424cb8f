import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { type Happening, mailNewsConformance } from '../conformance.ts';
import { isSnsUrl, sesReader } from './ses-reader.ts';

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const topic = 'arn:aws:sns:us-east-1:123456789012:mail';
const certificateUrl = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem';
const at = '2026-03-02T15:00:00.000Z';

const events: Record<Happening, (email: string) => object> = {
  delivered: (email) => ({ eventType: 'Delivery', delivery: { timestamp: at, recipients: [email] } }),
  opened: () => ({ eventType: 'Open', open: { timestamp: at, userAgent: 'Mail' } }),
  clicked: () => ({ eventType: 'Click', click: { timestamp: at, link: 'https://owed.test' } }),
  gone: (email) => ({
    eventType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        {
          emailAddress: email,
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        },
      ],
      timestamp: at,
    },
  }),
  full: (email) => ({
    eventType: 'Bounce',
    bounce: {
      bounceType: 'Transient',
      bounceSubType: 'MailboxFull',
      bouncedRecipients: [{ emailAddress: email, diagnosticCode: 'smtp; 552 5.2.2 mailbox full' }],
      timestamp: at,
    },
  }),
  late: (email) => ({
    eventType: 'DeliveryDelay',
    deliveryDelay: {
      delayType: 'MailboxFull',
      delayedRecipients: [{ emailAddress: email, status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 full' }],
      timestamp: at,
    },
  }),
  spam: (email) => ({
    eventType: 'Complaint',
    complaint: { complainedRecipients: [{ emailAddress: email }], timestamp: at },
  }),
  unknown_to_us: (email) => ({ eventType: 'Delivery', delivery: { timestamp: at, recipients: [email] } }),
};

type Envelope = Record<string, string>;
const order = (type: string) =>
  type === 'Notification'
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

function signed(envelope: Envelope, key: KeyObject, version = '2'): Buffer {
  const text = order(envelope.Type ?? '')
    .filter((name) => envelope[name] !== undefined)
    .map((name) => `${name}\n${envelope[name]}\n`)
    .join('');
  const signature = sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), key).toString('base64');
  return Buffer.from(JSON.stringify({ ...envelope, SignatureVersion: version, Signature: signature }));
}

const notification = (message: object): Envelope => ({
  Type: 'Notification',
  MessageId: 'da41e39f-ea4d-435a-b922-c6aae3915ebe',
  TopicArn: topic,
  Message: JSON.stringify(message),
  Timestamp: at,
  SigningCertURL: certificateUrl,
});

function lab() {
  const asked: string[] = [];
  const reader = sesReader({
    topic,
    fetchText: async (url) => {
      asked.push(url);
      return url === certificateUrl ? own.publicKey.export({ format: 'pem', type: 'spki' }).toString() : 'ok';
    },
  });
  return { reader, asked };
}

mailNewsConformance('Amazon SES reports through SNS', () => ({
  reader: lab().reader,
  call: (happening, { messageId, email }) => ({
    raw: signed(
      notification({
        ...events[happening](email),
        mail: { tags: happening === 'unknown_to_us' ? {} : { message: [messageId] } },
      }),
      own.privateKey,
    ),
    headers: {},
  }),
  forge: ({ raw, headers }) => {
    const { Signature: _, SignatureVersion: __, ...envelope } = JSON.parse(raw.toString());
    return { headers, raw: signed(envelope, other.privateKey) };
  },
}));

describe('SNS', () => {
  test('a certificate from anywhere but SNS itself is not even fetched', async () => {
    for (const url of [
      'https://sns.us-east-1.amazonaws.com.evil.example/a.pem',
      'https://evil.example/sns.us-east-1.amazonaws.com/a.pem',
      'http://sns.us-east-1.amazonaws.com/a.pem',
      'https://sns.us-east-1.amazonaws.com@evil.example/a.pem',
      'https://bucket.s3.amazonaws.com/a.pem',
      'https://sns.us-east-1.amazonaws.com/a.pem/../../other',
      'https://sns.us-east-1.amazonaws.com:8443/a.pem',
      '',
    ]) {
      const { reader, asked } = lab();
      const raw = signed({ ...notification({}), SigningCertURL: url }, own.privateKey);
      assert.equal(await reader.isGenuine({ raw, headers: {} }), false, url);
      assert.deepEqual(asked, []);
    }
    assert.equal(isSnsUrl(certificateUrl, /^\/[\w-]+\.pem$/), true);
  });

  test('another topic, though signed by Amazon, is not ours', async () => {
    const { reader } = lab();
    const raw = signed(
      { ...notification({}), TopicArn: 'arn:aws:sns:us-east-1:999999999999:mail' },
      own.privateKey,
    );
    assert.equal(await reader.isGenuine({ raw, headers: {} }), false);
  });

  test('the older signature holds as well; the certificate is fetched once', async () => {
    const { reader, asked } = lab();
    for (const version of ['1', '2', '1'])
      assert.equal(
        await reader.isGenuine({ raw: signed(notification({}), own.privateKey, version), headers: {} }),
        true,
      );
    assert.deepEqual(asked, [certificateUrl]);
  });

  test('a subscription is confirmed, at SNS and nowhere else', async () => {
    const confirmation = (url: string): Envelope => ({
      Type: 'SubscriptionConfirmation',
      MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
      Token: 'a-token',
      TopicArn: topic,
      Message: 'You have chosen to subscribe to the topic.',
      SubscribeURL: url,
      Timestamp: at,
      SigningCertURL: certificateUrl,
    });
    const { reader, asked } = lab();
    const good = 'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=a-token';
    for (const url of [good, 'https://evil.example/?Action=ConfirmSubscription']) {
      const raw = signed(confirmation(url), own.privateKey);
      assert.equal(await reader.isGenuine({ raw, headers: {} }), true);
      assert.deepEqual(await reader.read(raw), []);
    }
    assert.deepEqual(asked, [certificateUrl, good]);
  });
});
