import { seeded } from '#lib/random.ts';
import { drawActs, perform } from './acts.ts';
import { audit } from './audit.ts';
import { compare } from './compare.ts';
import { tellOfAllDisputes } from './disputes.ts';
import { shuffled } from './draw.ts';
import { chancesOf, type Fleet, issue, launch, passTime, type Run, tick } from './fleet.ts';
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
import { workADay } from './late-fees.ts';
import { outcomeAt } from './model-gateway.ts';
import { refundOutcomeAt } from './model-refunds.ts';
import { lookAfter, pull, pullSome } from './payouts.ts';
import { stateOf } from './reference-model.ts';

/**
 * How many seeds share an organization, and so a batch. A seed is replayed together with the others of its
 * fleet.
 */
const fleetSize = 40;
export const fleetOf = (seed: number): number[] => {
  const first = Math.floor(seed / fleetSize) * fleetSize;
  return Array.from({ length: fleetSize }, (_, at) => first + at);
};

const day_s = 86_400;
// The clock of a machine jumps as well.
const waits_s = [45, 45, 130, 130, 700, 700, 9_000, 100_000, 7 * day_s, 40 * day_s, 200 * day_s] as const;

export const noFigures = {
  ...{ seeds: 0, steps: 0, payments: 0, charges: 0, refunds: 0, voids: 0, credits: 0, applied: 0 },
  ...{ disputes: 0, payouts: 0, exceptions: 0 },
  // Debits of accounts on file, those that came back, and the accounts that were blocked.
  ...{ debits: 0, returned: 0, blocked: 0 },
  ...{ fees: 0, waived: 0, removed: 0, feesCredited: 0 },
};
export type Figures = typeof noFigures;

/** Let one fleet live: its worlds step together, and after each step every row is compared with the model. */
export async function simulate(seeds: readonly number[]): Promise<{ fleet: Fleet; figures: Figures }> {
  const fleet = await launch(seeds);
  const steps = fleet.random.int(12, 17);
  for (let step = 1; step <= steps; step += 1) {
    for (const run of fleet.runs) run.step = step;
    // What a race left behind must not shift what is drawn in the steps after it: a seed shows its failure again.
    fleet.random = seeded((seeds[0] ?? 0) * 1009 + step);
    tick(fleet);
    if (fleet.random.chance(0.15)) await passSomeTime(fleet);
    else await takeStep(fleet);
    await compare(fleet);
    if (fleet.random.chance(0.3)) {
      await workADay(fleet);
      await compare(fleet);
    }
  }
  await bringHome(fleet);
  await audit(fleet);
  return { fleet, figures: { ...figuresOf(fleet), steps: steps * seeds.length } };
}

function figuresOf({ runs, gateway, payouts }: Fleet): Omit<Figures, 'steps'> {
  const worlds = runs.map(({ world }) => world);
  const fees = worlds.flatMap(({ invoices }) => invoices.flatMap((invoice) => invoice.fees));
  const inState = (state: string) => fees.filter((fee) => fee.state === state).length;
  const payments = worlds.flatMap((world) => world.payments);
  const debits = payments.filter(({ method }) => method !== undefined);
  return {
    seeds: runs.length,
    payments: payments.length,
    charges: gateway.charges.size,
    refunds: worlds.flatMap(({ refunds }) => refunds).length,
    voids: payments.filter((each) => each.voidWish !== 'none' || each.isVoid).length,
    credits: worlds.flatMap(({ memos }) => memos).length,
    applied: payments.filter(({ asked, applications }) => asked !== applications).length,
    disputes: worlds.flatMap(({ disputes }) => disputes).length,
    payouts: payouts.told.size,
    exceptions: gateway.payouts.payouts.filter(
      ({ flaw, reference }) => flaw !== 'none' && payouts.told.has(reference),
    ).length,
    debits: debits.length,
    returned: debits.filter((each) => stateOf(each, gateway.charges) === 'returned').length,
    blocked: worlds.flatMap(({ methods }) => methods).filter(({ state }) => state === 'blocked').length,
    fees: inState('posted'),
    waived: inState('waived'),
    removed: inState('removed'),
    feesCredited: inState('credited'),
  };
}

/** What each world does now; all of it happens at the same moment. */
async function takeStep(fleet: Fleet): Promise<void> {
  const does = (low: number, high: number) =>
    fleet.runs.filter((run) => {
      const chance = chancesOf(run).next();
      return chance >= low && chance < high;
    });
  const { random } = fleet;
  const payouts = random.chance(0.3) ? 'pulled' : random.chance(0.1) ? 'looked after' : 'left alone';
  if (random.chance(0.3)) fleet.gateway.land();
  fleet.gateway.moveOn(random);
  const deeds = does(0, 0.45).flatMap((run) => drawActs(run, fleet));
  const errands = does(0.45, 0.7).flatMap(drawErrands);
  const news = does(0.7, 0.81).flatMap((run) => drawNews(run, fleet));
  const refundNews = does(0.81, 0.85).flatMap((run) => drawRefundNews(run, fleet));
  await Promise.all([
    ...(payouts === 'pulled' ? [pullSome(fleet)] : []),
    ...(payouts === 'looked after' ? [lookAfter(fleet, false)] : []),
    perform(fleet, deeds),
    ...errands.map((errand) => setOut(fleet, errand)),
    tell(fleet, news),
    tellOfRefunds(fleet, refundNews),
    ...does(0.85, 0.95).map((run) => goOn(fleet, run)),
    issue(fleet, does(0.95, 0.98)),
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
  // What has not arrived after hours never will.
  await passTime(fleet, 3 * 3600);
  const good = { charge: 'answers', lookup: 'answers' } as const;
  const ours = (run: Run) => run.world.payments.filter((payment) => payment.way !== 'hand');
  await Promise.all(
    fleet.runs.flatMap((run) =>
      ours(run)
        .filter(({ heard, isDropped }) => heard < 0 && !isDropped)
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
  await bringPayoutsHome(fleet);
}

/** All that the gateway has to say of payouts and disputes, twice; and each exception gets its owner. */
async function bringPayoutsHome(fleet: Fleet): Promise<void> {
  const desk = fleet.gateway.payouts;
  for (let at = 0; at < 3; at += 1) desk.make(fleet.random);
  for (const payout of desk.payouts) payout.at = payout.versions.length - 1;
  await pull(fleet);
  await pull(fleet);
  await lookAfter(fleet, true);
  await tellOfAllDisputes(fleet);
  await compare(fleet);
}
