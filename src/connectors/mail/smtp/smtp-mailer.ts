import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import type { Mailer, MailOutcome, OutgoingMail, RecipientTrouble } from '#features/correspondence/mailer.ts';

export type SmtpOptions = {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  url: string;
  /** For one whole delivery, however slowly the server talks. */
  timeout_ms?: number;
  connections?: number;
};

/**
 * Mail by SMTP, over a few connections that are kept. One try is one delivery: whether to try again is
 * decided by who remembers, so the library's own repeating is off.
 */
export function smtpMailer(options: SmtpOptions): Mailer {
  const timeout_ms = options.timeout_ms ?? 120_000;
  const wait_ms = Math.min(timeout_ms, 30_000);
  const url = new URL(options.url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.connections ?? 4,
    maxRequeues: 0,
    idleTimeout: 60_000,
    connectionTimeout: wait_ms,
    greetingTimeout: wait_ms,
    socketTimeout: wait_ms * 2,
    // A password never travels in the clear over a network.
    requireTLS: url.password !== '' && !isLocal,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const secrets = [url.password, decodeURIComponent(url.password)].filter(Boolean);
  return {
    async send(mail) {
      try {
        const sent = await transport.sendMail({
          ...toMessage(mail),
          signal: AbortSignal.timeout(timeout_ms),
        });
        return accepted(sent, ownSpelling(mail.recipients), secrets);
      } catch (error) {
        return outcomeOf(error, ownSpelling(mail.recipients), secrets);
      }
    },
    close: () => transport.close(),
  };
}

function toMessage(mail: OutgoingMail) {
  const address = (email: string) => ({ name: '', address: email });
  return {
    messageId: mail.messageId,
    date: mail.at,
    from: { name: mail.from.name, address: mail.from.email },
    to: mail.to.map(address),
    cc: mail.cc.map(address),
    ...(mail.replyTo ? { replyTo: address(mail.replyTo) } : {}),
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    attachments: mail.attachments.map((each) => ({
      filename: each.fileName,
      contentType: each.contentType,
      content: each.bytes,
    })),
    envelope: { from: mail.returnPath ?? mail.from.email, to: [...mail.recipients] },
    ...(mail.dkim ? { dkim: { ...mail.dkim, headerFieldNames: signedHeaders } } : {}),
    // Machines that answer mail (out of office) leave it alone.
    headers: { ...mail.headers, 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/**
 * What the signature covers: of RFC 6376 5.4.1 what our mails have, and what RFC 8058 4 asks for, or mailbox
 * providers ignore the one-click header.
 */
const signedHeaders =
  'From:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding:' +
  'In-Reply-To:References:List-Unsubscribe:List-Unsubscribe-Post';

type SmtpError = Error & {
  command?: string;
  response?: string;
  responseCode?: number;
  recipient?: string;
  rejectedErrors?: SmtpError[];
};
type Spelling = (email: string) => string;

/** On the wire a domain is ASCII and small letters; whoever asked gets the address back as it was given. */
function ownSpelling(recipients: readonly string[]): Spelling {
  const wire = (email: string): string => {
    const at = email.lastIndexOf('@');
    return `${email.slice(0, at)}@${domainToASCII(email.slice(at + 1)) || email.slice(at + 1)}`.toLowerCase();
  };
  const own = new Map(recipients.map((email) => [wire(email), email]));
  return (email) => own.get(wire(email)) ?? email;
}

const isPermanent = (error: SmtpError): boolean => (error.responseCode ?? 0) >= 500;

function troubles(errors: readonly SmtpError[] | undefined, spell: Spelling, secrets: readonly string[]) {
  const of = (permanent: boolean): RecipientTrouble[] =>
    (errors ?? [])
      .filter((error) => error.recipient !== undefined && isPermanent(error) === permanent)
      .map((error) => ({ email: spell(error.recipient ?? ''), reason: reasonOf(error, secrets) }));
  return { refused: of(true), deferred: of(false) };
}

function accepted(
  sent: { accepted: readonly unknown[]; rejectedErrors?: unknown },
  spell: Spelling,
  secrets: readonly string[],
): MailOutcome {
  const emails = sent.accepted.map((each) =>
    spell(
      typeof each === 'object' && each !== null && 'address' in each ? String(each.address) : String(each),
    ),
  );
  return {
    outcome: 'accepted',
    accepted: emails,
    ...troubles(sent.rejectedErrors as SmtpError[] | undefined, spell, secrets),
  };
}

/**
 * A 5xx about a recipient or about the message is the last word on this mail. A 5xx on signing in, on the
 * greeting or on our own sender address is about this installation's settings: the mail waits until they are
 * right.
 */
function outcomeOf(thrown: unknown, spell: Spelling, secrets: readonly string[]): MailOutcome {
  const error = thrown as SmtpError;
  const rejected = troubles(error.rejectedErrors, spell, secrets);
  if (rejected.refused.length > 0 && rejected.deferred.length > 0) {
    return { outcome: 'accepted', accepted: [], ...rejected };
  }
  const isAboutThisMail = error.command === 'DATA' || error.command === 'RCPT TO';
  if (isPermanent(error) && isAboutThisMail) return { outcome: 'refused', reason: reasonOf(error, secrets) };
  return { outcome: 'unknown', reason: reasonOf(error, secrets) };
}

function reasonOf(error: SmtpError, secrets: readonly string[]): string {
  const said = error.response?.trim() || error.message || error.name;
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), said);
  return clean.replace(/\s+/g, ' ').slice(0, 500);
}
