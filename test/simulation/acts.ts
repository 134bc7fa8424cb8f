import { reviseInvoices } from '#features/invoices/revise-invoices.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { requestRefunds } from '#features/refunds/request-refunds.ts';
import { requestVoid } from '#features/refunds/request-void.ts';
import { Refusal } from '#lib/errors.ts';
import type { Random } from '#lib/random.ts';
import { chargeAsk, handPayment, start } from '../support/given.ts';
import { drawPay, drawRefund, drawRevision, drawToken, drawVoid, drawVoidPayment, shuffled } from './draw.ts';
import { chancesOf, type Fleet, fail, type Run, saying } from './fleet.ts';
import { type Act, explain, type Pay, type Result, type Revise, type World } from './reference-model.ts';
import type { RefundAct } from './reference-refunds.ts';

type Deed = {
  run: Run;
  act: Act;
  lane: number;
  token: string;
  kind: 'card' | 'bank_account';
  result?: Result;
  paymentId?: string;
  refundId?: string;
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
    if (twin) acts.push(twin);
    else acts.push(drawAct(run, fleet, random, at));
  }
  const together = random.chance(0.3);
  return acts.map((act, at) => ({ run, act, lane: together ? 0 : at, ...tokenOf(act, random) }));
}

function drawAct(run: Run, { gateway }: Fleet, random: Random, at: number): Act {
  const chance = random.next();
  const key = `${run.seed}.${run.step}.${at}`;
  const back =
    chance < 0.3
      ? drawRefund(run.world, gateway, random, key)
      : chance < 0.4
        ? drawVoidPayment(run.world, random)
        : undefined;
  if (back) return back;
  if (chance >= 0.4 && chance < 0.5) return drawVoid(run.world, random);
  if (chance >= 0.5 && chance < 0.6) return drawRevision(run.world, gateway.charges, random);
  return drawPay(run.world, gateway.charges, random, key);
}

function tokenOf(act: Act, random: Random): Pick<Deed, 'token' | 'kind'> {
  if (!('way' in act) || act.way === 'hand') return { token: '', kind: 'card' };
  // Whoever asks may call a bank account a card; the gateway knows better.
  const other = act.way === 'card' ? 'bank_account' : 'card';
  return { token: drawToken(act.way, random), kind: random.chance(0.05) ? other : act.way };
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
      ...inLane(lane, 'void').map((deed) => voidOne(fleet, deed)),
      ...inLane(lane, 'void payment').map((deed) => voidPayment(fleet, deed)),
    ]),
  );
  for (const run of new Set(deeds.map((deed) => deed.run)))
    settle(
      fleet,
      run,
      deeds.filter((deed) => deed.run === run),
    );
}

const applicationsOf = ({ run, act }: Deed) =>
  (act as Pay).applications.map(({ invoice, amount }) => ({
    invoiceId: run.invoiceIds[invoice] as string,
    amount,
  }));
const customerOf = ({ run, act }: Deed): string => run.customerIds[(act as Pay).customer] as string;

