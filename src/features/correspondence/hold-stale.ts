import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';

/** What asks for payment by itself, and so must still be true when it leaves. */
export const chasingKinds = [
  'upcoming_payment',
  'payment_due',
  'payment_past_due',
  'upcoming_late_fee',
  'statement',
] as const;

export const isChasing = (kind: string): boolean => chasingKinds.some((each) => each === kind);

type One = { organizationId: string; messageId: string };
type Waiting = {
  kind: string;
  byHand: boolean;
  leftAlone: boolean;
  /** What it asks for, or anything of this customer where it is about several, is still to be paid. */
  owes: boolean;
  /** And no dispute, promise or plan lets it rest. */
  awaits: boolean;
  dayIsOver: boolean;
};

/**
 * Why a message that has waited (for the morning, for its pages, for its address) must not leave any more;
 * undefined where it is still true, and of messages of other kinds.
 */
export async function whyStale(tx: Tx, one: One, now: Date): Promise<string | undefined> {
  const row = await tx.row<Waiting>(sql`
    select m.kind, coalesce(m.dedupe_key, '') like 'statement_by_hand:%' as by_hand,
      coalesce(c.do_not_contact, r.do_not_contact) is not null as left_alone,
      i.owes, i.awaits, m.channel = 'sms' and m.kind in ('payment_due', 'upcoming_payment')
        and m.invoice_id is not null and i.due_date < d.today as day_is_over
    from messages m
    join organizations o on o.id = m.organization_id
    cross join lateral (select (${now}::timestamptz at time zone o.time_zone)::date as today) d
    join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
    join customers r on r.organization_id = m.organization_id
      and r.id = billed_to(m.organization_id::text, m.customer_id::text)
    cross join lateral (
      select count(*) > 0 as owes, coalesce(bool_or(v.payment_plan_id is null
        and not exists (select from disputes x where x.organization_id = v.organization_id and x.invoice_id = v.id
          and x.state = 'open' and (x.rests_until is null or x.rests_until > d.today))
        and not exists (select from promises_to_pay p where p.organization_id = v.organization_id
          and p.invoice_id = v.id and p.state = 'open' and p.promised_on >= d.today)), false) as awaits,
        min(v.due_date) as due_date
      from invoices v where v.organization_id = m.organization_id and v.closed_at is null
        and v.issued_at is not null and v.balance_due > v.reserved
        and case when m.invoice_id is not null then v.id = m.invoice_id else v.customer_id in (
          with recursive family(id, depth) as (
            select m.customer_id::text, 1
            union select s.id::text, f.depth + 1 from family f join customers s
              on s.organization_id = m.organization_id and s.parent_id = f.id where f.depth < 7)
          select id from family) end) i
    where m.organization_id = ${one.organizationId} and m.id = ${one.messageId}
      and m.kind = any(${[...chasingKinds]})`);
  // What somebody has asked for goes as asked.
  if (!row || row.byHand) return undefined;
  if (row.leftAlone) return 'do_not_contact';
  if (!row.owes) return 'not_payable';
  if (!row.awaits && row.kind !== 'statement') return 'invoice_rests';
  return row.dayIsOver ? 'day_is_over' : undefined;
}

/** Keep a letter that waited from leaving where it is not true any more. Answers whether it was. */
export async function holdStaleLetter(tx: Tx, actor: Actor, one: One, realNow: Date): Promise<boolean> {
  const { organizationId, messageId } = one;
  const due = await tx.row<{ now: Date }>(sql`
    select ${realNow}::timestamptz + o.clock_offset_ms * interval '1 millisecond' as now
    from messages m join organizations o on o.id = m.organization_id
    where m.organization_id = ${organizationId} and m.id = ${messageId} and m.channel = 'paper' and m.state = 'queued'
      and not m.awaits_address and not m.outcome_unknown and m.next_attempt_at <= ${realNow} for update of m`);
  const rule = due && (await whyStale(tx, one, due.now));
  if (!due || !rule) return false;
  await holdLetters(tx, actor, { organizationId, rule, ids: [messageId] }, due.now);
  return true;
}

type Held = {
  id: string;
  kind: string;
  route: string;
  name: string;
  customerId: string | null;
  invoiceId: string | null;
};

/** Hold back letters that have not left, by a rule that is named. */
export async function holdLetters(
  tx: Tx,
  actor: Actor,
  { organizationId, rule, ids }: { organizationId: string; rule: string; ids: readonly string[] },
  now: Date,
): Promise<void> {
  const held = await tx.rows<Held>(sql`
    update messages set state = 'suppressed', suppressed_by = ${rule}, next_attempt_at = null, awaits_address = false,
      awaits_document = false
    where organization_id = ${organizationId} and id = any(${[...ids]}) and state = 'queued'
    returning id, kind, route, to_address->>'name' as name, customer_id, invoice_id`);
  await record(
    tx,
    { actor, organizationId, now },
    held.map(({ id, kind, route, name, customerId, invoiceId }) => ({
      type: 'message.suppressed',
      subjectId: id,
      customerId: customerId ?? undefined,
      data: {
        ...{ kind, channel: 'paper', to: [name], route, suppressed_by: rule },
        ...(invoiceId ? { invoice_id: invoiceId } : {}),
      },
    })),
  );
}
