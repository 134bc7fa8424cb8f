import { reviseInvoices } from '#features/invoices/revise-invoices.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { requestRefunds } from '#features/refunds/request-refunds.ts';
import type { Random } from '#lib/random.ts';
import { chargeAsk, handPayment, start } from '../support/given.ts';
import { partsOf, paymentOf, performOne } from './acts-more.ts';
import { drawPay, drawRefund, drawRevision, drawToken, drawVoid, drawVoidPayment, shuffled } from './draw.ts';
import { drawApplying, drawCredit, drawDispute, drawRemoval, drawTry } from './draw-more.ts';
import { chancesOf, type Fleet, fail, type Run, saying, today } from './fleet.ts';
import { drawLateFee } from './late-fees.ts';
import { type Act, explain, type Pay, type Result, type Revise, type World } from './reference-model.ts';
import type { RefundAct } from './reference-refunds.ts';
import { told } from './told.ts';

export type Deed = {
  run: Run;
  act: Act;
  lane: number;
  token: string;
  kind: 'card' | 'bank_account';
  result?: Result;
  /** Of the payment, refund or credit memo that it made. */
  madeId?: string;
};

/**
 * One to three acts of a world. More than one happen at the same moment: in one batch, or in batches that
 * race.
 */
export function drawActs(run: Run, fleet: Fleet): Deed[] {
  const random = chancesOf(run);
  const count = random.chance(0.3) ? random.int(2, 3) : 1;
  const acts: Act[] = [];
  for (let at = 0; at < count; at += 1) {
    const twin = at > 0 && random.chance(0.3) ? acts[at - 1] : undefined;
    // Two credit memos that say the same are two.
    if (twin && twin.do !== 'credit') acts.push(twin);
    else acts.push(drawAct(run, fleet, random, at));
  }
  const together = random.chance(0.3);
  return acts.map((act, at) => ({ run, act, lane: together ? 0 : at, ...tokenOf(act, random) }));
}

function drawAct(run: Run, fleet: Fleet, random: Random, at: number): Act {
  const key = `${run.seed}.${run.step}.${at}`;
  const pay = { key, on: today(fleet) };
  const rare = drawRare(run, fleet, random, key);
  if (rare) return rare;
  const again = random.chance(0.5) ? drawTry(run.world, fleet.gateway, random, pay) : undefined;
  return again ?? drawPay(run.world, fleet.gateway.charges, random, pay);
}

/** All but payments; undefined where a world has nothing for what was drawn. */
function drawRare({ world }: Run, { gateway }: Fleet, random: Random, key: string): Act | undefined {
  const chance = random.next();
  if (chance < 0.2) return drawRefund(world, gateway, random, key);
  if (chance < 0.26) return drawVoidPayment(world, gateway, random);
  if (chance < 0.31) return drawVoid(world, random);
  if (chance < 0.36) return drawRevision(world, gateway.charges, random);
  if (chance < 0.5) return drawCredit(world, gateway, random, key);
  if (chance < 0.6) return drawApplying(world, gateway, random);
  if (chance < 0.69) return drawDispute(world, gateway, random);
  if (chance < 0.71) return drawRemoval(world, random);
  if (chance < 0.78) return drawLateFee(world, random, key);
  return undefined;
}

function tokenOf(act: Act, random: Random): Pick<Deed, 'token' | 'kind'> {
  if (!('way' in act) || act.way === 'hand') return { token: '', kind: 'card' };
  // Whoever asks may call a bank account a card; the gateway knows better.
  const other = act.way === 'card' ? 'bank_account' : 'card';
  const isStored = act.method !== undefined;
  const kind = random.chance(0.05) && !isStored ? other : act.way;
  return { token: drawToken(act.way, random, isStored), kind };
}

/**
 * Do what was drawn, a batch for each lane and kind, all at the same moment; then let the model explain the
 * answers.
 */
export async function perform(fleet: Fleet, deeds: readonly Deed[]): Promise<void> {
  const lanes = [...new Set(deeds.map(({ lane }) => lane))];
  const inLane = (lane: number, what: Act['do']) =>
    shuffled(
      deeds.filter((deed) => deed.lane === lane && deed.act.do === what),
      fleet.random,
    );
  await Promise.all(
    lanes.flatMap((lane) => [
      payInHand(fleet, inLane(lane, 'pay')),
      askForCharges(fleet, inLane(lane, 'charge')),
      reviseAll(fleet, inLane(lane, 'revise')),
      refundAll(fleet, inLane(lane, 'refund')),
      ...shuffled(
        deeds.filter((deed) => deed.lane === lane),
        fleet.random,
      ).map((deed) => performOne(fleet, deed)),
    ]),
  );
  for (const run of new Set(deeds.map((deed) => deed.run)))
    settle(
      fleet,
      run,
      deeds.filter((deed) => deed.run === run),
    );
}

