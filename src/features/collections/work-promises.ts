import type { Actor, Database, Tx } from '#db/db.ts';
import { endMootDisputes } from '#features/collections/end-moot-disputes.ts';
import { rankDesk } from '#features/collections/rank-desk.ts';
import { settlePromises } from '#features/collections/settle-promises.ts';
import { wakeDisputes } from '#features/collections/wake-disputes.ts';
import type { LocalDay } from '#features/days/work-day.ts';

const batch = 500;

type Deps = { db: Database };
type Step = { looked: number; last: string | undefined };

/**
 * The desk's part of a day: what has become of promises, disputes whose rest is over, and the worklist anew,
 * because a day older is another rank. Some at a time, so that memory does not grow.
 */
export async function workPromises({ db }: Deps, day: LocalDay): Promise<void> {
  const { organizationId, today, now } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'promises' };
  const inBatches = async (step: (tx: Tx, after: string | undefined) => Promise<Step>): Promise<void> => {
    for (let after: string | undefined; ; ) {
      const { looked, last } = await db.transaction(actor, (tx) => step(tx, after));
      if (looked < batch || last === undefined) return;
      after = last;
    }
  };
  await inBatches((tx, after) =>
    settlePromises(tx, actor, { organizationId, today, which: { past: true, limit: batch, after } }, now),
  );
  await db.transaction(actor, (tx) => endMootDisputes(tx, actor, { organizationId, limit: 10_000 }, now));
  await inBatches((tx, after) =>
    wakeDisputes(tx, actor, { organizationId, today, limit: batch, after }, now),
  );
  await rankDesk({ db }, day);
}
