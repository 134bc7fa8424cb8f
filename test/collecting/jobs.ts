import { makeJobs } from '#compose-jobs.ts';
import type { Database } from '#db/db.ts';
import type { Job } from '#jobs/worker.ts';
import type { Random } from '#lib/random.ts';
import { note, partsOver, type World } from './world.ts';

/** Jobs that only write to people: the outbox is another simulation's. */
const isWriting = (name: string): boolean => /^(send-|tell-|mail-)/.test(name) || name === 'forget-method';

type Waiting = { id: string; name: string; payload: Record<string, unknown> };

/**
 * The worker for one organization: some jobs at once, some twice at the same moment, some broken off at a
 * transaction, and some whose process dies when all is done, so that they come again.
 */
export async function workJobs(world: World, random: Random, isCalm = false): Promise<void> {
  const jobs = makeJobs(partsOver(world, world.books.db));
  for (let round = 0; round < 12; round += 1) {
    const waiting = await takeWaiting(world);
    if (waiting.length === 0) return;
    const fates = waiting.map(() => ({
      isTwice: !isCalm && random.chance(0.15),
      breaksAt: !isCalm && random.chance(0.06) ? random.int(1, 4) : 0,
      isAfter: random.chance(0.5),
      dies: !isCalm && round < 4 && random.chance(0.06),
    }));
    const done: string[] = [];
    await Promise.all(
      waiting.map(async ({ id, name, payload }, at) => {
        const fate = fates[at] as (typeof fates)[0];
        const run = (each: Job | undefined): Promise<void> => {
          if (!each) throw new Error(`there is no job ${name}`);
          return each(payload as never);
        };
        if (fate.breaksAt > 0) {
          const broken = breaking(world.books.db, fate.breaksAt, fate.isAfter);
          const isWhole = await run(makeJobs(partsOver(world, broken))[name]).then(
            () => true,
            (error: Error) => {
              if (!(error instanceof BrokenLine)) throw error;
              return false;
            },
          );
          if (isWhole) done.push(id);
          return;
        }
        await Promise.all([run(jobs[name]), ...(fate.isTwice ? [run(jobs[name])] : [])]);
        if (!fate.dies) done.push(id);
      }),
    );
    await finish(world, done);
  }
  throw new Error(`jobs go on and on: ${JSON.stringify(await takeWaiting(world))}`);
}

async function takeWaiting(world: World): Promise<Waiting[]> {
  const { rows } = await world.books.db.pool.query<Waiting>(
    `select j.id, t.identifier as name, j.payload from graphile_worker._private_jobs j
     join graphile_worker._private_tasks t on t.id = j.task_id
     where j.payload->>'organizationId' = $1 order by j.id`,
    [world.books.organizationId],
  );
  await finish(
    world,
    rows.filter(({ name }) => isWriting(name)).map(({ id }) => id),
  );
  return rows.filter(({ name }) => !isWriting(name));
}

async function finish({ books }: World, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await books.db.pool.query('select graphile_worker.complete_jobs($1::bigint[])', [ids]);
}

export class BrokenLine extends Error {}

/** A database whose connection goes at some transaction: before it commits, or after, before that is known. */
export function breaking(db: Database, at: number, afterCommit: boolean): Database {
  let count = 0;
  return {
    ...db,
    transaction: (actor, run) => {
      count += 1;
      if (count !== at) return db.transaction(actor, run);
      if (!afterCommit)
        return db.transaction(actor, async (tx) => {
          await run(tx);
          throw new BrokenLine('the connection went before the commit');
        });
      return db.transaction(actor, run).then(() => {
        throw new BrokenLine('the connection went after the commit');
      });
    },
  };
}

/** All that was asked for at the gateway and not heard of is asked about until it is known. */
export async function hearAll(world: World, random: Random): Promise<void> {
  world.gateway.land();
  const { organizationId, db } = world.books;
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from payments where organization_id = $1 and state in ('pending', 'unknown') order by id`,
    [organizationId],
  );
  const lookUp = makeJobs(partsOver(world, db))['look-up-payment'] as Job;
  for (const { id } of rows) await lookUp({ organizationId, paymentId: id } as never);
  if (rows.length > 0) note(world, `${rows.length} charges were asked about`);
  await workJobs(world, random, true);
}
