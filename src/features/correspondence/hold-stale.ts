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

/** Somebody has sent the message `m` by hand: it goes as asked. */
export const sentByHand = sql.raw(`coalesce(m.dedupe_key, '') like 'statement_by_hand:%'`);

type One = { organizationId: string; messageId: string };
type Waiting = {
  id: string;
  kind: string;
  byHand: boolean;
  leftAlone: boolean;
  /** Who owes or who reads is deactivated, and messages do not go to the inactive. */
  isInactive: boolean;
  /** Who reads takes no reminders any more; nor does anything that it asks for. */
  remindersOff: boolean;
  optedOut: boolean;
  /** A letter, to an address that somebody has come to doubt. */
  addressInDoubt: boolean;
  /** Something of what it asks for is still to be paid. */
  owes: boolean;
  /** And no dispute, promise or plan lets it rest. */
  awaits: boolean;
  dayIsOver: boolean;
};

/**
 * Why a message that has waited (for the morning, for its pages, for its address) must not leave any more;
 * undefined where it is still true, and of messages of other kinds. A reminder passes its rules when it is
 * sent (product-a 10.3), not only when it was written.
 */
export const whyStale = async (tx: Tx, one: One, now: Date): Promise<string | undefined> =>
  (await whichAreStale(tx, one.organizationId, [one.messageId], now)).get(one.messageId);

/** The same of any number: of those that must not leave, the rules. */
async function whichAreStale(
  tx: Tx,
  organizationId: string,
  messageIds: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  const rows = await tx.rows<Waiting>(readWaiting(organizationId, messageIds, now));
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const rule = ruleAgainst(row);
      return rule ? [[row.id, rule]] : [];
    }),
  );
}

function ruleAgainst(row: Waiting): string | undefined {
  // What somebody has asked for goes as asked.
  if (row.byHand) return undefined;
  if (row.leftAlone) return 'do_not_contact';
  if (row.isInactive) return 'customer_inactive';
  if (row.remindersOff) return 'reminders_off';
  if (row.addressInDoubt) return 'address_unconfirmed';
  if (!row.owes) return 'not_payable';
  if (row.optedOut && row.kind !== 'statement') return 'opted_out';
  if (!row.awaits && row.kind !== 'statement') return 'invoice_rests';
  return row.dayIsOver ? 'day_is_over' : undefined;
}

/**
 * What a message asks for: its invoice; of a statement all that is open of those on it; of a reminder of
 * several those whose reminder it is. `union all` and `offset 0` keep each a look into an index.
 */
export const readWaiting = (organizationId: string, messageIds: readonly string[], now: Date) => sql<Waiting>`
  select m.id, m.kind, ${sentByHand} as by_hand,
    coalesce(c.do_not_contact, r.do_not_contact) is not null as left_alone,
    not o.send_to_inactive and coalesce(c.deactivated_at, r.deactivated_at) is not null as is_inactive,
    not r.send_reminders as reminders_off, i.opted_out,
    m.channel = 'paper' and r.address_state = 'unconfirmed' as address_in_doubt,
    i.owes, i.awaits, m.channel = 'sms' and m.kind in ('payment_due', 'upcoming_payment')
      and m.invoice_id is not null and i.due_date < d.today as day_is_over
  from messages m
  join organizations o on o.id = m.organization_id
  cross join lateral (select (${now}::timestamptz at time zone o.time_zone)::date as today) d
  join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
  join customers r on r.organization_id = m.organization_id
    and r.id = billed_to(m.organization_id::text, m.customer_id::text)
  cross join lateral (
    with recursive family(id, depth) as (
      select m.customer_id::text, 1
      union select s.id::text, f.depth + 1 from family f join customers s
        on s.organization_id = m.organization_id and s.parent_id = f.id
          and (s.bill_with_parent or c.portal_show_children)
        where m.kind = 'statement' and f.depth < 7)
    select count(*) > 0 as owes, coalesce(bool_and(v.reminders_off), false) as opted_out, coalesce(bool_or(v.payment_plan_id is null
      and not exists (select from disputes x where x.organization_id = m.organization_id and x.invoice_id = v.id
        and x.state = 'open' and (x.rests_until is null or x.rests_until > d.today))
      and not exists (select from promises_to_pay p where p.organization_id = m.organization_id
        and p.invoice_id = v.id and p.state = 'open' and p.promised_on >= d.today)), false) as awaits,
      min(v.due_date) as due_date
    from (
      select v.id, v.due_date, v.payment_plan_id, v.reminders_off from invoices v
      where v.organization_id = m.organization_id and v.id = m.invoice_id
        and v.closed_at is null and v.issued_at is not null and v.balance_due > v.reserved
      union all
      select v.* from family f cross join lateral (
        select v.id, v.due_date, v.payment_plan_id, v.reminders_off from invoices v
        where v.organization_id = m.organization_id and v.customer_id = f.id
          and v.closed_at is null and v.issued_at is not null and v.balance_due > v.reserved
          and (m.kind = 'statement' or exists (select from reminders b where b.organization_id = m.organization_id
            and b.invoice_id = v.id and m.id = any(b.message_ids) offset 0)) offset 0) v
      where m.invoice_id is null) v) i
  where m.organization_id = ${organizationId} and m.id = any(${[...messageIds]})
    and m.kind = any(${[...chasingKinds]})`;

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

/**
 * Hold back those of the letters to print that are not true any more: these rest, their pages set, until
 * somebody takes the pile in hand. One to an address that has come into doubt waits for it again, and is set
 * anew. Answers which do not go.
 */
export async function holdStaleToPrint(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  now: Date,
): Promise<{ id: string; name: string }[]> {
  const asking = await tx.rows<{ id: string; name: string }>(sql`
    select id, to_address->>'name' as name from messages
    where organization_id = ${organizationId} and id = any(${[...ids]}) and route = 'print' and state = 'queued'
      and not awaits_document`);
  const rules = await whichAreStale(
    tx,
    organizationId,
    asking.map(({ id }) => id),
    now,
  );
  // Nobody has asked for it: who looks at the pile may not even write.
  const actor: Actor = { kind: 'job', organizationId, name: 'letters-to-print' };
  for (const [rule, held] of Map.groupBy([...rules.keys()], (id) => rules.get(id) ?? ''))
    await holdLetters(tx, actor, { organizationId, rule, ids: held }, now);
  const rest = asking.map(({ id }) => id).filter((id) => !rules.has(id));
  const waiting = new Set(await waitAgain(tx, organizationId, rest));
  return asking.filter(({ id }) => rules.has(id) || waiting.has(id));
}

/** Of letters whose pages are set, those wait again whose address has come into doubt. */
async function waitAgain(tx: Tx, organizationId: string, ids: readonly string[]): Promise<string[]> {
  const waiting = await tx.rows<{ id: string }>(sql`
    update messages m set awaits_address = true, awaits_document = true, attempts = 0, next_attempt_at = null
    from customers r
    where m.organization_id = ${organizationId} and m.id = any(${[...ids]}) and m.state = 'queued'
      and not m.awaits_document and r.organization_id = m.organization_id and r.address_state = 'unconfirmed'
      and r.id = billed_to(m.organization_id::text, m.customer_id::text)
    returning m.id`);
  const again = waiting.map(({ id }) => id);
  if (again.length === 0) return [];
  // The old address is on them.
  await tx.run(sql`delete from message_attachments
    where organization_id = ${organizationId} and message_id = any(${again})`);
  return again;
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
