import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import {
  channelFor,
  listedKinds,
  type NoticeKind,
  noticeKinds,
  type Reader,
} from '#features/notifications/notice-rules.ts';
import { readAudience, stopTokens } from '#features/notifications/read-audience.ts';
import { readSummary } from '#features/notifications/read-summary.ts';
import { oneClickUrl, stopUrl } from '#features/notifications/tell-staff.ts';
import { type CalendarDate, formatDate, formatMoment } from '#lib/dates.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Day = { organizationId: string; today: CalendarDate; now: Date };
type Deps = { db: Database; outbox: Outbox };
type Plan = { reader: Reader; kinds: NoticeKind[]; summary: boolean };

/** One mail a day for each person who wants one: what gathered for it, and the figures of the day before. */
export async function sendDigests(deps: Deps, day: Day): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'digests' };
  const { plans, newest } = await deps.db.transaction(actor, async (tx) => {
    const audience = await readAudience(tx, day.organizationId);
    const row = await tx.row<{ id: string }>(
      sql`select max(id) as id from notices where organization_id = ${day.organizationId}`,
    );
    const all = audience.readers.map((reader): Plan => {
      const listed = listedKinds(reader, reader.scopes, audience.chosen);
      const summary =
        reader.scopes.has(noticeKinds.daily_summary.scope) &&
        channelFor('daily_summary', reader, audience.chosen) === 'mail';
      const kinds = listed.filter((kind) => channelFor(kind, reader, audience.chosen) === 'digest');
      return { reader, kinds, summary };
    });
    return { plans: all, newest: row?.id ?? '' };
  });
  for (const plan of plans.filter(({ kinds, summary }) => summary || kinds.length > 0))
    await deps.db.transaction(actor, (tx) => sendDigest(tx, actor, { ...day, ...plan, outbox: deps.outbox }));
  await deps.db.transaction(actor, async (tx) => {
    await stopTokens(
      tx,
      day.organizationId,
      plans.map(({ reader }) => reader.userId),
    );
    await tx.run(sql`update notice_readers set digest_through = ${newest}
      where organization_id = ${day.organizationId} and digest_through < ${newest}`);
  });
}

type Row = { kind: NoticeKind; title: string; detail: string; createdAt: Date; ofKind: bigint };
const most_rows = 8;

async function sendDigest(tx: Tx, actor: Actor, input: Day & Plan & { outbox: Outbox }): Promise<void> {
  const { organizationId, today, now, reader, outbox, kinds } = input;
  const rows = await readSince(tx, organizationId, { userId: reader.userId, kinds, now });
  const from = await readCorrespondent(tx, organizationId);
  const figures = input.summary ? await readSummary(tx, from, today) : undefined;
  if (rows.length === 0 && !figures) return;
  const token = (await stopTokens(tx, organizationId, [reader.userId])).get(reader.userId) ?? '';
  const heading = `${from.name} on ${formatDate(today, from.locale)}`;
  const blocks: MailBlock[] = [
    ...(figures ? [{ kind: 'facts' as const, rows: figures }] : []),
    ...kinds.flatMap((kind) =>
      tableOf(
        kind,
        rows.filter((row) => row.kind === kind),
        (at) => formatMoment(at, from.timeZone, from.locale),
      ),
    ),
    { kind: 'button', words: 'Open your notices', url: `${outbox.baseUrl}/console/notices` },
  ];
  const link = { url: stopUrl(outbox.baseUrl, token, 'digest'), words: 'Stop this mail' };
  const mail = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: rows[0]?.title ?? 'What came in, what is open, what is past due.',
    heading,
    blocks,
    footer: { words: 'You receive this once a day because you chose a daily mail.', link },
  });
  const message = {
    to: [reader.email],
    kind: 'digest',
    subject: heading,
    dedupeKey: `digest ${reader.userId} ${today}`,
    unsubscribeUrl: oneClickUrl(outbox.baseUrl, token, 'digest'),
    ...mail,
  };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
}

function tableOf(kind: NoticeKind, rows: readonly Row[], when: (at: Date) => string): MailBlock[] {
  const [first] = rows;
  if (!first) return [];
  const more = Number(first.ofKind) - rows.length;
  const head = [`${noticeKinds[kind].title} (${first.ofKind >= 1000n ? '1000 or more' : first.ofKind})`, ''];
  const body = rows.map(({ title, detail, createdAt }) => [
    detail ? `${title}\n${detail}` : title,
    when(createdAt),
  ]);
  return [
    { kind: 'table', head, rows: body },
    ...(more > 0 ? [{ kind: 'small' as const, words: `And ${more} more in the console.` }] : []),
  ];
}

/** Of each kind the newest few since the last digest, and how many there are, as far as it matters. */
const readSince = (
  tx: Tx,
  organizationId: string,
  about: { userId: string; kinds: readonly string[]; now: Date },
): Promise<Row[]> =>
  tx.rows<Row>(sql`
    select k.kind, n.title, n.detail, n.created_at, c.of_kind
    from (select coalesce((select digest_through from notice_readers where organization_id = ${organizationId}
      and user_id = ${about.userId}), '') as through) r
    cross join unnest(${about.kinds}::text[]) with ordinality as k(kind, place)
    cross join lateral (select count(*) as of_kind from (select 1 from notices where organization_id = ${organizationId}
      and kind = k.kind and id > r.through
      and (r.through > '' or created_at > ${about.now}::timestamptz - interval '1 day') limit 1000) x) c
    cross join lateral (select id, title, detail, created_at from notices where organization_id = ${organizationId}
      and kind = k.kind and id > r.through
      and (r.through > '' or created_at > ${about.now}::timestamptz - interval '1 day')
      order by id desc limit ${most_rows}) n
    order by k.place, n.id desc`);
