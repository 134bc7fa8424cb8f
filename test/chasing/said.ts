import { sql } from 'kysely';
import type { ChasedWorld } from './acts.ts';
import { localDate } from './clock.ts';
import { plainInvoice } from './draw.ts';
import { linesOf, remind } from './oracle.ts';
import { charge, notice } from './oracle-desk.ts';
import { bring, inform } from './oracle-post.ts';

/** What a day came to, in lines: what it had to, and what it did. */
export type Effects = { tasks: string[]; fees: string[]; reminders: string[]; messages: string[] };

/** What a run of this day has to do, in the order of a day; from then on it is done. */
export function expected(world: ChasedWorld, day: string): Effects {
  const tasks = notice(world, day);
  const fees = charge(world, day);
  const brought = bring(world, day);
  const { said, messages } = remind(world, day);
  const all = [...brought, ...messages, ...inform(world, day)];
  return inOrder({ tasks, fees, reminders: said, messages: all.flatMap((each) => linesOf(world, each)) });
}

const inOrder = ({ tasks, fees, reminders, messages }: Effects): Effects => ({
  ...{ tasks: tasks.sort(), fees: fees.sort(), reminders: reminders.sort(), messages: messages.sort() },
});

/** What is in the books of it, dated by the company’s own clock. */
export async function done(world: ChasedWorld, day: string): Promise<Effects> {
  const { organizationId } = world.books;
  const linesFrom = async (query: ReturnType<typeof sql>): Promise<string[]> =>
    (await world.books.tx((tx) => tx.rows<{ line: string }>(query))).map(({ line }) => line);
  const made = (at: string) => sql`(${sql.ref(at)} at time zone ${world.zone})::date = ${day}`;
  const tasks = await linesFrom(sql`select cause as line from tasks
    where organization_id = ${organizationId} and due_on = ${day}`);
  const fees = world.once
    ? await linesFrom(sql`select f.invoice_id || ' ' || f.fell_due_on as line from late_fees f
        where f.organization_id = ${organizationId} and ${made('f.created_at')}`)
    : [];
  const reminders = await linesFrom(sql`select r.invoice_id || ' ' || s.day_offset || ' ' || r.due_on as line
    from reminders r join dunning_steps s on s.organization_id = r.organization_id and s.id = r.step_id
    where r.organization_id = ${organizationId} and r.sent_on = ${day}`);
  const ids = world.customers.map(({ id }) => id);
  const messages = await linesFrom(sql`select concat_ws(' ',
      lpad((array_position(${ids}::text[], m.customer_id::text) - 1)::text, 2, '0'), m.kind, m.channel,
      (select string_agg(e.subject_id, ' ' order by e.subject_id collate "C") from events e
        where e.organization_id = m.organization_id and e.type = 'invoice.sent' and e.data ->> 'message_id' = m.id)) as line
    from messages m where m.organization_id = ${organizationId} and ${made('m.created_at')}`);
  return inOrder({ tasks, fees, reminders, messages });
}

type FeeInvoice = { id: string; of: string; dueDate: string; invoiceDate: string; issuedAt: Date; balanceDue: bigint };

/** Late fees that are invoices of their own are chased like all others: the oracle is told of them. */
export async function adopt(world: ChasedWorld): Promise<void> {
  const known = new Map(world.invoices.map((invoice, at) => [invoice.id, { invoice, at }]));
  const rows = await world.books.tx((tx) =>
    tx.rows<FeeInvoice>(sql`select id, late_fee_of as of, due_date, invoice_date, issued_at, balance_due from invoices
      where organization_id = ${world.books.organizationId} and late_fee_of is not null
        and not id = any(${[...known.keys()]}) order by invoice_date`),
  );
  const place = ({ of }: FeeInvoice): number => known.get(of)?.at ?? -1;
  for (const row of rows.sort((a, b) => place(a) - place(b)))
    world.invoices.push(
      plainInvoice({
        ...{ id: row.id, customer: known.get(row.of)?.invoice.customer ?? 0, isFee: true },
        ...{ due: row.dueDate, dated: row.invoiceDate, open: row.balanceDue },
        issuedOn: localDate(world.zone, row.issuedAt),
      }),
    );
}

/** At most once for each document, rule and period, whatever happened; answers the count of late fees. */
export async function checkOnce({ books }: ChasedWorld, fail: (what: string) => never): Promise<number> {
  const { organizationId } = books;
  const row = await books.tx((tx) =>
    tx.row<{ twiceADay: number; fees: number; twiceFees: number; apart: number; noticed: number }>(sql`select
      (select count(*)::int from (select from reminders where organization_id = ${organizationId} and state = 'sent'
        group by invoice_id, sent_on, message_type having count(*) > 1) x) as twice_a_day,
      (select count(*)::int from late_fees where organization_id = ${organizationId}) as fees,
      (select count(*)::int from (select from late_fees where organization_id = ${organizationId}
        group by invoice_id, fell_due_on having count(*) > 1) x) as twice_fees,
      (select count(*)::int from invoices where organization_id = ${organizationId} and late_fee_of is not null) - (select
        count(*)::int from late_fees where organization_id = ${organizationId} and own_invoice_id is not null) as apart,
      abs((select count(*) from promises_to_pay where organization_id = ${organizationId} and state = 'broken')
        - (select count(*) from events where organization_id = ${organizationId} and type = 'promise.broken'))::int
        as noticed`),
  );
  if (!row) return fail('nothing to count');
  if (row.twiceADay > 0) fail('the same was said twice on one day');
  if (row.twiceFees > 0) fail('a late fee was posted twice for one day');
  if (row.apart !== 0) fail('late fees and the invoices over them are not one to one');
  if (row.noticed !== 0) fail('broken promises and their events are not one to one');
  return row.fees;
}
