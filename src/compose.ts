import type { Config } from '#config.ts';
import { authorizeNetVendor } from '#connectors/gateways/authorize-net/authorize-net-vendor.ts';
import { paypalVendor } from '#connectors/gateways/paypal/paypal-vendor.ts';
import { sandboxVendor } from '#connectors/gateways/sandbox/sandbox-vendor.ts';
import { stripeVendor } from '#connectors/gateways/stripe/stripe-vendor.ts';
import { lobVendor } from '#connectors/letters/lob/lob-vendor.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { mailgunReader } from '#connectors/mail-news/mailgun/mailgun-reader.ts';
import { postmarkReader } from '#connectors/mail-news/postmark/postmark-reader.ts';
import { sendgridReader } from '#connectors/mail-news/sendgrid/sendgrid-reader.ts';
import { sesReader } from '#connectors/mail-news/ses/ses-reader.ts';
import { twilioVendor } from '#connectors/sms/twilio/twilio-vendor.ts';
import { partsOfDay } from '#day.ts';
import type { Database } from '#db/db.ts';
import { type Carriers, makeCarriers } from '#features/correspondence/carriers.ts';
import type { Mailer } from '#features/correspondence/mailer.ts';
import { type Outbox, outboxOf } from '#features/correspondence/outbox.ts';
import type { Stamps } from '#features/correspondence/stamp-mail.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import type { MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { type IdentityProvider, openIdConnect } from '#features/oidc/identity-provider.ts';
import type { DailyWork } from '#features/organizations/advance-clock.ts';
import { type Gateways, makeGateways } from '#features/payments/gateways.ts';
import { type PaymentDoors, paymentDoors } from '#features/payments/post-batcher.ts';
import { type Dns, nodeDns } from '#features/sending-domains/dns.ts';
import type { Secrets } from '#lib/secrets.ts';

/**
 * What one running Owed is made of. main.ts, cli.ts and the tests make it; nothing else knows features and
 * connectors.
 */
export type Parts = {
  db: Database;
  secrets: Secrets;
  gateways: Gateways;
  doors: PaymentDoors;
  config: Config;
  /** Undefined without SMTP_URL: mail then stays in the built-in mailbox. */
  mailer: Mailer | undefined;
  /** Of text messages and letters. */
  carriers: Carriers;
  outbox: Outbox;
  /** The mail providers that report here. */
  mailNews: readonly MailNewsReader[];
  stamps: Stamps;
  dns: Dns;
  identityProvider: IdentityProvider;
  /** The order of a day (money.md, 5). */
  dayParts: readonly DayPart[];
  dailyWork: DailyWork;
  /** Of gateways whose fields are on an origin of their own: the console may frame them. */
  frameOrigins: readonly string[];
};

export function makeParts(input: {
  db: Database;
  secrets: Secrets;
  config: Config;
  sandboxUrl: string;
  /** Where carriers are asked, where it is not their own address. */
  carrierUrls?: { twilio?: string; lob?: string };
  /** Whether organizations may name a sign-in provider in a private network: for tests. */
  privateProviders?: boolean;
}): Parts {
  const { db, secrets, config, sandboxUrl } = input;
  const publicUrl = publicSandboxUrl(config, sandboxUrl);
  const gateways = makeGateways(
    [stripeVendor(), authorizeNetVendor(), paypalVendor(), sandboxVendor({ url: sandboxUrl, publicUrl })],
    secrets,
  );
  const { twilio, lob } = input.carrierUrls ?? {};
  const carriers = makeCarriers(
    {
      texters: [twilioVendor(twilio ? { url: twilio } : {})],
      printers: [lobVendor(lob ? { url: lob } : {})],
    },
    secrets,
  );
  const outbox = outboxOf(config);
  const mailNews = mailNewsOf(config.mailProviders);
  const dayParts = partsOfDay({ db, secrets, gateways, outbox });
  return {
    db,
    secrets,
    gateways,
    carriers,
    config,
    dayParts,
    doors: paymentDoors(db),
    outbox,
    mailNews,
    dns: nodeDns(),
    identityProvider: openIdConnect({ privateHosts: input.privateProviders ?? false }),
    stamps: { secrets, outbox, headersOf: headersFor(mailNews) },
    mailer: config.smtpUrl ? smtpMailer({ url: config.smtpUrl }) : undefined,
    frameOrigins: gateways.vendors.flatMap(({ fieldsOrigin }) => fieldsOrigin ?? []),
    dailyWork: (id, now) => workDay(db, dayParts, id, now),
  };
}

function mailNewsOf(keys: Config['mailProviders']): MailNewsReader[] {
  return [
    ...(keys.postmarkPassword ? [postmarkReader({ password: keys.postmarkPassword })] : []),
    ...(keys.sendgridKey ? [sendgridReader({ publicKey: keys.sendgridKey })] : []),
    ...(keys.mailgunKey ? [mailgunReader({ signingKey: keys.mailgunKey })] : []),
    ...(keys.sesTopic ? [sesReader({ topic: keys.sesTopic })] : []),
  ];
}

/** What each provider that reports here wants to find in a mail; the others pass it over. */
const headersFor = (readers: readonly MailNewsReader[]) => (messageId: string) =>
  Object.fromEntries(readers.flatMap((reader) => Object.entries(reader.headersOf(messageId))));

/** Browsers reach the sandbox gateway at the host they reach Owed at, on its own port: its own origin. */
function publicSandboxUrl(config: Config, sandboxUrl: string): string {
  if (config.sandboxGatewayUrl) return config.sandboxGatewayUrl;
  const url = new URL(config.baseUrl);
  url.port = new URL(sandboxUrl).port;
  return url.origin;
}
