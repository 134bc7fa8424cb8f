import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { addDays } from '#lib/dates.ts';
import { type Random, seeded } from '#lib/random.ts';
import { agree } from '../support/late-fees.ts';
import { makings } from '../support/mails.ts';
import { live, set, setSteps } from '../support/reminders.ts';
import { act, type ChasedWorld, drawSteps, newCustomer, newInvoice } from './acts.ts';
import { localDate, localHour, type Timetable, timetable } from './clock.ts';
import { toSay } from './oracle.ts';

export type Played = { said: number; days: number; late: number; fees: number; timetable: Timetable };

export class ChasingFailure extends Error {}

const workHour = 8;

/**
 * One seed: a company, some weeks around a hard day, a scheduler with its faults, and people who do things
 * meanwhile.
 */
export async function play(seed: number, trace: string[] = []): Promise<Played> {
  const random = seeded(seed);
  const times = timetable(seed, random);
  const played: Played = { said: 0, days: 0, late: 0, fees: 0, timetable: times };
  const world = await open(random, times);
  let day = '';
  let mustSay: string[] = [];
  const fail = (what: string): never => {
    throw new ChasingFailure(
      `seed ${seed}, ${times.zone}, ${times.scheduler}, ${day}: ${what}\n${trace.slice(-25).join('\n')}`,
    );
  };
  const settle = async (): Promise<void> => {
    if (day === '') return;
    const said = await saidOn(world, day);
    if (said.join('\n') !== mustSay.join('\n'))
      fail(
        `was to say\n  ${mustSay.join('\n  ') || 'nothing'}\nand said\n  ${said.join('\n  ') || 'nothing'}`,
      );
    played.said += said.length;
    played.late += said.filter((each) => !each.endsWith(day)).length;
  };
  for (const tick of times.ticks) {
    if (localHour(times.zone, tick) < workHour) continue;
    const today = localDate(times.zone, tick);
    if (today !== day) {
      await settle();
      day = today;
      played.days += 1;
      for (let acts = random.int(0, 2); acts > 0; acts -= 1)
        trace.push(`${day} ${await act(world, random, { day, now: tick })}`);
      mustSay = expected(world, day);
      if (mustSay.length > 0) trace.push(`${day} to say: ${mustSay.join(', ')}`);
    } else if (random.chance(0.3)) await forgetDays(world);
    await look(world, random, times, tick);
  }
  await settle();
  played.fees = await checkOnce(world, fail);
  return played;
}

async function open(random: Random, times: Timetable): Promise<ChasedWorld> {
  const books = await live({ timeZone: times.zone });
  await set(books, sql`work_hour = ${workHour}`);
  const world: ChasedWorld = { books, steps: [], customers: [], invoices: [] };
  world.steps = drawSteps(random);
  await setSteps(
    books,
    world.steps.map(({ type, offset, every, until }) => ({
      type,
      dayOffset: offset,
      everyDays: every,
      untilDaysLate: until,
    })),
  );
  const first = times.ticks[0] ?? new Date(0);
  if (random.chance(0.5)) await agree(books, drawTerms(random), addDays(localDate(times.zone, first), -60));
  for (let at = 0; at < 2; at += 1) await newCustomer(world);
  const day = localDate(times.zone, first);
  for (let at = 0; at < 5; at += 1) await newInvoice(world, random, { day, now: first });
  return world;
}

const drawTerms = (random: Random) => ({
  graceDays: random.int(0, 9),
  booking: random.chance(0.5) ? ('own_invoice' as const) : ('on_invoice' as const),
});

/** What a run of this day has to say, and from then on has said. */
function expected(world: ChasedWorld, day: string): string[] {
  return world.invoices
    .flatMap((invoice) => {
      const customer = world.customers[invoice.customer];
      const say = customer && toSay(world.steps, invoice, customer, day);
      if (!say) return [];
      invoice.lastOn = day;
      return [`${invoice.id} ${say.offset} ${say.date}`];
    })
    .sort();
}

