import { type Actor, type Database, onBehalfOf } from '#db/db.ts';
import { accepted, type Verdict } from '#features/payments/decide-batch.ts';
import { type HandPayment, recordPayments } from '#features/payments/record-payments.ts';
import { type ChargeAsk, requestCharges } from '#features/payments/request-charges.ts';
import { microBatcher } from '#lib/batcher.ts';

type Item<Ask> = { ask: Ask; now: Date };
type Command<Ask> = (
  db: Database,
  actor: Actor & { organizationId: string },
  asks: Ask[],
  now: Date,
) => Promise<Verdict[]>;

/**
 * One batcher for each actor, forgotten when idle: items of one batch share their organization and who asked.
 */
function batched<Ask>(db: Database, command: Command<Ask>) {
  const batchers = new Map<string, { add: (item: Item<Ask>) => Promise<Verdict>; waiting: number }>();
  return async (
    actor: Actor & { organizationId: string },
    ask: Ask,
    now: Date,
  ): Promise<{ paymentId: string; replayed: boolean }> => {
    const key = JSON.stringify(actor);
    const batcher = batchers.get(key) ?? {
      waiting: 0,
      add: microBatcher<Item<Ask>, Verdict>(
        (items) =>
          command(
            db,
            actor,
            items.map((item) => item.ask),
            items.at(-1)?.now ?? now,
          ),
        { maxBatch: 100, maxInFlight: 2 },
      ),
    };
    batchers.set(key, batcher);
    batcher.waiting += 1;
    try {
      return accepted(await batcher.add({ ask, now }));
    } finally {
      batcher.waiting -= 1;
      if (batcher.waiting === 0) batchers.delete(key);
    }
  };
}

/** The doors through which single requests reach the two hot commands, many of them in one transaction. */
export const paymentDoors = (db: Database) => ({
  record: batched<HandPayment>(db, (database, actor, payments, now) =>
    database.transaction(onBehalfOf(actor), (tx) =>
      recordPayments(tx, actor, { organizationId: actor.organizationId, payments }, now),
    ),
  ),
  charge: batched<ChargeAsk>(db, (database, actor, charges, now) =>
    database.transaction(onBehalfOf(actor), (tx) =>
      requestCharges(tx, actor, { organizationId: actor.organizationId, charges }, now),
    ),
  ),
});
export type PaymentDoors = ReturnType<typeof paymentDoors>;
