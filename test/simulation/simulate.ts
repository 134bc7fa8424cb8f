import { drawActs, perform } from './acts.ts';
import { audit, compare } from './compare.ts';
import { shuffled } from './draw.ts';
import { chancesOf, type Fleet, issue, launch, passTime, type Run } from './fleet.ts';
import {
  drawErrands,
  drawNews,
  drawRefundNews,
  dueErrands,
  goOn,
  setOut,
  tell,
  tellOfRefunds,
} from './journeys.ts';
import { outcomeAt } from './model-gateway.ts';
import { refundOutcomeAt } from './model-refunds.ts';

/**
 * How many seeds share an organization, and so a batch. A seed is replayed together with the others of its
 * fleet.
 */
export const fleetSize = 40;
export const fleetOf = (seed: number): number[] => {
  const first = Math.floor(seed / fleetSize) * fleetSize;
  return Array.from({ length: fleetSize }, (_, at) => first + at);
};

const waits_s = [45, 130, 700, 9_000, 100_000] as const;

export type Figures = {
  seeds: number;
  steps: number;
  payments: number;
  charges: number;
  refunds: number;
  voids: number;
};

/** Let one fleet live: its worlds step together, and after each step every row is compared with the model. */
export async function simulate(seeds: readonly number[]): Promise<Figures & { fleet: Fleet }> {
  const fleet = await launch(seeds);
  const steps = fleet.random.int(13, 19);
  for (let step = 1; step <= steps; step += 1) {
    for (const run of fleet.runs) run.step = step;
    if (fleet.random.chance(0.15)) await passSomeTime(fleet);
    else await takeStep(fleet);
    await compare(fleet);
  }
  await bringHome(fleet);
  await audit(fleet);
  return {
    fleet,
    seeds: seeds.length,
    steps: steps * seeds.length,
    charges: fleet.gateway.charges.size,
    refunds: fleet.runs.reduce((count, run) => count + run.world.refunds.length, 0),
    voids: fleet.runs.flatMap(({ world }) => world.payments).filter((each) => each.voidAsked || each.isVoid)
      .length,
    payments: fleet.runs.reduce((count, run) => count + run.world.payments.length, 0),
  };
}

/** What each world does now; all of it happens at the same moment. */
async function takeStep(fleet: Fleet): Promise<void> {
  const does = (low: number, high: number) =>
    fleet.runs.filter((run) => {
      const chance = chancesOf(run).next();
      return chance >= low && chance < high;
    });
  const deeds = does(0, 0.42).flatMap((run) => drawActs(run, fleet));
  const errands = does(0.42, 0.6).flatMap(drawErrands);
  const news = does(0.6, 0.76).flatMap((run) => drawNews(run, fleet));
  const refundNews = does(0.76, 0.8).flatMap((run) => drawRefundNews(run, fleet));
  await Promise.all([
    perform(fleet, deeds),
    ...errands.map((errand) => setOut(fleet, errand)),
    tell(fleet, news),
    tellOfRefunds(fleet, refundNews),
    ...does(0.8, 0.9).map((run) => goOn(fleet, run)),
    issue(fleet, does(0.9, 0.93)),
  ]);
}

async function passSomeTime(fleet: Fleet): Promise<void> {
  const wait_s = fleet.random.pick(waits_s);
  for (const run of fleet.runs) run.trace.push(`${run.step} ${wait_s} s pass`);
  await passTime(fleet, wait_s);
  await Promise.all(
    shuffled(await dueErrands(fleet, 0.3), fleet.random)
      .slice(0, 6)
      .map((errand) => setOut(fleet, errand)),
  );
}

/** The line is good again: what waits goes on, every doubt is asked about, every charge comes to its end. */
async function bringHome(fleet: Fleet): Promise<void> {
  for (const run of fleet.runs) run.step += 1;
  await Promise.all(fleet.runs.map((run) => goOn(fleet, run, true)));
  const good = { charge: 'answers', lookup: 'answers' } as const;
  const ours = (run: Run) => run.world.payments.filter((payment) => payment.way !== 'hand');
  await Promise.all(
    fleet.runs.flatMap((run) =>
      ours(run)
        .filter(({ heard }) => heard < 0)
        .map(({ id }) => setOut(fleet, { run, id, what: 'look up', plan: good })),
    ),
  );
  await Promise.all(
    fleet.runs.flatMap((run) =>
      run.world.refunds
        .filter(({ heard, byHand }) => heard < 0 && !byHand)
        .map(({ id }) => setOut(fleet, { run, id, what: 'look up refund', plan: good })),
    ),
  );
  // Somewhere on the way first, so that a return or a void comes after what it takes back.
  for (const isEnd of [false, true]) {
    const news = fleet.runs.flatMap((run) =>
      ours(run).flatMap(({ id }) => {
        const charge = fleet.gateway.charges.get(id);
        if (!charge) return [];
        charge.at = isEnd ? charge.path.length - 1 : fleet.random.int(charge.at, charge.path.length - 1);
        return [{ run, paymentId: id, outcome: outcomeAt(charge, charge.at) }];
      }),
    );
    await tell(fleet, news);
    const refundNews = fleet.runs.flatMap((run) =>
      run.world.refunds.flatMap(({ id }) => {
        const refund = fleet.gateway.refunds.get(id);
        if (!refund) return [];
        refund.at = isEnd ? refund.path.length - 1 : fleet.random.int(refund.at, refund.path.length - 1);
        return [{ run, refundId: id, outcome: refundOutcomeAt(refund, refund.at) }];
      }),
    );
    await tellOfRefunds(fleet, refundNews);
    await compare(fleet);
  }
}
