import { sql } from 'kysely';
import { type FakeLob, startFakeLob } from '#connectors/letters/lob/lob-fake.ts';
import { lobVendor } from '#connectors/letters/lob/lob-vendor.ts';
import { type FakeTwilio, startFakeTwilio } from '#connectors/sms/twilio/twilio-fake.ts';
import { twilioVendor } from '#connectors/sms/twilio/twilio-vendor.ts';
import { connectChannel } from '#features/channel-accounts/connect-channel.ts';
import { type Carriers, makeCarriers } from '#features/correspondence/carriers.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { sendText } from '#features/correspondence/send-text.ts';
import { recordTextConsent, type SaidOfTexts } from '#features/text-consents/record-text-consent.ts';
import { type Books, given, secrets } from './given.ts';

export const phone = '+15125550143';
/** A Monday, 11:00 in Austin. */
export const monday = new Date('2026-03-02T17:00:00Z');
export const austin = {
  line1: '1 Main St',
  city: 'Austin',
  region: 'TX',
  postal_code: '78701',
  country: 'US',
};
export const outbox = {
  baseUrl: 'http://owed.test',
  hasSmtp: false,
  fromEmail: 'no-reply@owed.test',
  host: 'owed.test',
};

export type ChannelHouse = {
  books: Books;
  carriers: Carriers;
  twilio: FakeTwilio;
  lob: FakeLob;
  close(): Promise<void>;
};

/** A live organization whose texts and letters go to carriers in a bottle. */
export async function channelHouse(
  connected: { sms?: boolean; paper?: boolean; mode?: 'live' | 'sandbox' } = {},
): Promise<ChannelHouse> {
  const books = await given.organization({ mode: connected.mode ?? 'live', timeZone: 'America/Chicago' });
  const { organizationId } = books;
  const [twilio, lob] = [await startFakeTwilio(), await startFakeLob()];
  const carriers = makeCarriers(
    {
      texters: [twilioVendor({ url: twilio.url, timeout_ms: 3000 })],
      printers: [lobVendor({ url: lob.url, timeout_ms: 3000 })],
    },
    secrets,
  );
  await books.tx(async (tx) => {
    await tx.run(sql`update organizations set address = ${JSON.stringify(austin)}, phone = '(512) 555-0100'
      where id = ${organizationId}`);
    const { accountSid, authToken, number } = twilio;
    if (connected.sms ?? true)
      await connect(books, tx, 'sms', 'twilio', {
        account_sid: accountSid,
        auth_token: authToken,
        sender: number,
      });
    if (connected.paper ?? true)
      await connect(books, tx, 'paper', 'lob', { api_key: lob.apiKey, webhook_secret: lob.webhookSecret });
  });
  return {
    books,
    carriers,
    twilio,
    lob,
    close: async () => {
      await twilio.stop();
      await lob.stop();
    },
  };
}

type Tx = Parameters<Parameters<Books['tx']>[0]>[0];

const connect = (books: Books, tx: Tx, channel: 'sms' | 'paper', vendor: string, credentials: object) =>
  connectChannel(
    tx,
    books.actor,
    {
      organizationId: books.organizationId,
      channel,
      vendor,
      credentials: secrets.encrypt(JSON.stringify(credentials)),
      shown: 'shown',
      vendorAccount: 'A fake',
    },
    books.now,
  );

export type MessageRow = {
  id: string;
  state: string;
  route: string;
  suppressedBy: string | null;
  nextAttemptAt: Date | null;
  lastError: string | null;
  attempts: number;
  outcomeUnknown: boolean;
  carrierReference: string | null;
  awaitsAddress: boolean;
  awaitsDocument: boolean;
  toPhone: string | null;
  toAddress: { name: string; address: { line1?: string } } | null;
};

export const messageRow = async (books: Books, id: string): Promise<MessageRow> => {
  const row = await books.tx((tx) => tx.row<MessageRow>(sql`select * from messages where id = ${id}`));
  if (!row) throw new Error(`no message ${id}`);
  return row;
};

export async function queueText(
  house: ChannelHouse,
  to: Partial<NewMessage>,
  now: Date = monday,
): Promise<string> {
  const message: NewMessage = {
    ...{ kind: 'new_invoice', channel: 'sms', to: [], subject: 'Invoice due', html: '', toPhone: phone },
    text: 'Smith: invoice 1001 is due today. https://owed.test/i/1',
    ...to,
  };
  return queueOne(house, message, now);
}

export async function queueOne({ books }: ChannelHouse, message: NewMessage, now: Date): Promise<string> {
  const { organizationId, actor } = books;
  const [queued] = await books.tx((tx) =>
    queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now),
  );
  return queued?.messageId ?? '';
}

export const runText = (house: ChannelHouse, messageId: string, at: Date): Promise<void> =>
  sendText(
    { db: house.books.db, carriers: house.carriers, outbox },
    { organizationId: house.books.organizationId, messageId },
    at,
  );

/** A word about texts: consent of a customer, or what the phone itself says. */
export const say = (
  { books }: ChannelHouse,
  kind: SaidOfTexts['kind'],
  about: { customerId?: string; phone?: string } = {},
  at: Date = monday,
) =>
  books.tx((tx) =>
    recordTextConsent(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        phone,
        kind,
        words: 'I agree.',
        source: about.customerId ? 'staff' : 'text',
        saidBy: 'test',
        ...about,
      },
      at,
    ),
  );

/** As if the customer had signed for it. */
export const agreesToTexts = (books: Books, customerId: string, to: string) =>
  books.tx((tx) =>
    recordTextConsent(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        phone: to,
        kind: 'given',
        customerId,
        words: 'I agree.',
        source: 'staff',
        saidBy: 'test',
      },
      books.now,
    ),
  );