async function payInHand({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const payments = deeds.map(({ run, act }) => {
    const { key, customer, amount, applications } = act as Pay;
    return handPayment(books, {
      requestKey: key,
      customerId: run.customerIds[customer] as string,
      amount,
      applications: partsOf(run, applications),
    });
  });
  keep(
    deeds,
    await books.tx((tx) =>
      recordPayments(tx, books.actor, { organizationId: books.organizationId, payments, quiet: true }, start),
    ),
  );
}

async function askForCharges({ books, now }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const charges = deeds.map(({ run, act, kind, token }) => {
    const { key, customer, amount, applications, store, method, on } = act as Pay;
    return chargeAsk(books, {
      requestKey: key,
      customerId: run.customerIds[customer] as string,
      amount,
      applications: partsOf(run, applications),
      kind,
      receivedOn: on,
      gatewaySource: method === undefined ? { kind: 'one_time', token, store } : { kind: 'stored', token },
      ...(method === undefined ? {} : { paymentMethodId: run.world.methods[method]?.id }),
    });
  });
  keep(
    deeds,
    await books.tx((tx) =>
      requestCharges(tx, books.actor, { organizationId: books.organizationId, charges, quiet: true }, now),
    ),
  );
}

function keep(deeds: readonly Deed[], verdicts: readonly Verdict[]): void {
  deeds.forEach((deed, at) => {
    const verdict = verdicts[at] as Verdict;
    deed.result = verdict.ok ? (verdict.replayed ? 'again' : 'new') : verdict.code;
    if (verdict.ok) deed.madeId = verdict.paymentId;
  });
}

async function reviseAll({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const { organizationId, actor } = books;
  const revisions = deeds.map(({ run, act }) => {
    const { invoice, total } = act as Revise;
    const document = { ...(run.documents[invoice] as InvoiceDocument), ...saying(total) };
    return { invoiceId: run.invoiceIds[invoice] as string, document };
  });
  const verdicts = await books.tx((tx) => reviseInvoices(tx, actor, { organizationId, revisions }, start));
  deeds.forEach((deed, at) => {
    const verdict = verdicts[at];
    deed.result = verdict?.ok ? (verdict.changed ? 'new' : 'again') : 'refused';
  });
}

async function refundAll({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const { organizationId, actor } = books;
  const refunds = deeds.map((deed) => {
    const { key, ask } = deed.act as RefundAct;
    const lines = ask.split && partsOf(deed.run, ask.split.lines);
    return {
      requestKey: key,
      paymentId: paymentOf(deed),
      feeHandling: 'inclusive' as const,
      sendReceipt: false,
      principal: ask.principal,
      ...(ask.split ? { lines, fromUnapplied: ask.split.unapplied } : {}),
    };
  });
  const verdicts = await books.tx((tx) =>
    requestRefunds(tx, actor, { organizationId, refunds, quiet: true }, start),
  );
  deeds.forEach((deed, at) => {
    const verdict = verdicts[at] as (typeof verdicts)[0];
    deed.result = verdict.ok ? (verdict.replayed ? 'again' : 'new') : verdict.code;
    if (verdict.ok) deed.madeId = verdict.refundId;
  });
}

function settle({ gateway }: Fleet, run: Run, deeds: readonly Deed[]): void {
  const acts = deeds.map((deed) => deed.act);
  const results = deeds.map((deed) => deed.result ?? 'nothing');
  const meanwhile = acts.length > 1 ? ' (at the same moment)' : '';
  for (const [at, act] of acts.entries())
    run.trace.push(`${run.step} ${told(act)} → ${results[at]}${meanwhile}`);
  const worlds = explain(run.world, gateway, acts, results);
  if (!worlds[0]) throw fail(run, 'the model has no order of these acts that gives these answers');
  run.world = worlds[0];
  run.otherwise = worlds.slice(1);
  for (const { act, madeId } of deeds)
    if (madeId && 'key' in act) for (const world of worlds) name(run, world, act, madeId);
}

/** What the model made gets the id that the books gave it; a key has one. */
function name(run: Run, world: World, act: Act & { key: string }, madeId: string): void {
  const { key } = act;
  const isMemo = act.do === 'credit' || act.do === 'remove fee';
  const list = act.do === 'refund' ? world.refunds : isMemo ? world.memos : world.payments;
  const made = list.find((each) => each.key === key);
  // A fee that was not paid is removed without one.
  if (!made && act.do === 'remove fee') return;
  if (!made) throw fail(run, `${key} was accepted and is not there`);
  if (made.id !== '' && made.id !== madeId) throw fail(run, `${key} was made twice`);
  made.id = madeId;
}
