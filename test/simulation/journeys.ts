import { type ChargeOutcome, recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { lookUpPayment, submitCharge } from '#features/payments/submit-charge.ts';
import { duePayments } from '#features/payments/sweep-lookups.ts';
import { type RefundNews, recordRefundOutcomes } from '#features/refunds/record-refund-outcomes.ts';
import { lookUpRefund, submitRefund } from '#features/refunds/submit-refund.ts';
import { submitVoid } from '#features/refunds/submit-void.ts';
import { dueGiveBacks } from '#features/refunds/sweep-refunds.ts';
import { start } from '../support/given.ts';
import { drawPlan, shuffled } from './draw.ts';
import { chancesOf, type Fleet, type Journey, type Run, today } from './fleet.ts';
import { hearOf, hearTold, hearWhenDone } from './hearing.ts';
import { type CallPlan, outcomeAt } from './model-gateway.ts';
import { refundOutcomeAt } from './model-refunds.ts';
import type { ModelPayment } from './reference-model.ts';
import { heardOfRefund, type ModelRefund, stands } from './reference-refunds.ts';
import { webhook } from './webhooks.ts';

/** Jobs, each with the id of the payment or refund that it is for. */
const jobs = {
  submit: submitCharge,
  'look up': lookUpPayment,
  void: submitVoid,
  refund: submitRefund,
  'look up refund': lookUpRefund,
  webhook,
} as const;
export type Errand = { run: Run; id: string; what: keyof typeof jobs; plan: CallPlan };

const byGateway = (run: Run): ModelPayment[] =>
  run.world.payments.filter((payment) => payment.way !== 'hand');

/** Jobs for a few payments of a world, some of them doubled, over a line that may be bad. */
export function drawErrands(run: Run): Errand[] {
  const random = chancesOf(run);
  const back = givingBack(run);
  if (back.length > 0 && random.chance(0.5)) {
    const { id, what } = random.pick(back);
    return Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => ({
      run,
      id,
      what,
      plan: drawPlan(random),
    }));
  }
  const payments = byGateway(run);
  const doubtful = payments.filter((payment) => payment.heard < 0);
  const from = doubtful.length > 0 && random.chance(0.8) ? doubtful : payments;
  if (from.length === 0) return [];
  const drawn = Array.from({ length: random.int(1, 3) }, () => random.pick(from)).flatMap((payment) =>
    Array.from(
      { length: random.chance(0.25) ? 2 : 1 },
      (): Errand => ({
        run,
        id: payment.id,
        what: random.pick(['submit', 'submit', 'submit', 'look up', 'webhook']),
        plan: drawPlan(random),
      }),
    ),
  );
  return drawn.filter((errand, at) => !isLeftToChance(run, drawn.slice(0, at), errand));
}

/**
 * Of two who set out at once with a debit that never left and is barred by now, who comes first decides
 * whether it was declined or is in doubt. Both are right, and nobody could say which: only the first goes.
 */
const isLeftToChance = (run: Run, before: readonly Errand[], { id }: Errand): boolean => {
  const payment = run.world.payments.find((each) => each.id === id);
  const neverLeft = payment?.submittedOn === undefined;
  return neverLeft && isBarred(run, payment) && before.some((each) => each.id === id);
};

/** What a world waits for: refunds to be sent or asked about, and voids that were asked for. */
function givingBack({ world }: Run): Pick<Errand, 'id' | 'what'>[] {
  const refunds = world.refunds.filter(({ byHand }) => !byHand);
  return [
    ...refunds.flatMap(({ id }) => [
      { id, what: 'refund' as const },
      { id, what: 'look up refund' as const },
    ]),
    ...world.payments
      .filter(({ voidWish, way }) => voidWish === 'asked' && way !== 'hand')
      .map(({ id }) => ({ id, what: 'void' as const })),
  ];
}

/** Set out, and come back when the job is done or waits for the gateway. */
export async function setOut(fleet: Fleet, { run, id, what, plan: drawn }: Errand): Promise<void> {
  const { db, organizationId, gatewayAccountId } = fleet.books;
  const refund = refundOf(run, id);
  const payment = run.world.payments.find((each) => each.id === id || each.key === refund?.payment);
  // Whoever looks up what never left sends it next, and finds that somebody (it was he) may have sent it.
  const wasSubmitted = what !== 'submit' || payment?.submittedOn !== undefined;
  if (payment && !refund && what !== 'void') payment.submittedOn ??= today(fleet);
  const isStanding = payment !== undefined && stands(payment, fleet.gateway.charges);
  if (refund) depart(refund, isStanding);
  const plan = { ...drawn, isBarred: isBarred(run, payment) };
  const line = fleet.gateway.line(plan);
  const parked = line.parked();
  const done = jobs[what](
    { db, gateways: { open: () => line } },
    { organizationId, gatewayAccountId, paymentId: id, refundId: id },
  );
  run.trace.push(`${run.step} ${what} ${keyOf(run, id)} (${plan.charge}, lookup ${plan.lookup})`);
  const waiting = { paymentId: id, goOn: () => undefined };
  await follow(fleet, run, { what, waiting, line, plan, done, id, wasSubmitted }, parked);
}

