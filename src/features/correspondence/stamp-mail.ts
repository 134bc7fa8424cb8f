import { addressOf } from '#features/correspondence/mail-addresses.ts';
import type { OutgoingMail } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { withTracking } from '#features/correspondence/track-mail.ts';
import type { Secrets } from '#lib/secrets.ts';

/** What is put on a mail as it leaves, beside what is stored of it. */
export type Stamps = {
  secrets: Pick<Secrets, 'sign' | 'decrypt'>;
  outbox: Outbox;
  /** Headers by which the mail providers that report here name the message. */
  headersOf(messageId: string): Record<string, string>;
};

/** How the organization sends, and what this message is to it. */
export type Sending = {
  isSecurity: boolean;
  /** It answers to somebody else than the organization. */
  ownReplyTo: boolean;
  trackOpens: boolean;
  trackClicks: boolean;
  /** Where a press in the mail program stops mails like it. */
  unsubscribeUrl?: string | undefined;
  /** The Message-IDs of its thread, oldest first. */
  answers?: readonly string[];
  domain: { domain: string; fromLocal: string; selector: string; privateKey: Buffer } | undefined;
};

/**
 * A stored mail as it goes on the wire: reports come back to an address that names it, answers to one that
 * threads them, and it carries the signature of the organization's own domain where that is proven.
 */
export function stampMail(
  stamps: Stamps,
  mail: OutgoingMail,
  about: { messageId: string; sending: Sending },
): OutgoingMail {
  const { secrets, outbox } = stamps;
  const { messageId, sending } = about;
  const host = outbox.mailInHost;
  const own = sending.domain;
  const at = (purpose: 'bounce' | 'reply', where: string) =>
    addressOf(secrets, purpose, { messageId, host: where });
  const threads = host !== undefined && !sending.isSecurity && !sending.ownReplyTo;
  return {
    ...mail,
    headers: {
      ...stamps.headersOf(messageId),
      ...oneClick(sending.unsubscribeUrl),
      ...threadOf(sending.answers),
    },
    ...(host ? { returnPath: at('bounce', own ? `bounce.${own.domain}` : host) } : {}),
    ...(threads ? { replyTo: at('reply', host) } : {}),
    ...(own
      ? {
          from: { name: mail.from.name, email: `${own.fromLocal}@${own.domain}` },
          dkim: {
            domainName: own.domain,
            keySelector: own.selector,
            privateKey: secrets.decrypt(own.privateKey),
          },
        }
      : {}),
    ...(sending.isSecurity
      ? {}
      : { html: withTracking(mail.html, { ...sending, messageId, secrets, baseUrl: outbox.baseUrl }) }),
  };
}

/** RFC 5322, 3.6.4: mail programs show as one conversation what names what it answers. */
const threadOf = (answers: readonly string[] = []): Record<string, string> => {
  const newest = answers.at(-1);
  return newest ? { 'In-Reply-To': newest, References: answers.join(' ') } : {};
};

/** RFC 8058: the mail program sends the POST itself, so nothing but this very press stops anything. */
const oneClick = (url: string | undefined): Record<string, string> =>
  url ? { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {};
