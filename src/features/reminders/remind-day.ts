import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { DayPart, LocalDay } from '#features/days/work-day.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import {
  awaitsDecision,
  type DayPlan,
  decideAll,
  nearFees,
  type Place,
  planDay,
  scanOpen,
} from '#features/reminders/plan-day.ts';
import { readFacts } from '#features/reminders/read-facts.ts';
import { type NextFees, readNextFees } from '#features/reminders/read-next-fees.ts';
import { sendReminders } from '#features/reminders/send-reminders.ts';
import { writeHolds } from '#features/reminders/write-holds.ts';

/**
 * The reminders of a day. It walks what is open once, a batch a transaction; whatever is done is known by its
 * rows, so it may be broken off, run again, or run twice at once.
 */
export const remindersOfDay = (deps: MailMakings & { db: Database }): DayPart => ({
  name: 'reminders',
  run: async ({ organizationId, today, now }: LocalDay) => {
    const actor: Actor = { kind: 'job', organizationId, name: 'reminders' };
    const { secrets, outbox } = deps;
    const plan = await deps.db.transaction(actor, (tx) =>
      planDay(tx, { secrets, outbox, organizationId, today }, now),
    );
    if (!plan.setting.isLive) return;
    let after: Place | undefined;
    do {
      const from = after;
      after = await deps.db.transaction(actor, (tx) => remindBatch(tx, actor, { plan, after: from }, now));
    } while (after);
  },
});

/** Decide on the next open invoices; answers where it has come to, or undefined at the end. */
export async function remindBatch(
  tx: Tx,
  actor: Actor,
  { plan, after }: { plan: DayPlan; after: Place | undefined },
  now: Date,
): Promise<Place | undefined> {
  const scanned = await scanOpen(tx, plan, after);
  const fees = await readNextFees(tx, plan, nearFees(plan, scanned));
  const awaiting = scanned.filter((each) => awaitsDecision(plan, each, fees));
  if (awaiting.length > 0) await settle(tx, actor, { plan, fees, ids: awaiting.map(({ id }) => id) }, now);
  return scanned.length < plan.batchSize ? undefined : scanned.at(-1);
}

/** Decide without a lock, for most are held or said; what is to go is locked and decided on again. */
async function settle(
  tx: Tx,
  actor: Actor,
  { plan, fees, ids }: { plan: DayPlan; fees: NextFees; ids: readonly string[] },
  now: Date,
): Promise<void> {
  const { organizationId } = plan;
  const decided = decideAll(plan, await readFacts(tx, organizationId, sql`i.id = any(${ids})`), fees);
  await writeHolds(tx, plan, decided);
  const going = decided.filter(({ decision }) => decision.verdict === 'send');
  if (going.length > 0) await sendReminders(tx, actor, { plan, going }, now);
}