/** Of the invoices that the oracle knows; those over late fees are told of besides. */
async function saidOn({ books }: ChasedWorld, day: string): Promise<string[]> {
  const rows = await books.tx((tx) =>
    tx.rows<{ said: string }>(sql`select r.invoice_id || ' ' || s.day_offset || ' ' || r.due_on as said
      from reminders r join dunning_steps s on s.organization_id = r.organization_id and s.id = r.step_id
      join invoices i on i.organization_id = r.organization_id and i.id = r.invoice_id and i.late_fee_of is null
      where r.organization_id = ${books.organizationId} and r.sent_on = ${day}`),
  );
  return rows.map(({ said }) => said).sort();
}

/** The scheduler’s record of what is done is lost: the parts themselves have to know. */
const forgetDays = ({ books }: ChasedWorld): Promise<number> =>
  books.tx((tx) =>
    tx.run(sql`delete from organization_days where organization_id = ${books.organizationId}`),
  );

const partsOf = (db: Database): DayPart[] => [
  { name: 'late_fees', run: (local) => assessLateFees(db, local) },
  remindersOfDay({ ...makings, db }),
];

/** One look of the scheduler: once, twice at once, or broken off somewhere and looked at again. */
async function look(
  { books }: ChasedWorld,
  random: Random,
  { scheduler }: Timetable,
  tick: Date,
): Promise<void> {
  const { db, organizationId } = books;
  const work = (of: Database): Promise<void> => workDay(db, partsOf(of), organizationId, tick);
  if (scheduler === 'doubled') {
    await Promise.all([work(db), work(db), work(db)]);
    return;
  }
  if (scheduler === 'broken') {
    for (let tries = random.int(0, 2); tries > 0; tries -= 1)
      await work(breaking(db, random.int(1, 5), random.chance(0.5))).catch(() => undefined);
  }
  await work(db);
}

/**
 * A database whose connection goes at some transaction: before it commits, or after, before that is known.
 */
function breaking(db: Database, at: number, afterCommit: boolean): Database {
  let count = 0;
  return {
    ...db,
    transaction: (actor, run) => {
      count += 1;
      if (count !== at) return db.transaction(actor, run);
      if (!afterCommit)
        return db.transaction(actor, async (tx) => {
          await run(tx);
          throw new Error('the connection went before the commit');
        });
      return db.transaction(actor, run).then(() => {
        throw new Error('the connection went after the commit');
      });
    },
  };
}

/** At most once for each document, rule and period, whatever happened. */
async function checkOnce({ books }: ChasedWorld, fail: (what: string) => never): Promise<number> {
  const { organizationId } = books;
  const row = await books.tx((tx) =>
    tx.row<{ twiceADay: number; unequal: number; fees: number; twiceFees: number; apart: number }>(sql`select
      (select count(*)::int from (select from reminders where organization_id = ${organizationId} and state = 'sent'
        group by invoice_id, sent_on, message_type having count(*) > 1) x) as twice_a_day,
      (select count(*)::int from reminders r where r.organization_id = ${organizationId} and r.state = 'sent'
        and (select count(*) from messages m where m.organization_id = r.organization_id
          and m.dedupe_key = 'reminder:' || r.invoice_id || ':' || r.step_id || ':' || r.due_on || ':email') <> 1)
        + abs((select count(*) from messages where organization_id = ${organizationId}) - (select count(*)
        from reminders where organization_id = ${organizationId} and state = 'sent'))::int as unequal,
      (select count(*)::int from late_fees where organization_id = ${organizationId}) as fees,
      (select count(*)::int from (select from late_fees where organization_id = ${organizationId}
        group by invoice_id, fell_due_on having count(*) > 1) x) as twice_fees,
      (select count(*)::int from invoices where organization_id = ${organizationId} and late_fee_of is not null) - (select
        count(*)::int from late_fees where organization_id = ${organizationId} and own_invoice_id is not null) as apart`),
  );
  if (!row) return fail('nothing to count');
  if (row.twiceADay > 0) fail('the same was said twice on one day');
  if (row.unequal > 0) fail('reminders and messages are not one to one');
  if (row.twiceFees > 0) fail('a late fee was posted twice for one day');
  if (row.apart !== 0) fail('late fees and the invoices over them are not one to one');
  return row.fees;
}
