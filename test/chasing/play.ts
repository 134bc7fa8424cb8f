import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import { type Random, seeded } from '#lib/random.ts';
import { makings } from '../support/mails.ts';
import { act, type ChasedWorld } from './acts.ts';
import { localDate, localHour, type Timetable, timetable } from './clock.ts';
import { draw, workHour } from './draw.ts';
import { adopt, checkOnce, done, type Effects, expected } from './said.ts';

/** How often each happened: reminders, of them late; and messages by what they say. */
export type Played = { days: number; timetable: Timetable; count: Record<string, number> };

export class ChasingFailure extends Error {}

/**
 * One seed: a company, some weeks around a hard day, a scheduler with its faults, and people who do things
 * meanwhile.
 */
export async function play(seed: number, trace: string[] = []): Promise<Played> {
  const random = seeded(seed);
  const times = timetable(seed, random);
  const played: Played = { days: 0, timetable: times, count: {} };
  const world = await draw(random, times);
  let day = '';
  const fail = (what: string): never => {
    throw new ChasingFailure(
      `seed ${seed}, ${times.zone}, ${times.scheduler}, ${day}: ${what}\n${trace.slice(-25).join('\n')}`,
    );
  };
  const settle = async (): Promise<void> => {
    if (day === '') return;
    await adopt(world);
    const [must, did] = [expected(world, day), await done(world, day)];
    for (const what of ['tasks', 'fees', 'reminders', 'messages'] as const) {
      trace.push(...must[what].map((line) => `${day} must ${what}: ${line}`));
      if (must[what].join('\n') !== did[what].join('\n'))
        fail(`${what} had to be\n  ${words(must[what])}\nand were\n  ${words(did[what])}`);
    }
    tally(played, did, day);
  };
  for (const tick of times.ticks) {
    if (localHour(times.zone, tick) < workHour) continue;
    const today = localDate(times.zone, tick);
    if (today !== day) {
      await settle();
      day = today;
      played.days += 1;
      for (let acts = random.int(0, 3); acts > 0; acts -= 1)
        trace.push(`${day} ${await act(world, random, { day, now: tick })}`);
    } else if (random.chance(0.3)) await forgetDays(world);
    await look(world, random, times, tick);
  }
  await settle();
  played.count.lateFees = await checkOnce(world, fail);
  return played;
}

const words = (lines: readonly string[]): string => lines.join('\n  ') || 'nothing';

function tally({ count }: Played, { tasks, reminders, messages }: Effects, day: string): void {
  const add = (what: string): void => {
    count[what] = (count[what] ?? 0) + 1;
  };
  for (const task of tasks) add(task.startsWith('promise') ? 'broken' : 'woken');
  for (const reminder of reminders) add(reminder.endsWith(day) ? 'said' : 'saidLate');
  for (const message of messages) {
    const [, kind = '', channel, ...invoices] = message.split(' ');
    add(kind);
    if (channel !== 'email') add('byTextOrLetter');
    if (invoices.length > 1 && kind !== 'statement') add('together');
  }
}

/** The scheduler’s record of what is done is lost: the parts themselves have to know. */
const forgetDays = ({ books }: ChasedWorld): Promise<number> =>
  books.tx((tx) =>
    tx.run(sql`delete from organization_days where organization_id = ${books.organizationId}`),
  );

/** What chases, in the order of a day (day.ts). */
const partsOf = (db: Database): DayPart[] => [
  { name: 'promises', run: (local) => workPromises({ db }, local) },
  { name: 'late_fees', run: (local) => assessLateFees(db, local) },
  { name: 'new_invoices', run: (local) => workNewInvoices({ ...makings, db }, local) },
  remindersOfDay({ ...makings, db }),
  { name: 'statements', run: (local) => workStatements({ ...makings, db }, local) },
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
      await work(breaking(db, random.int(1, 24), random.chance(0.5))).catch(() => undefined);
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
