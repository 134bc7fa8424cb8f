import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Everything the environment may say, read once. A wrong value is named with its remedy, all of them at once.
 */
export type Config = {
  port: number;
  dataDir: string;
  /** Where browsers reach Owed, without a trailing slash. */
  baseUrl: string;
  databaseUrl: string | undefined;
  smtpUrl: string | undefined;
  /** The address that mail comes from; no-reply@ the host of baseUrl unless given. */
  mailFrom: string | undefined;
  /**
   * The right side of the addresses that reports and answers come to; with it, one of the two doors below.
   */
  mailInHost: string | undefined;
  /** What whoever hands over mail at /mail-in/raw must show. */
  mailInToken: string | undefined;
  /** Where we take in mail ourselves, by SMTP; undefined: nowhere. */
  mailInPort: number | undefined;
  /** What proves that a mail provider calls, provider by provider. */
  mailProviders: {
    postmarkPassword: string | undefined;
    sendgridKey: string | undefined;
    mailgunKey: string | undefined;
    sesTopic: string | undefined;
  };
  roles: { web: boolean; worker: boolean };
  /** Where the sandbox gateway listens; 0 picks a free port. */
  sandboxGatewayPort: number;
  /** A sandbox gateway that runs elsewhere (tests, several web machines) instead of our own. */
  sandboxGatewayUrl: string | undefined;
  /** How many proxies that set X-Forwarded-For stand before Owed; 0 when browsers reach it themselves. */
  proxies: number;
  secret: string | undefined;
};

export class ConfigError extends Error {}

type Env = Record<string, string | undefined>;

export function readConfig(env: Env): Config {
  const problems: string[] = [];
  const port = readPort(env.PORT, 'PORT', 3000, problems);
  const baseUrl = readUrl(env.OWED_BASE_URL, 'OWED_BASE_URL', ['http:', 'https:'], problems);
  const config: Config = {
    port,
    dataDir: path.resolve(env.OWED_DATA_DIR || 'data'),
    baseUrl: (baseUrl ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    databaseUrl: readUrl(env.DATABASE_URL, 'DATABASE_URL', ['postgres:', 'postgresql:'], problems),
    smtpUrl: readUrl(env.SMTP_URL, 'SMTP_URL', ['smtp:', 'smtps:'], problems),
    mailFrom: readMailFrom(env.OWED_MAIL_FROM, problems),
    ...readMailIn(env, problems),
    roles: readRoles(env.ROLE, problems),
    sandboxGatewayPort: readPort(
      env.OWED_SANDBOX_GATEWAY_PORT,
      'OWED_SANDBOX_GATEWAY_PORT',
      port + 1,
      problems,
    ),
    sandboxGatewayUrl: readUrl(
      env.OWED_SANDBOX_GATEWAY_URL,
      'OWED_SANDBOX_GATEWAY_URL',
      ['http:', 'https:'],
      problems,
    )?.replace(/\/+$/, ''),
    proxies: readProxies(env.OWED_TRUST_PROXY, problems),
    secret: readSecret(env.OWED_SECRET, problems),
  };
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

function readPort(text: string | undefined, name: string, otherwise: number, problems: string[]): number {
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  problems.push(`${name}=${text} is not a port: give a number from 0 to 65535.`);
  return otherwise;
}

function readUrl(
  text: string | undefined,
  name: string,
  schemes: string[],
  problems: string[],
): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (URL.canParse(text) && schemes.includes(new URL(text).protocol)) return text;
  // The value itself may carry a password, so only its name is shown.
  problems.push(`${name} is not an address Owed understands: it must start with ${schemes.join('// or ')}//`);
  return undefined;
}

function readMailFrom(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[^\s@<>"]+@[^\s@<>"]+$/.test(text)) return text;
  problems.push(
    `OWED_MAIL_FROM=${text} is not an e-mail address: give it bare, such as billing@example.com.`,
  );
  return undefined;
}

type MailIn = Pick<Config, 'mailInHost' | 'mailInToken' | 'mailInPort' | 'mailProviders'>;

function readMailIn(env: Env, problems: string[]): MailIn {
  const mailInHost = env.OWED_MAIL_IN_HOST?.trim().toLowerCase() || undefined;
  const mailInToken = env.OWED_MAIL_IN_TOKEN || undefined;
  const mailInPort = env.OWED_MAIL_IN_PORT
    ? readPort(env.OWED_MAIL_IN_PORT, 'OWED_MAIL_IN_PORT', 25, problems)
    : undefined;
  if (mailInHost && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(mailInHost))
    problems.push('OWED_MAIL_IN_HOST is no host name: give it bare, such as mail.example.com.');
  if (mailInToken && mailInToken.length < 20)
    problems.push('OWED_MAIL_IN_TOKEN is too short: give at least 20 random characters.');
  if (mailInHost && !mailInToken && mailInPort === undefined)
    problems.push('OWED_MAIL_IN_HOST needs a door: set OWED_MAIL_IN_PORT or OWED_MAIL_IN_TOKEN as well.');
  if (!mailInHost && (mailInToken || mailInPort !== undefined))
    problems.push(
      'Mail can come in only to a host of its own: set OWED_MAIL_IN_HOST, such as mail.example.com.',
    );
  return {
    mailInHost,
    mailInToken,
    mailInPort,
    mailProviders: {
      postmarkPassword: env.OWED_POSTMARK_WEBHOOK_PASSWORD || undefined,
      sendgridKey: env.OWED_SENDGRID_WEBHOOK_KEY || undefined,
      mailgunKey: env.OWED_MAILGUN_SIGNING_KEY || undefined,
      sesTopic: env.OWED_SES_TOPIC_ARN || undefined,
    },
  };
}

function readRoles(text: string | undefined, problems: string[]): Config['roles'] {
  const names = (text || 'web,worker').split(',').map((name) => name.trim());
  const wrong = names.filter((name) => name !== 'web' && name !== 'worker');
  if (wrong.length > 0)
    problems.push(`ROLE=${text}: "${wrong[0]}" is no role; use web, worker or web,worker.`);
  return { web: names.includes('web'), worker: names.includes('worker') };
}

function readProxies(text: string | undefined, problems: string[]): number {
  if (text === undefined || text === '' || text === 'false') return 0;
  if (text === 'true') return 1;
  if (/^[0-9]$/.test(text)) return Number(text);
  problems.push(
    `OWED_TRUST_PROXY=${text} must say how many proxies stand before Owed: 0 for none, 1 for one.`,
  );
  return 0;
}

function readSecret(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.length < 32) problems.push('OWED_SECRET is too short: give at least 32 random characters.');
  return text;
}

/**
 * The installation's master key: OWED_SECRET, or a file beside the data that is made once and readable by us
 * alone.
 */
export function masterKey(config: Pick<Config, 'secret' | 'dataDir'>): Buffer {
  if (config.secret) return Buffer.from(config.secret, 'utf8');
  const file = path.join(config.dataDir, 'secret');
  mkdirSync(config.dataDir, { recursive: true });
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Two processes may start at once; the one that came first wrote it.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'utf8');
}

/** For the log at start: what is set, without what must stay secret. */
export function redacted(config: Config): Record<string, unknown> {
  const hide = (url: string | undefined) => url?.replace(/\/\/[^@/]*@/, '//…@');
  return {
    ...config,
    databaseUrl: hide(config.databaseUrl),
    smtpUrl: hide(config.smtpUrl),
    secret: config.secret && '…',
    mailInToken: config.mailInToken && '…',
    mailProviders: Object.keys(config.mailProviders).filter(
      (name) => config.mailProviders[name as keyof Config['mailProviders']],
    ),
  };
}
