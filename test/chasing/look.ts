import { sql } from 'kysely';
import type { Database } from '#db/db.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { makeCarriers } from '#features/correspondence/carriers.ts';
import { sendText } from '#features/correspondence/send-text.ts';
import { type DayPart, workDay } from '#features/days/work-day.ts';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { workStatements } from '#features/messenger/send-statements.ts';
import { remindersOfDay } from '#features/reminders/remind-day.ts';
import type { Random } from '#lib/random.ts';
import { secrets } from '../support/given.ts';
import { makings } from '../support/mails.ts';
import { carry } from './channels-oracle.ts';
import type { Timetable } from './clock.ts';
import type { ChasedWorld } from './world.ts';

/** What of a day chases, in the order of a day (src/day.ts). */
const partsOf = (db: Database): DayPart[] => [
  { name: 'promises', run: (day) => workPromises({ db }, day) },
  { name: 'late_fees', run: (day) => assessLateFees(db, day) },
  { name: 'new_invoices', run: (day) => workNewInvoices({ ...makings, db }, day) },
  remindersOfDay({ ...makings, db }),
  { name: 'statements', run: (day) => workStatements({ ...makings, db }, day) },
];

/** One look of the scheduler: once, thrice at once, or broken off somewhere and looked at again. */
export async function look(
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
      await work(breaking(db, random.int(1, 12), random.chance(0.5))).catch(() => undefined);
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

/** The scheduler’s record of what is done is lost: the parts themselves have to know. */
export const forgetDays = ({ books }: ChasedWorld): Promise<number> =>
  books.tx(async (tx) => {
    await tx.run(sql`update organizations set statements_done_for = null where id = ${books.organizationId}`);
    return tx.run(sql`delete from organization_days where organization_id = ${books.organizationId}`);
  });

/** A worker takes the texts and letters that are due, some of them twice at once. */
export async function carryAll(world: ChasedWorld, random: Random, at: Date): Promise<void> {
  carry(world, at);
  const { db, organizationId, tx } = world.books;
  const due = await tx((t) =>
    t.rows<{ id: string; channel: 'sms' | 'paper' }>(sql`select id, channel from messages
      where organization_id = ${organizationId} and state = 'queued' and channel <> 'email' and next_attempt_at <= ${at}`),
  );
  const { baseUrl } = makings.outbox;
  const deps = {
    db,
    secrets,
    baseUrl,
    outbox: makings.outbox,
    carriers: makeCarriers({ texters: [], printers: [] }, secrets),
  };
  const doubled = random.chance(0.3) ? 2 : 1;
  for (const { id, channel } of due) {
    const one = { organizationId, messageId: id };
    const send = (): Promise<void> =>
      channel === 'sms' ? sendText(deps, one, at) : renderLetter(deps, one, at);
    await Promise.all(Array.from({ length: doubled }, send));
  }
}
