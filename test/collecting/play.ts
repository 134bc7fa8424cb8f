import { workDay } from '#features/days/work-day.ts';
import { type Random, seeded } from '#lib/random.ts';
import { localDate } from '../chasing/clock.ts';
import { type Act, act, commonActs } from './acts.ts';
import { autopayActs } from './acts-autopay.ts';
import { feeActs } from './acts-fees.ts';
import { planActs } from './acts-plans.ts';
import { scheduleActs } from './acts-schedules.ts';
import { auditCharges, auditEnd } from './audit.ts';
import { daysFrom } from './calendar.ts';
import { type Timetable, timetable } from './clock.ts';
import { BrokenLine, breaking, hearAll, workJobs } from './jobs.ts';
import { auditAutopay, auditRun, seeAutopay } from './oracle-autopay.ts';
import { auditDiscounts } from './oracle-discounts.ts';
import { auditFees } from './oracle-fees.ts';
import { auditPlans } from './oracle-plans.ts';
import { auditSchedules } from './oracle-schedules.ts';
import { note, openWorld, partsOver, setClock, type World } from './world.ts';

export type Played = {
  seed: number;
  timetable: Timetable;
  days: number;
  /** By the gateway's books, and what asked for them. */
  charges: number;
  autopay: number;
  occurrences: number;
  plans: number;
  fees: number;
  discounts: number;
  /** What people, cards and clocks did meanwhile. */
  did: { planEdits: number; methodsRemoved: number; cardsEnded: number; revisions: number; leaps: number };
};

/** What a company uses, in turns: alone and together. */
const rooms = [
  ['autopay'],
  ['schedules'],
  ['plans'],
  ['fees', 'autopay'],
  ['autopay', 'schedules', 'plans', 'fees'],
  ['fees'],
  ['plans', 'autopay'],
] as const;
type Room = (typeof rooms)[number][number];
const actsOf: Record<Room, readonly Act[]> = {
  ...{ autopay: autopayActs, schedules: scheduleActs, plans: planActs, fees: feeActs },
};

export class CollectingFailure extends Error {}

/** What people write to each other is another simulation's. */
const notHere = new Set(['new_invoices', 'reminders', 'statements']);

/**
 * One seed: a company, some weeks around a hard day, a scheduler with its faults, a gateway on a bad line,
 * and people who do things meanwhile.
 */
export async function play(seed: number, trace: string[] = []): Promise<Played> {
  const random = seeded(seed);
  const times = timetable(seed, random);
  const world = await openWorld(seed, random, times);
  world.trace = trace;
  const played: Played = {
    seed,
    timetable: times,
    days: 0,
    charges: 0,
    autopay: 0,
    occurrences: 0,
    plans: 0,
    fees: 0,
    discounts: 0,
    did: { planEdits: 0, methodsRemoved: 0, cardsEnded: 0, revisions: 0, leaps: 0 },
  };
  const used = rooms[seed % rooms.length] ?? rooms[0];
  const acts = [...commonActs, ...used.flatMap((room) => [...actsOf[room], ...actsOf[room]])];
  const fail = (what: string): never => {
    throw new CollectingFailure(
      `seed ${seed}, ${times.zone}, ${times.scheduler}, ${world.today}: ${what}\n${trace.slice(-40).join('\n')}`,
    );
  };
  for (let at = 0; at < 3; at += 1) await act(world, random, commonActs.slice(0, 1));
  for (const room of used)
    for (let at = 0; at < 2; at += 1) await act(world, random, actsOf[room].slice(0, 1));
  let day = '';
  for (const tick of times.ticks) {
    // What people did before the first look took seconds: time does not go back for it.
    await setClock(world, tick > world.now ? tick : world.now);
    if (world.today !== day) {
      if (day !== '' && daysFrom(day, world.today) > 1) played.did.leaps += 1;
      for (let days = day === '' ? 0 : daysFrom(day, world.today); days > 0; days -= 1)
        world.gateway.moveOn();
      day = world.today;
      played.days += 1;
      for (let more = random.int(2, 5); more > 0; more -= 1) await act(world, random, acts);
      await workJobs(world, random);
    } else if (random.chance(0.3)) await forgetDays(world);
    await workParts(world, random, fail);
    await workJobs(world, random);
    world.gateway.land();
    await auditAll(world, played, fail);
  }
  await bringHome(world, random);
  await auditEnd(world, fail);
  played.charges = world.gateway.charges.size;
  played.did = { ...played.did, ...didOf(world) };
  return played;
}

