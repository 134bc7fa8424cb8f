import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { MessageKind } from '#features/correspondence/message-kind-rules.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { mailReaders, type NoticeKind } from '#features/notifications/notice-rules.ts';
import { readAudience, stopTokens } from '#features/notifications/read-audience.ts';
import { newId } from '#lib/ids.ts';

export type Foot = { words: string; link?: { url: string; words: string } };
export type Written = { subject: string; html: string; text: string };

export type Notice = {
  kind: NoticeKind;
  /** The same news is told once. */
  key: string;
  detail?: string | undefined;
  /** The page of the console that it is about: `/payments/pay_…`. */
  path: string;
  customerId?: string | undefined;
  invoiceId?: string | undefined;
  paymentId?: string | undefined;
  /** The kind of its message, and its words: the same for all, above a foot of each reader's own. */
  messageKind: MessageKind;
  write: (foot: Foot) => Written;
};

const common: Foot = {
  words: 'You receive this notice because your organization has its notices sent here.',
};

/**
 * Tell the people of an organization, each once and by the own choice, of something that happened: the only
 * door. It stands in the console's list; who wants it at once is mailed, the digest takes it from the list.
 */
export async function tellStaff(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; outbox: Outbox; notices: readonly Notice[] },
  now: Date,
): Promise<void> {
  const { organizationId, outbox } = input;
  const fresh = await insertNotices(tx, organizationId, input.notices, now);
  if (fresh.length === 0) return;
  const audience = await readAudience(tx, organizationId);
  const told = fresh.map((notice) => ({
    notice,
    to: mailReaders(notice.kind, audience.readers, audience.list, audience.chosen),
  }));
  const people = told.flatMap(({ to }) => to.people.map(({ userId }) => userId));
  const tokens = await stopTokens(tx, organizationId, [...new Set(people)]);
  const messages = told.flatMap(({ notice, to }): NewMessage[] => [
    ...(to.addresses.length > 0
      ? [{ ...aboutOf(notice), to: to.addresses, dedupeKey: notice.key, ...notice.write(common) }]
      : []),
    ...to.people.map(({ userId, email }) => ({
      ...aboutOf(notice),
      to: [email],
      dedupeKey: `${notice.key} ${userId}`,
      unsubscribeUrl: oneClickUrl(outbox.baseUrl, tokens.get(userId) ?? '', notice.kind),
      ...notice.write(ownFoot(outbox, tokens.get(userId) ?? '', notice.kind)),
    })),
  ]);
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
}

const aboutOf = ({ customerId, invoiceId, paymentId, messageKind }: Notice) => ({
  customerId,
  invoiceId,
  paymentId,
  kind: messageKind,
});

const ownFoot = (outbox: Outbox, token: string, kind: NoticeKind): Foot => ({
  words: 'You receive this because you chose to be told at once.',
  link: { url: stopUrl(outbox.baseUrl, token, kind), words: 'Stop these mails' },
});

export const stopUrl = (baseUrl: string, token: string, kind: string): string =>
  `${baseUrl}/console/stop-mails?token=${token}&kind=${kind}`;

/** The same for mail programs: a POST there stops, and a browser is led to the page. */
export const oneClickUrl = (baseUrl: string, token: string, kind: string): string =>
  `${baseUrl}/stop-mails/notices?token=${token}&kind=${kind}`;

/** Those that were not told before. */
async function insertNotices(
  tx: Tx,
  organizationId: string,
  notices: readonly Notice[],
  now: Date,
): Promise<Notice[]> {
  if (notices.length === 0) return [];
  const rows = notices.map((notice) => ({
    id: newId('notice'),
    kind: notice.kind,
    key: notice.key,
    title: notice.write(common).subject.slice(0, 300),
    detail: notice.detail?.slice(0, 300) ?? '',
    path: notice.path,
    customer_id: notice.customerId,
  }));
  const made = await tx.rows<{ key: string }>(sql`
    insert into notices (organization_id, id, kind, key, title, detail, path, customer_id, created_at)
    select ${organizationId}, n.*, ${now} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n(id text, kind text, key text, title text, detail text, path text, customer_id text)
    on conflict (organization_id, key) do nothing returning key`);
  const keys = new Set(made.map(({ key }) => key));
  return notices.filter(({ key }) => keys.has(key));
}
