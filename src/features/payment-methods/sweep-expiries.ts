import { sql } from 'kysely';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { expiryMail, expiryNotice } from '#features/payment-methods/method-mails.ts';
import { expiryStanding, lastDayOf } from '#features/payment-methods/rules.ts';
import { methodWords } from '#features/payments/receipt-rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn, formatDate } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Ending = {
  id: string;
  customerId: string;
  brand: string;
  last4: string;
  expiryYear: number;
  expiryMonth: number;
  displayName: string;
  email: string | null;
  ccEmails: string[];
  mayBeTold: boolean;
  hasSuccessor: boolean;
};
type Deps = { db: Database; outbox: Outbox };

/** Tell of cards that end, in every organization that has some. */
export async function sweepExpiries(deps: Deps): Promise<void> {
  const organizations = await deps.db.transaction(systemActor('sweep-expiries'), (tx) =>
    tx.rows<{ id: string }>(sql`select distinct organization_id as id from payment_methods
      where state = 'active' and expiry_year is not null and expired_told_at is null`),
  );
  for (const { id } of organizations) await tellExpiries(deps, id);
}

const batch = 200;

/** The cards of one organization that end within 30 days, and those that have: each told of once. */
export async function tellExpiries(deps: Deps, organizationId: string): Promise<number> {
  const actor: Actor = { kind: 'job', organizationId, name: 'sweep-expiries' };
  for (let told = 0; ; ) {
    const some = await deps.db.transaction(actor, (tx) =>
      tellSome(tx, actor, { organizationId, outbox: deps.outbox }),
    );
    told += some;
    if (some < batch) return told;
  }
}

async function tellSome(
  tx: Tx,
  actor: Actor,
  { organizationId, outbox }: { organizationId: string; outbox: Outbox },
): Promise<number> {
  const from = await readCorrespondent(tx, organizationId);
  const now = organizationNow(from);
  const today = dateIn(from.timeZone, now);
  const cards = await readEndings(tx, organizationId, today);
  if (cards.length === 0) return 0;
  const news = cards.map((card) => ({
    card,
    standing: must(expiryStanding(card, today), 'the end of a card'),
  }));
  await tx.run(sql`update payment_methods set
      expiring_told_at = coalesce(expiring_told_at, ${now}),
      expired_told_at = case when id = any(${idsOf(news, 'expired')}::text[]) then ${now}::timestamptz end
    where organization_id = ${organizationId} and id = any(${cards.map(({ id }) => id)}::text[])`);
  const events = news.map(({ card, standing }) => ({
    type: standing === 'expired' ? 'payment_method.expired' : 'payment_method.expiring',
    subjectId: card.id,
    customerId: card.customerId,
    data: { brand: card.brand, last4: card.last4, last_day: lastDayOf(card) },
  }));
  await record(tx, { actor, organizationId, now }, events);
  const writer = { from, outbox };
  // Who has another method that works is spared the mail about the one that has already ended.
  const told = news.map(({ card, standing }): { messages: NewMessage[]; notice: Notice } => {
    const until = formatDate(lastDayOf(card) ?? '', from.locale);
    const { brand: methodBrand, last4: methodLast4 } = card;
    const name = methodWords({ kind: 'card', methodBrand, methodLast4, reference: null });
    const about = { customerId: card.customerId, kind: `card_${standing}` };
    const path = `/customers/${card.customerId}?tab=methods`;
    const letter = { name, until, standing };
    const readers = [...(card.email ? [card.email] : []), ...card.ccEmails];
    const key = `card_${standing} ${card.id}`;
    const staffLetter = { ...letter, customer: card.displayName, url: `${outbox.baseUrl}/console${path}` };
    return {
      messages:
        readers.length > 0 && card.mayBeTold && !(standing === 'expired' && card.hasSuccessor)
          ? [{ ...about, to: readers, dedupeKey: key, ...expiryMail(writer, letter) }]
          : [],
      notice: {
        ...{ customerId: card.customerId, kind: 'card_expiring', key: `${key} notice`, path },
        ...{ messageKind: `card_${standing}_copy` as const, detail: `${name}, good until ${until}` },
        write: (foot) => expiryNotice(writer, { ...staffLetter, foot }),
      },
    };
  });
  const messages = told.flatMap((each) => each.messages);
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  const notices = told.map(({ notice }) => notice);
  await tellStaff(tx, actor, { organizationId, outbox, notices }, now);
  return cards.length;
}

const idsOf = (news: readonly { card: Ending; standing: string }[], standing: string): string[] =>
  news.filter((each) => each.standing === standing).map(({ card }) => card.id);

/** Whose end is near or past, and not yet told; locked, so that two sweeps tell once. */
const readEndings = (tx: Tx, organizationId: string, today: string): Promise<Ending[]> =>
  tx.rows<Ending>(sql`
    select m.id, m.customer_id, m.brand, m.last4, m.expiry_year, m.expiry_month,
      c.display_name, r.email, r.cc_emails, coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_told,
      exists (select from payment_methods o where o.organization_id = m.organization_id
        and o.customer_id = m.customer_id and o.id <> m.id and o.state = 'active' and (o.expiry_year is null
          or make_date(o.expiry_year, o.expiry_month, 1) + interval '1 month' > ${today}::date)) as has_successor
    from payment_methods m join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
      join customers r on r.organization_id = m.organization_id
        and r.id = billed_to(m.organization_id::text, m.customer_id::text)
    where m.organization_id = ${organizationId} and m.state = 'active' and m.expiry_year is not null
      and m.expired_told_at is null
      and (make_date(m.expiry_year, m.expiry_month, 1) + interval '1 month' <= ${today}::date
        or (m.expiring_told_at is null
          and make_date(m.expiry_year, m.expiry_month, 1) + interval '1 month' - interval '31 days' <= ${today}::date))
    order by m.id limit ${batch} for update of m skip locked`);