/** Things that were done, not only tried. */
function didOf({ trace, methods, today }: World) {
  const done = trace.filter((told) => !told.includes(': refused'));
  const count = (what: RegExp): number => done.filter((told) => what.test(told)).length;
  return {
    planEdits: count(/ plan \d+(: installment \d+ is put off| goes on with|: its rise is agreed)/),
    methodsRemoved: count(/ is removed$/),
    revisions: count(/ says \d+ now/),
    cardsEnded: methods.filter(({ lastDay }) => lastDay !== null && lastDay < today).length,
  };
}

async function auditAll(world: World, played: Played, fail: (what: string) => never): Promise<void> {
  const charges = await auditCharges(world, fail);
  const sight = await seeAutopay(world);
  if (world.autopays.length > 0) played.autopay = auditAutopay(world, charges, sight, fail);
  played.fees = auditFees(world, charges, fail);
  played.discounts = auditDiscounts({ world, charges, notices: sight.notices }, fail);
  played.plans = await auditPlans(world, charges, fail);
  played.occurrences = await auditSchedules(world, charges, fail);
}

/** The scheduler’s record of what is done is lost: the parts themselves have to know. */
const forgetDays = ({ books }: World): Promise<unknown> =>
  books.db.pool.query('delete from organization_days where organization_id = $1', [books.organizationId]);

/** One look of the scheduler at each part that is not done; what autopay does is what it had to. */
async function workParts(world: World, random: Random, fail: (what: string) => never): Promise<void> {
  const { rows } = await world.books.db.pool.query<{ part: string }>(
    'select part from organization_days where organization_id = $1 and day = $2',
    [world.books.organizationId, world.today],
  );
  const names = partsOver(world, world.books.db)
    .dayParts.map(({ name }) => name)
    .filter((name) => !notHere.has(name) && !rows.some(({ part }) => part === name));
  for (const name of names) {
    const before = name === 'autopay' && world.autopays.length > 0 ? await seeAutopay(world) : undefined;
    await lookAt(world, random, name);
    if (before) auditRun(world, before, await seeAutopay(world), fail);
  }
}

/** Once, thrice at once, or broken off somewhere and looked at again. */
async function lookAt(world: World, random: Random, name: string): Promise<void> {
  const { db, organizationId } = world.books;
  const work = (over: typeof db): Promise<void> =>
    workDay(
      db,
      partsOver(world, over).dayParts.filter((part) => part.name === name),
      organizationId,
      world.now,
    );
  if (world.times.scheduler === 'doubled') {
    await Promise.all([work(db), work(db), work(db)]);
    return;
  }
  if (world.times.scheduler === 'broken' && random.chance(0.5))
    await work(breaking(db, random.int(1, 4), random.chance(0.5))).catch((error: AggregateError) => {
      if (!error.errors?.every((each) => each instanceof BrokenLine)) throw error;
    });
  await work(db);
}

/** The line is good again, every charge comes to its end, and all of it is heard. */
async function bringHome(world: World, random: Random): Promise<void> {
  world.gateway.line.isGood = true;
  await hearAll(world, random);
  for (let day = 0; day < 6; day += 1) {
    await setClock(world, new Date(world.now.getTime() + 86_400_000));
    world.gateway.moveOn();
    await lookAtAll(world, random);
  }
  note(world, `brought home on ${localDate(world.times.zone, world.now)}`);
}

async function lookAtAll(world: World, random: Random): Promise<void> {
  const { books } = world;
  const jobs = partsOver(world, books.db).dayParts.filter(({ name }) => name === 'gateway_news');
  await forgetDays(world);
  await workDay(books.db, jobs, books.organizationId, world.now);
  await hearAll(world, random);
}
