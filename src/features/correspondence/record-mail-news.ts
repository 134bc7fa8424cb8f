import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import {
  isOfMailbox,
  isProblem,
  type MailNews,
  type NewsKind,
  readerOf,
  softBouncesLast,
  stateByNews,
} from '#features/correspondence/news-rules.ts';
import { readKnocks } from '#features/correspondence/read-knocks.ts';

type Locked = {
  id: string;
  state: string;
  kind: string;
  toEmails: string[];
  ccEmails: string[];
  subject: string;
  customerId: string | null;
  invoiceId: string | null;
};
type Fresh = { messageId: string; email: string; kind: NewsKind; reason: string; at: Date };

/**
 * Record what was learned of mail that left, in any order and any number of times: the message's state
 * follows, and an address that is no good is not written to until a person has repaired it.
 */
export async function recordMailNews(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; news: readonly MailNews[] },
  now: Date,
): Promise<void> {
  const { organizationId } = input;
  const messages = await tx.rows<Locked>(sql`
    select id, state, kind, to_emails, cc_emails, subject, customer_id, invoice_id from messages
    where organization_id = ${organizationId} and id = any(${input.news.map((each) => each.messageId)})
      and channel = 'email'
    order by id for update`);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const told = input.news.flatMap((each): Fresh[] => {
    const message = byId.get(each.messageId);
    if (!message) return [];
    const email = readerOf([...message.toEmails, ...message.ccEmails], each.email);
    return [{ ...each, email, reason: each.reason.slice(0, 1000), at: each.at ?? now }];
  });
  const fresh = await insertNews(tx, organizationId, told);
  if (fresh.length === 0) return;
  await setStates(tx, organizationId, messages);
  await keepProblems(tx, organizationId, fresh, now);
  const events = fresh.map((each) => eventOf(byId.get(each.messageId) as Locked, each));
  await record(tx, { actor, organizationId, now }, events);
}

async function insertNews(tx: Tx, organizationId: string, told: readonly Fresh[]): Promise<Fresh[]> {
  const rows = told.map((each) => ({
    ...each,
    message_id: each.messageId,
    counts: each.kind === 'soft_bounced' && isOfMailbox(each.reason),
  }));
  const inserted = await tx.rows<Pick<Fresh, 'messageId' | 'email' | 'kind'>>(sql`
    insert into message_news (organization_id, message_id, email, kind, reason, at, counts)
    select ${organizationId}, n.message_id, n.email, n.kind, n.reason, n.at, n.counts
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n(message_id text, email text, kind text, reason text, at timestamptz, counts boolean)
    on conflict do nothing returning message_id, email, kind`);
  const keys = new Set(inserted.map((row) => `${row.messageId} ${row.email} ${row.kind}`));
  // The same word twice in one call is one row, and one event.
  return told.filter((each) => keys.delete(`${each.messageId} ${each.email} ${each.kind}`));
}

/** Also asked for when a message that waited has gone: news of its other readers may have come first. */
export async function setStates(
  tx: Tx,
  organizationId: string,
  messages: readonly { id: string; state: string }[],
): Promise<void> {
  const known = await tx.rows<{ messageId: string; kinds: NewsKind[]; reason: string | null }>(sql`
    select message_id, array_agg(kind) as kinds,
      max(nullif(reason, '')) filter (where kind in ('bounced', 'complained', 'soft_bounced', 'delayed')) as reason
    from message_news
    where organization_id = ${organizationId} and message_id = any(${messages.map((each) => each.id)})
    group by message_id`);
  const stateOf = new Map(messages.map((message) => [message.id, message.state]));
  const rows = known.map((row) => ({
    id: row.messageId,
    state: stateByNews(stateOf.get(row.messageId) ?? '', row.kinds),
    reason: row.reason,
  }));
  await tx.run(sql`
    update messages m set state = r.state, 
      last_error = case when m.state = 'failed' then m.last_error else coalesce(r.reason, m.last_error) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, state text, reason text)
    where m.organization_id = ${organizationId} and m.id = r.id`);
}

async function keepProblems(
  tx: Tx,
  organizationId: string,
  fresh: readonly Fresh[],
  now: Date,
): Promise<void> {
  const lasting = await lastingSoft(tx, organizationId, fresh);
  const problems = fresh.filter(
    ({ email, kind }) => email !== '' && (isProblem(kind) || (kind === 'soft_bounced' && lasting.has(email))),
  );
  if (problems.length === 0) return;
  await tx.run(sql`
    insert into email_problems (organization_id, email, kind, reason, message_id, since)
    select distinct on (p.email) ${organizationId}, p.email, p.kind, p.reason, p.message_id, ${now}
    from unnest(${problems.map((each) => each.email)}::text[],
      ${problems.map((each) => (each.kind === 'complained' ? 'complaint' : 'hard_bounce'))}::text[],
      ${problems.map((each) => each.reason)}::text[], ${problems.map((each) => each.messageId)}::text[])
      as p(email, kind, reason, message_id)
    order by p.email on conflict (organization_id, email) do nothing`);
}

/** Addresses whose mail has come back softly for so long that they are treated like bad ones. */
async function lastingSoft(tx: Tx, organizationId: string, fresh: readonly Fresh[]): Promise<Set<string>> {
  const emails = fresh
    .filter(({ kind, email, reason }) => kind === 'soft_bounced' && email !== '' && isOfMailbox(reason))
    .map(({ email }) => email);
  const lasting = new Set<string>();
  for (const email of new Set(emails))
    if (softBouncesLast(await readKnocks(tx, organizationId, email))) lasting.add(email);
  return lasting;
}

function eventOf(message: Locked, news: Fresh): NewEvent {
  const types = {
    delayed: 'message.soft_bounced',
    soft_bounced: 'message.soft_bounced',
    delivered: 'message.delivered',
    opened: 'message.opened',
    clicked: 'message.clicked',
    bounced: 'message.bounced',
    complained: 'message.complained',
  } as const satisfies Record<NewsKind, string>;
  return {
    type: types[news.kind],
    subjectId: message.id,
    customerId: message.customerId ?? undefined,
    data: {
      kind: message.kind,
      to: news.email ? [news.email] : message.toEmails,
      subject: message.subject,
      ...(news.reason ? { reason: news.reason } : {}),
      ...(message.invoiceId ? { invoice_id: message.invoiceId } : {}),
    },
  };
}