async function payInHand({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const payments = deeds.map((deed) =>
    handPayment(books, {
      requestKey: (deed.act as Pay).key,
      customerId: customerOf(deed),
      amount: (deed.act as Pay).amount,
      applications: applicationsOf(deed),
    }),
  );
  keep(
    deeds,
    await books.tx((tx) =>
      recordPayments(tx, books.actor, { organizationId: books.organizationId, payments, quiet: true }, start),
    ),
  );
}

async function askForCharges({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const charges = deeds.map((deed) =>
    chargeAsk(books, {
      requestKey: (deed.act as Pay).key,
      customerId: customerOf(deed),
      amount: (deed.act as Pay).amount,
      applications: applicationsOf(deed),
      kind: deed.kind,
      gatewaySource: { kind: 'one_time', token: deed.token, store: (deed.act as Pay).store },
    }),
  );
  keep(
    deeds,
    await books.tx((tx) =>
      requestCharges(tx, books.actor, { organizationId: books.organizationId, charges, quiet: true }, start),
    ),
  );
}

function keep(deeds: readonly Deed[], verdicts: readonly Verdict[]): void {
  deeds.forEach((deed, at) => {
    const verdict = verdicts[at] as Verdict;
    deed.result = verdict.ok ? (verdict.replayed ? 'again' : 'new') : verdict.code;
    if (verdict.ok) deed.paymentId = verdict.paymentId;
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

async function voidOne({ books }: Fleet, deed: Deed): Promise<void> {
  const invoiceId = deed.run.invoiceIds[deed.act.do === 'void' ? deed.act.invoice : 0] as string;
  const ask = { organizationId: books.organizationId, invoiceId, reason: 'simulated' };
  await unlessRefused(deed, () => books.tx((tx) => voidInvoice(tx, books.actor, ask, start)));
}

const paymentOf = ({ run, act }: Deed): string => {
  const key = 'payment' in act ? act.payment : '';
  return run.world.payments.find((payment) => payment.key === key)?.id as string;
};

async function refundAll({ books }: Fleet, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  const { organizationId, actor } = books;
  const refunds = deeds.map((deed) => {
    const { key, ask } = deed.act as RefundAct;
    const lines = ask.split?.lines.map(({ invoice, amount }) => ({
      invoiceId: deed.run.invoiceIds[invoice] as string,
      amount,
    }));
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
    if (verdict.ok) deed.refundId = verdict.refundId;
  });
}

async function voidPayment({ books }: Fleet, deed: Deed): Promise<void> {
  const { organizationId, actor } = books;
  const ask = { organizationId, paymentId: paymentOf(deed), sendReceipt: false, quiet: true };
  await unlessRefused(deed, () => books.tx((tx) => requestVoid(tx, actor, ask, start)));
}

async function unlessRefused(deed: Deed, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    deed.result = 'new';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deed.result = error.code;
  }
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
  for (const { act, refundId } of deeds) {
    if (!refundId || act.do !== 'refund') continue;
    for (const world of worlds) nameRefund(run, world, act.key, refundId);
  }
  for (const { act, paymentId } of deeds) {
    if (!paymentId || !('key' in act)) continue;
    for (const world of worlds) name(run, world, act.key, paymentId);
  }
}

function name(run: Run, world: World, key: string, paymentId: string): void {
  const payment = world.payments.find((each) => each.key === key);
  if (!payment) throw fail(run, `${key} was accepted and is not there`);
  if (payment.id !== '' && payment.id !== paymentId) throw fail(run, `${key} made two payments`);
  payment.id = paymentId;
}

function nameRefund(run: Run, world: World, key: string, refundId: string): void {
  const refund = world.refunds.find((each) => each.key === key);
  if (!refund) throw fail(run, `refund ${key} was accepted and is not there`);
  if (refund.id !== '' && refund.id !== refundId) throw fail(run, `${key} made two refunds`);
  refund.id = refundId;
}

function told(act: Act): string {
  if (act.do === 'void payment') return `void payment ${act.payment}`;
  if (act.do === 'refund') {
    const { principal, split } = act.ask;
    const parts = split?.lines.map(({ invoice, amount }) => `#${invoice} ${amount}`) ?? [];
    const much = split ? `${split.unapplied} of cash, ${parts.join(', ')}` : (principal ?? 'all');
    return `refund ${act.key} of ${act.payment}: ${much}`;
  }
  if (act.do === 'void') return `void #${act.invoice}`;
  if (act.do === 'revise') return `revise #${act.invoice} to ${act.total}`;
  const parts = act.applications.map(({ invoice, amount }) => `#${invoice} ${amount}`).join(', ');
  return `${act.do} ${act.key} ${act.way} ${act.amount} by ${act.customer} for ${parts || 'nothing'}`;
}
