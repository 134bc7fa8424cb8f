import { addressOf, type MailPurpose } from '#features/correspondence/mail-addresses.ts';
import { secrets } from './given.ts';

export const mailInHost = 'mail.owed.test';

/** The address that a server or a customer writes to about one of our messages. */
export const writeTo = (purpose: MailPurpose, messageId: string): string =>
  addressOf(secrets, purpose, { messageId, host: mailInHost });

type Headers = Record<string, string>;
const head = (headers: Headers): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** A report as Postfix writes it (RFC 3462, RFC 3464). */
export function deliveryReport(given: {
  to: string;
  reader?: string;
  original?: string;
  action?: string;
  status?: string;
  words?: string;
}): Buffer {
  const { action = 'failed', status = '5.1.1', reader = 'ana@example.com' } = given;
  const words = given.words ?? `550 ${status} <${reader}>: Recipient address rejected: User unknown`;
  return Buffer.from(
    `${head({
      'Return-Path': '<>',
      From: 'MAILER-DAEMON@mx.example.com (Mail Delivery System)',
      To: given.to,
      Subject: 'Undelivered Mail Returned to Sender',
      'Auto-Submitted': 'auto-replied',
      'MIME-Version': '1.0',
      'Content-Type':
        'multipart/report; report-type=delivery-status;\r\n\tboundary="4F1.1772463600/mx.example.com"',
      'Message-Id': `<${given.to.length}.${status}.${action}@mx.example.com>`,
    })}\r\nThis is a MIME-encapsulated message.\r\n\r\n--4F1.1772463600/mx.example.com\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mx.example.com.\r\n\r\n<somebody-else@example.com>: host said otherwise\r\n\r\n--4F1.1772463600/mx.example.com\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\nX-Postfix-Queue-ID: 4F1\r\nArrival-Date: Mon,  2 Mar 2026 15:00:00 +0000 (UTC)\r\n\r\nFinal-Recipient: rfc822; ${reader}\r\n${given.original ? `Original-Recipient: rfc822;${given.original}\r\n` : ''}Action: ${action}\r\nStatus: ${status}\r\nRemote-MTA: dns; mx2.example.com\r\nDiagnostic-Code: smtp; ${words.slice(0, 30)}\r\n ${words.slice(30)}\r\n\r\n--4F1.1772463600/mx.example.com\r\nContent-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: <no-reply@owed.test>\r\nSubject: Invoice 1001\r\nMessage-ID: <msg_00000000000000000000000@owed.test>\r\n\r\n--4F1.1772463600/mx.example.com--\r\n`,
  );
}

/** An answer as a mail program writes it. */
export function answerMail(given: {
  to: string;
  text?: string;
  headers?: Headers;
  parts?: string[];
}): Buffer {
  const text =
    given.text ??
    'We will pay on Friday.\r\n\r\nAna\r\n\r\nOn Mon, Mar 2, 2026 at 4:00 PM Fern & Co <no-reply@owed.test>\r\nwrote:\r\n\r\n> Invoice 1001 is past due\r\n> please pay\r\n';
  const headers = {
    From: 'Ana Field <ana@example.com>',
    To: given.to,
    Subject: 'Re: Invoice 1001',
    'Message-ID': '<CAF-1@mail.example.com>',
    'MIME-Version': '1.0',
    ...given.headers,
  };
  if (!given.parts)
    return Buffer.from(`${head({ ...headers, 'Content-Type': 'text/plain; charset=utf-8' })}\r\n${text}`);
  const parts = [`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`, ...given.parts];
  return Buffer.from(
    `${head({ ...headers, 'Content-Type': 'multipart/mixed; boundary="b1"' })}\r\n${parts
      .map((part) => `--b1\r\n${part}\r\n`)
      .join('')}--b1--\r\n`,
  );
}

export const attachedPart = (fileName: string, contentType: string, bytes: Buffer): string =>
  `Content-Type: ${contentType}; name="${fileName}"\r\nContent-Disposition: attachment; filename="${fileName}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replace(/(.{76})/g, '$1\r\n')}`;
