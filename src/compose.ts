import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#config.ts';
import { authorizeNetVendor } from '#connectors/gateways/authorize-net/authorize-net-vendor.ts';
import { paypalVendor } from '#connectors/gateways/paypal/paypal-vendor.ts';
import { newSandboxKeys } from '#connectors/gateways/sandbox/keys.ts';
import { sandboxVendor } from '#connectors/gateways/sandbox/sandbox-vendor.ts';
import { stripeVendor } from '#connectors/gateways/stripe/stripe-vendor.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { mailgunReader } from '#connectors/mail-news/mailgun/mailgun-reader.ts';
import { postmarkReader } from '#connectors/mail-news/postmark/postmark-reader.ts';
import { sendgridReader } from '#connectors/mail-news/sendgrid/sendgrid-reader.ts';
import { sesReader } from '#connectors/mail-news/ses/ses-reader.ts';
import { type Database, systemActor } from '#db/db.ts';
import { makeDemo } from '#demo/make-demo.ts';
import { bankRuleRoutes } from '#features/bank-rules/routes.ts';
import { chargebackJobs } from '#features/chargebacks/jobs.ts';
import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { chargebackRoutes } from '#features/chargebacks/routes.ts';
import { collectionJobs } from '#features/collections/jobs.ts';
import { collectionRoutes } from '#features/collections/routes.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { correspondenceJobs } from '#features/correspondence/jobs.ts';
import type { Mailer } from '#features/correspondence/mailer.ts';
import { type Outbox, outboxOf } from '#features/correspondence/outbox.ts';
import { correspondenceRoutes } from '#features/correspondence/routes.ts';
import type { Stamps } from '#features/correspondence/stamp-mail.ts';
import { creditMemoRoutes } from '#features/credit-memos/routes.ts';
import { customerDefaultJobs } from '#features/customer-defaults/jobs.ts';
import { customerDefaultRoutes } from '#features/customer-defaults/routes.ts';
import { customerRoutes } from '#features/customers/routes.ts';
import { dayJobs } from '#features/days/jobs.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { depositJobs } from '#features/deposits/jobs.ts';
import { gatewayAccountsOf, pullPayouts } from '#features/deposits/pull-payouts.ts';
import { depositRoutes } from '#features/deposits/routes.ts';
import { gatewayAccountJobs } from '#features/gateway-accounts/jobs.ts';
import { gatewayAccountRoutes } from '#features/gateway-accounts/routes.ts';
import type { WebhookWork } from '#features/gateway-accounts/work-webhook.ts';
import { importJobs } from '#features/imports/jobs.ts';
import { importRoutes } from '#features/imports/routes.ts';
import { invoiceRoutes } from '#features/invoices/routes.ts';
import { sendInvoiceJobs } from '#features/invoices/send-invoice-jobs.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { lateFeeRoutes } from '#features/late-fees/routes.ts';
import { mailDoorRoutes } from '#features/mail-news/door-routes.ts';
import { mailNewsJobs } from '#features/mail-news/jobs.ts';
import type { MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { messengerJobs } from '#features/messenger/jobs.ts';
import { messengerRoutes } from '#features/messenger/routes.ts';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import type { DailyWork } from '#features/organizations/advance-clock.ts';
import { organizationRoutes } from '#features/organizations/routes.ts';
import { paymentLinkApiRoutes } from '#features/payment-links/routes.ts';
import { paymentMethodJobs } from '#features/payment-methods/jobs.ts';
import { paymentMethodRoutes } from '#features/payment-methods/routes.ts';
import { tellExpiries } from '#features/payment-methods/sweep-expiries.ts';
import { type Gateways, makeGateways } from '#features/payments/gateways.ts';
import { paymentJobs } from '#features/payments/jobs.ts';
import { type PaymentDoors, paymentDoors } from '#features/payments/post-batcher.ts';
import { receiptJobs } from '#features/payments/receipt-jobs.ts';
import { paymentRoutes } from '#features/payments/routes.ts';
import { lookUpPayment } from '#features/payments/submit-charge.ts';
import { duePayments } from '#features/payments/sweep-lookups.ts';
import { sendErrorPage } from '#features/portal-access/error-routes.ts';
import { portalAccessJobs } from '#features/portal-access/jobs.ts';
import { portalRoutes } from '#features/portal-access/routes.ts';
import { seedAgreements } from '#features/portal-access/seed-agreements.ts';
import { lookUpRefundsOf, refundJobs, workOffGiveBacks } from '#features/refunds/jobs.ts';
import { refundMailJobs } from '#features/refunds/mail-jobs.ts';
import { refundRoutes } from '#features/refunds/routes.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { reminderRoutes } from '#features/reminders/routes.ts';
import { replyRoutes } from '#features/replies/routes.ts';
import { reportRoutes } from '#features/reports/routes.ts';
import { sweepSendingDomains } from '#features/sending-domains/check-sending-domain.ts';
import { type Dns, nodeDns } from '#features/sending-domains/dns.ts';
import { sendingDomainRoutes } from '#features/sending-domains/routes.ts';
import { statementApiRoutes } from '#features/statements/routes.ts';
import { templateRoutes } from '#features/templates/routes.ts';
import { claimInstallation, keepSample, type Sample, takeSampleTurn } from '#features/users/installation.ts';
import { userRoutes } from '#features/users/routes.ts';
import { sweepExpired } from '#features/users/sweep-expired.ts';
import type { App } from '#http/app.ts';
import { serveConsole } from '#http/console.ts';
import { sweepIdempotencyKeys } from '#http/idempotency.ts';
import { serveOpenApi } from '#http/openapi.ts';
import { type Log, makeServer } from '#http/server.ts';
import { react } from '#jobs/react.ts';
import { type Jobs, releaseJobs } from '#jobs/worker.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';
import { reactsTo } from '#subscriptions.ts';

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
  outbox: Outbox;
  /** The mail providers that report here. */
  mailNews: readonly MailNewsReader[];
  stamps: Stamps;
  dns: Dns;
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
}): Parts {
  const { db, secrets, config, sandboxUrl } = input;
  const publicUrl = publicSandboxUrl(config, sandboxUrl);
  const gateways = makeGateways(
    [stripeVendor(), authorizeNetVendor(), paypalVendor(), sandboxVendor({ url: sandboxUrl, publicUrl })],
    secrets,
  );
  const outbox = outboxOf(config);
  const mailNews = mailNewsOf(config.mailProviders);
  const dayParts = partsOfDay({ db, secrets, gateways, outbox });
  return {
    db,
    secrets,
    gateways,
    config,
    dayParts,
    doors: paymentDoors(db),
    outbox,
    mailNews,
    dns: nodeDns(),
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

/** What falls due in one organization, in the order of a day (money.md, 5): the only list. */
const partsOfDay = (deps: Pick<Parts, 'db' | 'secrets' | 'gateways' | 'outbox'>): DayPart[] => [
  { name: 'gateway_news', run: ({ organizationId, now }) => gatewayNews(deps, organizationId, now) },
  { name: 'promises', run: (day) => workPromises(deps, day) },
  { name: 'late_fees', run: (day) => assessLateFees(deps.db, day) },
  { name: 'new_invoices', run: (day) => workNewInvoices(deps, day) },
  remindersOfDay(deps),
  { name: 'statements', run: (day) => workStatements(deps, day) },
];

async function gatewayNews(
  deps: { db: Database; gateways: Gateways; outbox: Outbox },
  organizationId: string,
  now: Date,
): Promise<void> {
  for (const paymentId of await duePayments(deps.db, organizationId, now)) {
    await lookUpPayment(deps, { organizationId, paymentId });
  }
  await workOffGiveBacks(deps, organizationId, now);
  for (const gatewayAccountId of await gatewayAccountsOf(deps.db, organizationId))
    await Promise.all([
      pullPayouts(deps, { organizationId, gatewayAccountId }),
      pullChargebacks(deps, { organizationId, gatewayAccountId }),
    ]);
  await tellExpiries(deps, organizationId);
}

/** Browsers reach the sandbox gateway at the host they reach Owed at, on its own port: its own origin. */
function publicSandboxUrl(config: Config, sandboxUrl: string): string {
  if (config.sandboxGatewayUrl) return config.sandboxGatewayUrl;
  const url = new URL(config.baseUrl);
  url.port = new URL(sandboxUrl).port;
  return url.origin;
}

/** What a gateway's webhook sets going besides the look at its payments. */
const webhookWork = (parts: Parts): WebhookWork => ({
  payout: async (account) => {
    await pullPayouts(parts, account);
  },
  refund: ({ organizationId }, paymentIds) => lookUpRefundsOf(parts, organizationId, paymentIds),
  chargeback: async (account) => {
    await pullChargebacks(parts, account);
  },
});

export function makeJobs(parts: Parts): Jobs {
  const { db } = parts;
  return {
    react: (payload: { organizationId: string; eventIds: string[] }) => react(db, reactsTo, payload),
    ...paymentJobs(parts),
    ...gatewayAccountJobs({ ...parts, work: webhookWork(parts) }),
    ...dayJobs(parts),
    ...depositJobs(parts),
    ...chargebackJobs(parts),
    ...importJobs(parts),
    ...customerDefaultJobs(parts),
    ...collectionJobs(parts),
    ...correspondenceJobs(parts),
    ...mailNewsJobs(parts),
    'sweep-sending-domains': () => sweepSendingDomains(parts, systemNow()),
    ...sendInvoiceJobs(parts),
    ...messengerJobs(parts),
    ...receiptJobs(parts),
    ...refundJobs(parts),
    ...refundMailJobs(parts),
    ...paymentMethodJobs(parts),
    ...portalAccessJobs({ db, mail: parts.outbox }),
    'release-dead-jobs': () => releaseJobs(db.pool, 600),
    'sweep-idempotency-keys': async () => {
      await db.transaction(systemActor('sweep'), (tx) => sweepIdempotencyKeys(tx, systemNow()));
    },
    'sweep-expired': async () => {
      await sweepExpired(db, systemNow());
    },
  };
}

export async function makeApp(parts: Parts, log: Log): Promise<App> {
  const { db, secrets, config } = parts;
  const base: Omit<App, 'fastify'> = { db, secrets, config, endpoints: [] };
  const fastify: App['fastify'] = await makeServer({
    proxies: config.proxies,
    log,
    pageError: (request, reply, error) => sendErrorPage({ ...base, fastify }, request, reply, error),
  });
  const app: App = { ...base, fastify };
  userRoutes(app, { setUp: { secrets, newSandboxKeys, sample: (token) => exploreSample(parts, token) } });
  organizationRoutes(app, parts);
  customerRoutes(app);
  customerDefaultRoutes(app);
  collectionRoutes(app, { nextSteps: async () => new Map() });
  invoiceRoutes(app);
  messengerRoutes(app);
  creditMemoRoutes(app);
  lateFeeRoutes(app);
  paymentRoutes(app, parts);
  gatewayAccountRoutes(app, parts);
  depositRoutes(app);
  chargebackRoutes(app);
  bankRuleRoutes(app);
  refundRoutes(app);
  paymentMethodRoutes(app, parts);
  reminderRoutes(app, parts);
  statementApiRoutes(app, parts);
  paymentLinkApiRoutes(app, parts);
  importRoutes(app);
  correspondenceRoutes(app);
  reportRoutes(app);
  templateRoutes(app);
  replyRoutes(app);
  sendingDomainRoutes(app, parts.dns);
  mailDoorRoutes(app, { readers: parts.mailNews, mailInToken: config.mailInToken });
  await db.transaction(systemActor('start'), seedAgreements);
  portalRoutes(app, { gateways: parts.gateways, mail: parts.outbox });
  serveOpenApi(app);
  await serveConsole(app, parts.frameOrigins);
  return app;
}

/**
 * The first door: a sample company, with the newcomer as its superuser. The link opens the same one again,
 * and so does a second click while the first is still making it.
 */
async function exploreSample(parts: Parts, token: string): Promise<Sample> {
  const actor = systemActor('installation');
  const claim = () => parts.db.transaction(actor, (tx) => claimInstallation(tx, token, systemNow()));
  // Whoever has the turn holds one connection; the others wait without any, for making takes all it can get.
  for (let tries = 0; tries < 600; tries += 1) {
    const { sample } = await claim();
    if (sample) return sample;
    const made = await parts.db.transaction(actor, async (tx) => {
      if (!(await takeSampleTurn(tx))) return undefined;
      const { tokenId, sample: known } = await claim();
      if (known) return known;
      const { userId, organizationId } = await makeDemo(parts, { customers: 40, invoices: 900, seed: 1 });
      await parts.db.transaction(actor, (inner) => keepSample(inner, tokenId, { userId, organizationId }));
      return { userId, organizationId };
    });
    if (made) return made;
    await sleep(200);
  }
  throw new Refusal('unavailable', 'The sample company is still being made. Wait a minute and click again.');
}
