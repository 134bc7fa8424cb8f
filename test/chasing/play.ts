import { sql } from 'kysely';
import { type Random, seeded } from '#lib/random.ts';
import { act } from './acts.ts';
import { localDate, localHour, plusHours, type Timetable, timetable } from './clock.ts';
import { workFees } from './fees-oracle.ts';
import { carryAll, forgetDays, look } from './look.ts';
import { sayNewInvoices, sayReminders, sayStatements } from './messages-oracle.ts';
import { differences, mustBe, mustBeOwed, readDesk, readMessages, readOwed } from './observe.ts';
import { openWorld, workHour } from './open-world.ts';
import { workDesk } from './oracle.ts';
import { workPlansOf } from './plans.ts';
import type { ChasedWorld, When } from './world.ts';

export type Played = {
  days: number;
  /** Messages, by kind, by channel and by what became of them; promises; late fees. */
  said: Record<string, number>;
  timetable: Timetable;
};

export class ChasingFailure extends Error {}

/**
 * One seed: a company, some weeks around a hard day, a scheduler with its faults, and people who do things
 * meanwhile.
 */
export async function play(seed: number, trace: string[] = []): Promise<Played> {
  const random = seeded(seed);
  const times = timetable(seed, random);
  const world = await openWorld(random, times);
  trace.push(...world.customers.map((each) => JSON.stringify({ ...each, on: [...each.on] })));
  trace.push(JSON.stringify([world.rule, world.steps]));
  const [opened, days] = [trace.length, new Set<string>()];
  let day = '';
  const fail = (what: string): never => {
    const told = [...trace.slice(0, opened), ...trace.slice(opened).slice(-40)];
    throw new ChasingFailure(
      `seed ${seed}, ${times.zone}, ${times.scheduler}, ${day}: ${what}\n${told.join('\n')}`,
    );
  };
  let before: Date | undefined;
  // A worker may be slow: what waits then leaves on another day, or not.
  const carries = random.pick([0.9, 0.9, 0.4]);
  for (const tick of times.ticks) {
    if (localHour(times.zone, tick) < workHour) continue;
    const today = localDate(times.zone, tick);
    if (today !== day) {
      if (before) await liveOn(world, random, { before, tick, trace });
      day = today;
      days.add(day);
      for (let acts = random.int(0, 2); acts > 0; acts -= 1)
        trace.push(`${day} ${await act(world, random, { day, now: tick, isAwake: true })}`);
      await workPlansOf(world, times, { day, now: tick });
      workOracle(world, { day, now: tick });
    } else if (random.chance(0.3)) {
      await forgetDays(world);
      world.rule.statementsDone = '';
      workOracle(world, { day, now: tick });
    }
    await look(world, random, times, tick);
    if (random.chance(carries)) await carryAll(world, random, tick);
    const are = await readMessages(world);
    if (times.scheduler === 'broken') forgoBrought(world, are, day);
    const differ = differences(mustBe(world), are) || differences(mustBeOwed(world), await readOwed(world));
    if (differ) fail(differ);
    before = tick;
  }
  const lateFees = await checkOnce(world, fail);
  await checkDesk(world, fail);
  return { days: days.size, said: { ...sums(world), lateFees }, timetable: times };
}

/** What is to be said on a day, in the order of a day. */
function workOracle(world: ChasedWorld, when: When): void {
  workDesk(world, when.day);
  workFees(world, when.day);
  sayNewInvoices(world, world.invoices, when.now);
  sayReminders(world, when);
  sayStatements(world, when);
}

/**
 * Where the new invoices of a day broke off, its reminders came first: these have brought their invoices
 * then, and no new invoice follows.
 */
function forgoBrought({ messages }: ChasedWorld, are: readonly string[], day: string): void {
  for (const [key, { kind, invoice, madeOn }] of messages) {
    const isBrought = kind === 'new_invoice' && madeOn === day && invoice?.lastOn === day;
    if (isBrought && !are.some((line) => line.startsWith(`${key} `))) messages.delete(key);
  }
}

/** Between two days that are worked: texts leave in the evening; while nobody works people go on. */
async function liveOn(
  world: ChasedWorld,
  random: Random,
  { before, tick, trace }: { before: Date; tick: Date; trace: string[] },
): Promise<void> {
  const evening = plusHours(before, random.int(1, 14));
  if (evening < tick && random.chance(0.5)) await carryAll(world, random, evening);
  for (let now = plusHours(before, 24); now < plusHours(tick, -12); now = plusHours(now, 24)) {
    const day = localDate(world.zone, now);
    if (random.chance(0.3))
      trace.push(`${day} ${await act(world, random, { day, now, isAwake: false })} (nobody works)`);
  }
}

function sums({ messages, promises, plans }: ChasedWorld): Played['said'] {
  const { broken, kept } = promises;
  const said: Played['said'] = { said: messages.size, saidLate: 0, broken, kept, ...plans };
  for (const [key, { kind, channel, state, madeOn }] of messages) {
    for (const word of [kind, channel, state]) said[word] = (said[word] ?? 0) + 1;
    const [what, , , dueOn = ''] = key.split(':');
    if (what === 'reminder' && dueOn < madeOn) said.saidLate = (said.saidLate ?? 0) + 1;
  }
  return said;
}

/** At most once for each document, rule and period, whatever happened. */
async function checkOnce({ books }: ChasedWorld, fail: (what: string) => never): Promise<number> {
  const { organizationId } = books;
  const row = await books.tx((tx) =>
    tx.row<{ twiceADay: number; unequal: number; fees: number; twiceFees: number; apart: number }>(sql`select
      (select count(*)::int from (select from reminders where organization_id = ${organizationId} and state = 'sent'
        group by invoice_id, sent_on, message_type having count(*) > 1) x) as twice_a_day,
      (select count(*)::int from reminders r where r.organization_id = ${organizationId} and r.state = 'sent'
        and (select count(*) from messages m where m.organization_id = r.organization_id and m.id = any(r.message_ids)
          and m.dedupe_key like 'reminder:' || r.invoice_id || ':' || r.step_id || ':' || r.due_on || ':%') < 1) as unequal,
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

/** Each promise was kept, broken or taken back once, each broken one is a task, and so is each rest that ended. */
async function checkDesk(world: ChasedWorld, fail: (what: string) => never): Promise<void> {
  const { promises, woken, tasks } = await readDesk(world);
  if (JSON.stringify(promises) !== JSON.stringify(world.promises))
    fail(`promises were to be ${JSON.stringify(world.promises)} and are ${JSON.stringify(promises)}`);
  if (tasks !== world.promises.broken)
    fail(`${world.promises.broken} promises are broken, ${tasks} are tasks`);
  const differ = differences([...world.woken].sort(), woken.sort());
  if (differ) fail(`disputes to look at again: ${differ}`);
}
