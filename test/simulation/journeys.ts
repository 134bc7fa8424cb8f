import { sql } from 'kysely';
import { type ChargeOutcome, recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { lookUpPayment, submitCharge } from '#features/payments/submit-charge.ts';
import { duePayments } from '#features/payments/sweep-lookups.ts';
import { organizationNow } from '#lib/clock.ts';
import { start } from '../support/given.ts';
import { drawPlan, shuffled } from './draw.ts';
import { chancesOf, type Fleet, type Journey, type Run } from './fleet.ts';
import { type CallPlan, outcomeAt } from './model-gateway.ts';
import { hear, type ModelPayment } from './reference-model.ts';

type Errand = { run: Run; paymentId: string; what: 'submit' | 'look up'; plan: CallPlan };

const byGateway = (run: Run): ModelPayment[] =>
  run.world.payments.filter((payment) => payment.way !== 'hand');

/** Jobs for a few payments of a world, some of them doubled, over a line that may be bad. */
export function drawErrands(run: Run): Errand[] {
  const random = chancesOf(run);
  const payments = byGateway(run);
  const doubtful = payments.filter((payment) => payment.heard < 0);
  const from = doubtful.length > 0 && random.chance(0.8) ? doubtful : payments;
  if (from.length === 0) return [];
  return Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => random.pick(from)).flatMap((payment) =>
    Array.from(
      { length: random.chance(0.25) ? 2 : 1 },
      (): Errand => ({
        run,
        paymentId: payment.id,
        what: random.chance(0.6) ? 'submit' : 'look up',
        plan: drawPlan(random),
      }),
    ),
  );
}

/** Set out, and come back when the job is done or waits for the gateway. */
export async function setOut(fleet: Fleet, { run, paymentId, what, plan }: Errand): Promise<void> {
  const { db, organizationId } = fleet.books;
  const line = fleet.gateway.line(plan);
  const parked = line.parked();
  const go = what === 'submit' ? submitCharge : lookUpPayment;
  const done = go({ db, gateways: { open: () => line } }, { organizationId, paymentId });
  run.trace.push(`${run.step} ${what} ${keyOf(run, paymentId)} (${plan.charge}, lookup ${plan.lookup})`);
  await follow(fleet, run, { waiting: { paymentId, goOn: () => undefined }, line, done, paymentId }, parked);
}

async function follow(
  { gateway }: Fleet,
  run: Run,
  journey: Journey,
  parked: ReturnType<Journey['line']['parked']>,
): Promise<void> {
  const waiting = await Promise.race([journey.done.then(() => undefined), parked]);
  if (waiting) {
    run.journeys.push({ ...journey, waiting });
    return;
  }
  const { told } = journey.line;
  const payment = run.world.payments.find(({ id }) => id === journey.paymentId);
  if (told && told.outcome !== 'absent' && payment) hear(payment, told, gateway.charges.get(payment.id));
}

/** Let jobs that wait go on; one in four is forgotten instead: its process died. */
export async function goOn(fleet: Fleet, run: Run, all = false): Promise<void> {
  const random = chancesOf(run);
  const going = all ? run.journeys : run.journeys.filter(() => random.chance(0.6));
  run.journeys = run.journeys.filter((journey) => !going.includes(journey));
  await Promise.all(
    going.map(async (journey) => {
      if (random.chance(0.25)) {
        run.trace.push(`${run.step} the process died that waited for ${keyOf(run, journey.paymentId)}`);
        return;
      }
      run.trace.push(`${run.step} the gateway goes on with ${keyOf(run, journey.paymentId)}`);
      const parked = journey.line.parked();
      journey.waiting.goOn();
      await follow(fleet, run, journey, parked);
    }),
  );
}

type News = ChargeOutcome & { run: Run };

/** Charges move on at the gateway, and some of what is and was so is told: late, twice, in any order. */
export function drawNews(run: Run, fleet: Fleet): News[] {
  const random = chancesOf(run);
  const news: News[] = [];
  for (const payment of byGateway(run)) {
    const charge = fleet.gateway.charges.get(payment.id);
    if (!charge) {
      if (random.chance(0.1))
        news.push({ run, paymentId: payment.id, outcome: { outcome: 'unknown', reason: 'no answer' } });
      continue;
    }
    if (random.chance(0.6)) charge.at = Math.min(charge.path.length - 1, charge.at + random.int(1, 2));
    for (let copy = random.int(0, 2); copy > 0; copy -= 1) {
      news.push({ run, paymentId: payment.id, outcome: outcomeAt(charge, random.int(0, charge.at)) });
    }
  }
  return shuffled(news, random).slice(0, 8);
}

/**
 * Record news of all worlds in a batch; sometimes the same batch twice at the same moment, the other way
 * round.
 */
export async function tell(fleet: Fleet, news: readonly News[]): Promise<void> {
  if (news.length === 0) return;
  const { organizationId, actor } = fleet.books;
  const batches = [news, ...(fleet.random.chance(0.3) ? [[...news].reverse()] : [])];
  await Promise.all(
    batches.map((outcomes) =>
      fleet.books.tx((tx) =>
        recordChargeOutcomes(tx, actor, { organizationId, outcomes, quiet: true }, start),
      ),
    ),
  );
  for (const { run, paymentId, outcome } of news) {
    run.trace.push(`${run.step} news of ${keyOf(run, paymentId)}: ${outcome.outcome}`);
    const payment = run.world.payments.find(({ id }) => id === paymentId);
    if (payment) hear(payment, outcome, fleet.gateway.charges.get(paymentId));
  }
}

/** The payments that the organization's clock says are to be asked about. */
export async function dueErrands(fleet: Fleet, doubled: number): Promise<Errand[]> {
  const { books, runs } = fleet;
  const row = await books.tx((tx) =>
    tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${books.organizationId}`,
    ),
  );
  const due = await duePayments(
    books.db,
    books.organizationId,
    organizationNow(row ?? { clockOffsetMs: 0n }),
  );
  return due.flatMap((paymentId) => {
    const run = runs.find(({ world }) => world.payments.some(({ id }) => id === paymentId)) as Run;
    const random = chancesOf(run);
    const errand = (): Errand => ({ run, paymentId, what: 'look up', plan: drawPlan(random) });
    return random.chance(doubled) ? [errand(), errand()] : [errand()];
  });
}

const keyOf = (run: Run, paymentId: string): string =>
  run.world.payments.find(({ id }) => id === paymentId)?.key ?? paymentId;
