import { sql } from 'kysely';
import { makeParts, type Parts } from '#compose.ts';
import { makeApp } from '#compose-app.ts';
import { readConfig } from '#config.ts';
import { type FakeSmtp, startFakeSmtp } from '#connectors/mail/smtp/smtp-lab.ts';
import { smtpMailer } from '#connectors/mail/smtp/smtp-mailer.ts';
import { systemActor } from '#db/db.ts';
import { sendMessage } from '#features/correspondence/send-message.ts';
import { workArrival } from '#features/mail-news/work-arrival.ts';
import type { App } from '#http/app.ts';
import { type Books, given, secrets, start } from './given.ts';
import { mailInHost } from './incoming-mail.ts';
import { testLog } from './logs.ts';
import { outbox, queueMail } from './mails.ts';

const token = 'a-token-of-more-than-twenty-letters';
const password = 'a-password-of-twenty-letters';
let parts: Parts;
export let app: App;
export let smtp: FakeSmtp;

/** Owed with its doors for mail open, and a mail server that takes what it sends. */
export async function openMailHouse() {
  const { db } = await given.organization();
  const config = readConfig({
    PORT: '0',
    OWED_BASE_URL: 'https://owed.test',
    OWED_MAIL_IN_HOST: mailInHost,
    OWED_MAIL_IN_TOKEN: token,
    OWED_POSTMARK_WEBHOOK_PASSWORD: password,
  });
  parts = makeParts({ db, secrets, config, sandboxUrl: 'http://127.0.0.1:1' });
  app = await makeApp(parts, testLog('mail-news'));
  await app.fastify.ready();
  smtp = await startFakeSmtp();
}

export async function closeMailHouse() {
  await app.fastify.close();
  await smtp.stop();
}

export const live = () => given.organization({ mode: 'live' });
export const post = (raw: Buffer, to: string[], bearer = token) =>
  app.fastify.inject({
    method: 'POST',
    url: `/mail-in/raw?${to.map((each) => `to=${encodeURIComponent(each)}`).join('&')}`,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'message/rfc822' },
    payload: raw,
  });
export const postmark = (body: object, secret = password) =>
  app.fastify.inject({
    method: 'POST',
    url: '/webhooks/mail/postmark',
    headers: { authorization: `Basic ${Buffer.from(`owed:${secret}`).toString('base64')}` },
    payload: body,
  });

/** What the worker does with all that has come in. Answers what it made of each. */
export async function work(): Promise<string[]> {
  const waiting = await parts.db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ id: string }>(
      sql`select id from mail_arrivals where state <> 'worked' order by received_at, id`,
    ),
  );
  for (const { id } of waiting) await workArrival(parts, { arrivalId: id });
  const done = await parts.db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ outcome: string }>(sql`select outcome from mail_arrivals
      where id = any(${waiting.map((each) => each.id)}) order by received_at, id`),
  );
  return done.map((row) => row.outcome);
}

export async function sent(books: Books, change: Parameters<typeof queueMail>[1] = {}): Promise<string> {
  const { messageId } = await queueMail(books, change);
  const mailer = smtpMailer({ url: smtp.url });
  const deps = { db: books.db, mailer, stamps: { ...parts.stamps, outbox: { ...outbox, mailInHost } } };
  await sendMessage(deps, { organizationId: books.organizationId, messageId }, start);
  mailer.close();
  return messageId;
}

export const stateOf = (books: Books, id: string) =>
  books.tx(async (tx) => {
    const row = await tx.row<{ state: string; lastError: string | null; suppressedBy: string | null }>(
      sql`select state, last_error, suppressed_by from messages where organization_id = ${books.organizationId} and id = ${id}`,
    );
    return row;
  });
export const problems = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ email: string; kind: string }>(
      sql`select email, kind from email_problems where organization_id = ${books.organizationId} order by email`,
    ),
  );
export const events = (books: Books, type: string) =>
  books.tx((tx) =>
    tx.rows<{ data: Record<string, unknown> }>(
      sql`select data from events where organization_id = ${books.organizationId} and type = ${type} order by id`,
    ),
  );
