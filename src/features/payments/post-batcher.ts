import { type Actor, type Database, onBehalfOf, type Tx } from '#db/db.ts';
import { accepted, type Verdict } from '#features/payments/decide-batch.ts';
import { type HandPayment, recordPayments } from '#features/payments/record-payments.ts';
import { getPayments } from '#features/payments/report-queries.ts';
import { type ChargeAsk, requestCharges } from '#features/payments/request-charges.ts';
import { microBatcher } from '#lib/batcher.ts';
import { notFound } from '#lib/errors.ts';

type Insider = Actor & { organizationId: string };

/**
 * One batcher for each actor, forgotten when idle: items of one batch share their organization and who asked.
 */
function batched<Item, Answer>(
  db: Database,
  run: (tx: Tx, actor: Insider, items: Item[]) => Promise<Answer[]>,
): (actor: Insider, item: Item) => Promise<Answer> {
  const batchers = new Map<string, { add: (item: Item) => Promise<Answer>; waiting: number }>();
  return async (actor, item) => {
    const key = JSON.stringify(actor);
    const batcher = batchers.get(key) ?? {
      waiting: 0,
      add: microBatcher<Item, Answer>(
        (items) => db.transaction(onBehalfOf(actor), (tx) => run(tx, actor, items)),
        { maxBatch: 100, maxInFlight: 2 },
      ),
    };
    batchers.set(key, batcher);
    batcher.waiting += 1;
    try {
      return await batcher.add(item);
    } finally {
      batcher.waiting -= 1;
      if (batcher.waiting === 0) batchers.delete(key);
    }
  };
}

type Command<Ask> = (tx: Tx, actor: Insider, asks: Ask[], now: Date) => Promise<Verdict[]>;

function door<Ask>(db: Database, command: Command<Ask>) {
  const add = batched<{ ask: Ask; now: Date }, Verdict>(db, (tx, actor, items) =>
    command(
      tx,
      actor,
      items.map(({ ask }) => ask),
      (items.at(-1) as { now: Date }).now,
    ),
  );
  return async (actor: Insider, ask: Ask, now: Date) => accepted(await add(actor, { ask, now }));
}

/** The doors through which single requests reach the two hot commands, many of them in one transaction. */
export function paymentDoors(db: Database) {
  const read = batched(db, (tx, { organizationId }, ids: string[]) => getPayments(tx, organizationId, ids));
  return {
    record: door<HandPayment>(db, (tx, actor, payments, now) =>
      recordPayments(tx, actor, { organizationId: actor.organizationId, payments }, now),
    ),
    charge: door<ChargeAsk>(db, (tx, actor, charges, now) =>
      requestCharges(tx, actor, { organizationId: actor.organizationId, charges }, now),
    ),
    /** What has become of a payment, for who has just asked for it. */
    read: async (actor: Insider, id: string) => {
      const payment = await read(actor, id);
      if (!payment) throw notFound('payment', id);
      return payment;
    },
  };
}
export type PaymentDoors = ReturnType<typeof paymentDoors>;
