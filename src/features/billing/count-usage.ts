import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type Meter, meters } from '#features/billing/price-rules.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { idFloor } from '#lib/ids.ts';

export type UsageDay = { day: CalendarDate; meter: Meter; quantity: bigint };

/** Whose use is counted, for which host; days are the host's, `to` is the first one after them. */
export type Counted = {
  hostId: string;
  subscriberId: string;
  timeZone: string;
  from: CalendarDate;
  to: CalendarDate;
};

const day_ms = 86_400_000;

/**
 * What an organization used on each of some days, from its own rows, of which nothing but these numbers is
 * told. Messages are found by the time in their ids, a day to spare on both sides; a practice clock may run
 * ahead of them.
 */
export async function countUsage(tx: Tx, counted: Counted): Promise<UsageDay[]> {
  const { subscriberId, timeZone: zone, from, to } = counted;
  if (from >= to) return [];
  const instant = (day: CalendarDate) => sql`(${day}::date::timestamp at time zone ${zone}::text)`;
  const ms = (day: CalendarDate): number => Date.parse(`${day}T00:00:00Z`);
  const [first, last] = [idFloor('message', ms(from) - 2 * day_ms), idFloor('message', ms(to) + 2 * day_ms)];
  return tx.list<UsageDay>(sql`
    select (m.created_at at time zone ${zone}::text)::date::text as day, case m.channel when 'sms' then 'texts'
        when 'paper' then 'letters' else 'emails' end as meter, count(*)::bigint as quantity
      from messages m join organizations o on o.id = m.organization_id
      where m.organization_id = ${subscriberId} and m.created_at >= ${instant(from)} and m.created_at < ${instant(to)}
        and (o.mode = 'sandbox' or m.id >= ${first} and m.id < ${last})
        and m.state not in ('queued', 'failed', 'suppressed') and m.route <> 'print' and not m.security
      group by 1, 2
    union all
    select (m.created_at at time zone ${zone}::text)::date::text, 'invoices', count(distinct i.id)::bigint
      from messages m join organizations o on o.id = m.organization_id
        join invoices i on i.organization_id = m.organization_id and i.id = m.invoice_id
          and i.first_sent_at = m.created_at
      where m.organization_id = ${subscriberId} and m.created_at >= ${instant(from)} and m.created_at < ${instant(to)}
        and (o.mode = 'sandbox' or m.id >= ${first} and m.id < ${last})
        and m.kind in ('invoice', 'new_invoice') and m.state not in ('queued', 'failed', 'suppressed')
      group by 1
    union all
    select received_on::text, 'payments', count(*)::bigint from payments
      where organization_id = ${subscriberId} and received_on >= ${from} and received_on < ${to}
        and gateway_account_id is not null and state not in ('pending', 'unknown', 'declined')
      group by 1
    union all
    select d.day::date::text, 'users', count(*)::bigint
      from generate_series(${from}::date, ${addDays(to, -1)}::date, interval '1 day') d(day)
        join organization_users u on u.organization_id = ${subscriberId}
          and u.created_at < ((d.day + interval '1 day')::timestamp at time zone ${zone}::text)
          and (u.disabled_at is null or u.disabled_at >= (d.day::timestamp at time zone ${zone}::text))
      group by 1`);
}

/** Keep the numbers of days; counted again they are the same. */
export async function keepUsage(tx: Tx, counted: Counted): Promise<void> {
  const { hostId, subscriberId, from, to } = counted;
  if (from >= to) return;
  const days = await countUsage(tx, counted);
  await tx.run(sql`delete from billing_usage where organization_id = ${hostId} and subscriber_id = ${subscriberId}
    and day >= ${from} and day < ${to}`);
  await tx.run(sql`insert into billing_usage (organization_id, subscriber_id, day, meter, quantity)
    select ${hostId}, ${subscriberId}, u.* from unnest(${days.map(({ day }) => day)}::date[],
      ${days.map(({ meter }) => meter)}::text[], ${days.map(({ quantity }) => quantity)}::bigint[])
      as u(day, meter, quantity)`);
}

/** What went out late in the evening is sent by the next day: the last days are counted once more. */
const unsettledDays = 3;

/** The first day of a span that is to be counted anew: the rest is settled. */
export async function firstUncounted(
  tx: Tx,
  { hostId, subscriberId, from, to }: Counted,
): Promise<CalendarDate> {
  const row = await tx.row<{ day: CalendarDate | null }>(sql`select max(day)::text as day from billing_usage
    where organization_id = ${hostId} and subscriber_id = ${subscriberId} and meter = any(${[...meters]}::text[])
      and day >= ${from} and day < ${to}`);
  if (!row?.day) return from;
  const again = addDays(row.day, 1 - unsettledDays);
  return again > from ? again : from;
}

/** The days of a span: what is kept of the settled ones, and the others counted now. */
export async function usageDays(tx: Tx, span: Counted): Promise<UsageDay[]> {
  const from = await firstUncounted(tx, span);
  const kept = await tx.rows<UsageDay>(sql`select day::text as day, meter, quantity from billing_usage
    where organization_id = ${span.hostId} and subscriber_id = ${span.subscriberId} and day >= ${span.from}
      and day < ${from}`);
  return [...kept, ...(await countUsage(tx, { ...span, from }))];
}