/** Promise 8: what must not be debited by whoever sets out from now on. */
const isBarred = ({ world }: Run, payment: ModelPayment | undefined): boolean =>
  payment?.method !== undefined && world.methods[payment.method]?.state !== 'active';

/** A refund whose payment has ended by then is not sent: it fails here. */
function depart(refund: ModelRefund, isStanding: boolean): void {
  if (refund.hasLeft || refund.isDropped) return;
  if (isStanding) refund.hasLeft = true;
  else refund.isDropped = true;
}

const refundOf = (run: Run, id: string): ModelRefund | undefined =>
  run.world.refunds.find((refund) => refund.id === id);

async function follow(
  fleet: Fleet,
  run: Run,
  journey: Journey,
  parked: ReturnType<Journey['line']['parked']>,
): Promise<void> {
  const waiting = await Promise.race([journey.done.then(() => undefined), parked]);
  if (!waiting) return hearWhenDone(fleet, run, journey);
  // What it was told before it asked again is in the books.
  hearTold(fleet, run, journey);
  run.journeys.push({ ...journey, waiting });
}

/** Let jobs that wait go on; one in four is forgotten instead: its process died. */
export async function goOn(fleet: Fleet, run: Run, all = false): Promise<void> {
  const random = chancesOf(run);
  const going = all ? run.journeys : run.journeys.filter(() => random.chance(0.6));
  run.journeys = run.journeys.filter((journey) => !going.includes(journey));
  await Promise.all(
    going.map(async (journey) => {
      if (random.chance(0.25)) {
        run.trace.push(`${run.step} the process died that waited for ${keyOf(run, journey.id)}`);
        return;
      }
      run.trace.push(`${run.step} the gateway goes on with ${keyOf(run, journey.id)}`);
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
        recordChargeOutcomes(tx, actor, { organizationId, outcomes, quiet: true }, fleet.now),
      ),
    ),
  );
  for (const { run, paymentId, outcome } of news) {
    run.trace.push(`${run.step} news of ${keyOf(run, paymentId)}: ${outcome.outcome}`);
    const payment = run.world.payments.find(({ id }) => id === paymentId);
    if (payment) hearOf(fleet, run, payment, outcome);
  }
}

type RefundTold = RefundNews & { run: Run };

/** The same of refunds. */
export function drawRefundNews(run: Run, { gateway }: Fleet): RefundTold[] {
  const random = chancesOf(run);
  const news: RefundTold[] = [];
  for (const { id } of run.world.refunds) {
    const refund = gateway.refunds.get(id);
    if (!refund) continue;
    if (random.chance(0.5)) refund.at = Math.min(refund.path.length - 1, refund.at + random.int(1, 2));
    for (let copy = random.int(0, 2); copy > 0; copy -= 1)
      news.push({ run, refundId: id, outcome: refundOutcomeAt(refund, random.int(0, refund.at)) });
  }
  return shuffled(news, random).slice(0, 8);
}

export async function tellOfRefunds(fleet: Fleet, news: readonly RefundTold[]): Promise<void> {
  if (news.length === 0) return;
  const { organizationId, actor } = fleet.books;
  const batches = [news, ...(fleet.random.chance(0.3) ? [[...news].reverse()] : [])];
  await Promise.all(
    batches.map((outcomes) =>
      fleet.books.tx((tx) =>
        recordRefundOutcomes(tx, actor, { organizationId, outcomes, quiet: true }, start),
      ),
    ),
  );
  for (const { run, refundId, outcome } of news) {
    run.trace.push(`${run.step} news of refund ${keyOf(run, refundId)}: ${outcome.outcome}`);
    const refund = refundOf(run, refundId);
    if (refund) heardOfRefund(refund, outcome.outcome, fleet.gateway.refunds.get(refundId));
  }
}

/** The payments and refunds that the organization's clock says are to be asked about. */
export async function dueErrands(fleet: Fleet, doubled: number): Promise<Errand[]> {
  const { books, runs, now } = fleet;
  const payments = await duePayments(books.db, books.organizationId, now);
  const { refundIds, voidIds } = await dueGiveBacks(books.db, books.organizationId, now);
  const due = [
    ...payments.map((id) => ({ id, what: 'look up' as const })),
    ...refundIds.map((id) => ({ id, what: 'look up refund' as const })),
    ...voidIds.map((id) => ({ id, what: 'void' as const })),
  ];
  return due.flatMap(({ id: sought, what }) => {
    const isOf = ({ id }: { id: string }): boolean => id === sought;
    const run = runs.find(({ world }) => world.payments.some(isOf) || world.refunds.some(isOf)) as Run;
    const random = chancesOf(run);
    const errand = (): Errand => ({ run, id: sought, what, plan: drawPlan(random) });
    return random.chance(doubled) ? [errand(), errand()] : [errand()];
  });
}

const keyOf = (run: Run, sought: string): string =>
  [...run.world.payments, ...run.world.refunds].find(({ id }) => id === sought)?.key ?? sought;
