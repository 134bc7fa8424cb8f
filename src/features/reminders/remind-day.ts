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

/** From so many customers on a day is walked in two halves at once: one decides while the other writes. */
const halvedFrom = 100;

/**
 * The reminders of a day. It walks what is open once, a batch a transaction; whatever is done is known by its
 * rows, so it may be broken off, run again, or run twice at once.
 */
export const remindersOfDay = (deps: MailMakings & { db: Database; halvedFrom?: number }): DayPart => ({
  name: 'reminders',
  run: async ({ organizationId, today, now }: LocalDay) => {
    const actor: Actor = { kind: 'job', organizationId, name: 'reminders' };
    const { secrets, outbox } = deps;
    const plan = await deps.db.transaction(actor, (tx) =>
      planDay(tx, { secrets, outbox, organizationId, today }, now),
    );
    if (!plan.setting.isLive) return;
    const walk = async (after: Place | undefined, before: string | undefined): Promise<void> => {
      for (let from = after; ; ) {
        const at = { plan, after: from, before };
        from = await deps.db.transaction(actor, (tx) => remindBatch(tx, actor, at, now));
        if (!from) return;
      }
    };
    const middle = await deps.db.transaction(actor, (tx) =>
      middleCustomer(tx, organizationId, deps.halvedFrom ?? halvedFrom),
    );
    if (!middle) return walk(undefined, undefined);
    const halves = await Promise.allSettled([walk(undefined, middle), walk(startOf(middle), undefined)]);
    for (const half of halves) if (half.status === 'rejected') throw half.reason;
  },
});

const startOf = (customerId: string): Place => ({ customerId, dueDate: '0001-01-01', id: '' });

/** The customer with whom the second half begins; undefined where there are few. */
async function middleCustomer(tx: Tx, organizationId: string, fewest: number): Promise<string | undefined> {
  const row = await tx.row<{ id: string }>(sql`
    with total as (select count(*) as customers from customers where organization_id = ${organizationId})
    select id from customers where organization_id = ${organizationId}
      and (select customers from total) >= ${fewest}
    order by id offset (select customers / 2 from total) limit 1`);
  return row?.id;
}

/** Decide on the next open invoices; answers where it has come to, or undefined at the end. */
export async function remindBatch(
  tx: Tx,
  actor: Actor,
  { plan, ...range }: { plan: DayPlan; after: Place | undefined; before: string | undefined },
  now: Date,
): Promise<Place | undefined> {
  const scanned = await scanOpen(tx, plan, range);
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
  const decided = decideAll(plan, await readFacts(tx, plan, sql`i.id = any(${ids})`), fees);
  await writeHolds(tx, plan, decided);
  const going = decided.filter(({ decision }) => decision.verdict === 'send');
  if (going.length > 0) await sendReminders(tx, actor, { plan, going }, now);
}
