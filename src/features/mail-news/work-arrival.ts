import { sql } from 'kysely';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { type MailPurpose, readAddress } from '#features/correspondence/mail-addresses.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import type { MailNews, MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { addressesOf, bytesOf, type Email, headerOf, readMime } from '#features/mail-news/read-mime.ts';
import { readDeliveryReport, readFeedbackReport } from '#features/mail-news/report-rules.ts';
import { recordReply } from '#features/replies/record-reply.ts';
import { isAutomatic } from '#features/replies/rules.ts';
import { findTicketOfMail, recordTicketMail } from '#features/support/record-ticket-mail.ts';
import { systemNow } from '#lib/dates.ts';
import type { Secrets } from '#lib/secrets.ts';

export type ArrivalDeps = {
  db: Database;
  secrets: Pick<Secrets, 'sign'>;
  outbox: Outbox;
  mailNews: readonly MailNewsReader[];
};

type Row = { door: string; readers: string[]; raw: Buffer };

/**
 * The journey of what came in: understand it, and record it where it belongs. Worked again, it does no harm.
 */
export async function workArrival(deps: ArrivalDeps, payload: { arrivalId: string }): Promise<void> {
  const { db } = deps;
  const actor = systemActor('work-mail-arrival');
  const arrival = await db.transaction(actor, (tx) =>
    tx.row<Row>(sql`update mail_arrivals set attempts = attempts + 1
      where id = ${payload.arrivalId} and state <> 'worked' returning door, readers, raw`),
  );
  if (!arrival) return;
  const end = (state: 'worked' | 'failed', outcome: string) =>
    db.transaction(actor, (tx) =>
      tx.run(sql`update mail_arrivals set state = ${state}, outcome = ${outcome.slice(0, 500)},
        worked_at = ${state === 'worked' ? systemNow() : null} where id = ${payload.arrivalId}`),
    );
  try {
    await end('worked', await (arrival.door === 'mime' ? workMail(deps, arrival) : workCall(deps, arrival)));
  } catch (error) {
    await end('failed', error instanceof Error ? error.message : String(error));
    // The queue tries again, later each time.
    throw error;
  }
}

async function workCall(deps: ArrivalDeps, arrival: Row): Promise<string> {
  const reader = deps.mailNews.find(({ vendor }) => vendor === arrival.door);
  if (!reader) throw new Error(`no webhook of ${arrival.door} is set up any more`);
  const news = await reader.read(arrival.raw);
  const count = await recordAll(deps.db, news);
  return `${news.length} reported, ${count} of them about mail of ours`;
}

/** Each organization's news in a transaction as that organization. */
async function recordAll(db: Database, news: readonly MailNews[]): Promise<number> {
  const ids = [...new Set(news.map((each) => each.messageId))];
  const known = await db.transaction(systemActor('work-mail-arrival'), (tx) =>
    tx.rows<{ id: string; organizationId: string }>(
      sql`select id, organization_id from messages where id = any(${ids})`,
    ),
  );
  const ofOrganization = Map.groupBy(known, (row) => row.organizationId);
  let count = 0;
  for (const [organizationId, rows] of ofOrganization) {
    const own = new Set(rows.map((row) => row.id));
    const ours = news.filter((each) => own.has(each.messageId));
    count += ours.length;
    const actor: Actor = { kind: 'job', organizationId, name: 'mail-news' };
    await db.transaction(actor, async (tx) =>
      recordMailNews(tx, actor, { organizationId, news: ours }, await nowOf(tx, organizationId)),
    );
  }
  return count;
}

async function nowOf(tx: Tx, organizationId: string): Promise<Date> {
  const row = await tx.row<{ now: Date }>(sql`
    select ${systemNow()}::timestamptz + clock_offset_ms * interval '1 millisecond' as now from organizations
    where id = ${organizationId}`);
  return row?.now ?? systemNow();
}

/** A mail that came to an address of ours: a report about a mail, an answer to one, or neither. */
async function workMail(deps: ArrivalDeps, arrival: Row): Promise<string> {
  const mail = await readMime(arrival.raw);
  if (!mail) return 'not a mail that can be read';
  const meant = addressedMessage(deps, arrival.readers, mail);
  if (!meant) return 'to no address that we gave out';
  const reported = reportsIn(mail);
  if (reported) {
    if (meant.purpose !== 'bounce') return 'a report that did not come to the return address';
    const news = reported.map(({ email, original, kind, reason }) => ({
      messageId: meant.messageId,
      email: original ?? email ?? '',
      kind,
      reason,
    }));
    return `${await recordAll(deps.db, news)} reported`;
  }
  if (isAutomatic(new Map(mail.headers.map(({ key, value }) => [key, value.trim()]))))
    return 'an automatic answer';
  if (meant.purpose === 'bounce') return 'not a report, at the return address';
  return answer(deps, meant.messageId, mail);
}

async function answer(deps: ArrivalDeps, messageId: string, mail: Email): Promise<string> {
  const row = await deps.db.transaction(systemActor('work-mail-arrival'), (tx) =>
    tx.row<{ organizationId: string }>(sql`select organization_id from messages where id = ${messageId}`),
  );
  if (!row) return 'an answer to a message that is not here';
  const { organizationId } = row;
  const actor: Actor = { kind: 'job', organizationId, name: 'mail-in' };
  const { outbox } = deps;
  return deps.db.transaction(actor, async (tx) => {
    const now = await nowOf(tx, organizationId);
    const name = await findTicketOfMail(tx, organizationId, messageId);
    if (name)
      return recordTicketMail(tx, actor, { name, ownEmail: outbox.fromEmail, mail: wordsOf(mail) }, now);
    const reply = { organizationId, messageId, outbox, mail: wordsOf(mail) };
    const replyId = await recordReply(tx, actor, reply, now);
    return replyId ? `reply ${replyId}` : 'a reply that was here already';
  });
}

const wordsOf = (mail: Email) => ({
  from: addressesOf(mail.from ? [mail.from] : [])[0] ?? { name: '', address: '' },
  subject: mail.subject ?? '',
  mailKey: mail.messageId,
  text: mail.text,
  html: mail.html,
  attachments: mail.attachments.map((each) => ({
    fileName: each.filename ?? 'attachment',
    contentType: each.mimeType,
    bytes: bytesOf(each),
  })),
});

/** The envelope is asked first; doors that do not know it hand over the mail's own fields. */
function addressedMessage(
  { secrets }: ArrivalDeps,
  readers: readonly string[],
  mail: Email,
): { purpose: MailPurpose; messageId: string } | undefined {
  const fields = [...(mail.to ?? []), ...(mail.cc ?? [])];
  const headers = ['delivered-to', 'x-original-to', 'envelope-to'].map((name) => headerOf(mail, name) ?? '');
  const all =
    readers.length > 0 ? readers : [...headers, ...addressesOf(fields).map(({ address }) => address)];
  for (const address of all) {
    const read = readAddress(secrets, address);
    if (read) return read;
  }
  return undefined;
}

function reportsIn(mail: Email) {
  const part = (type: string) => {
    const found = mail.attachments.find((each) => each.mimeType === type);
    return found && bytesOf(found).subarray(0, 200_000).toString('utf8');
  };
  const delivery = part('message/delivery-status') ?? part('message/global-delivery-status');
  if (delivery !== undefined) return readDeliveryReport(delivery);
  const feedback = part('message/feedback-report');
  return feedback === undefined ? undefined : readFeedbackReport(feedback);
}
