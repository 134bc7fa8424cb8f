import { reviseInvoices } from '#features/invoices/revise-invoices.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { Refusal } from '#lib/errors.ts';
import type { Random } from '#lib/random.ts';
import { chargeAsk, handPayment, start } from '../support/given.ts';
import { drawPay, drawRevision, drawToken, drawVoid, shuffled } from './draw.ts';
import { chancesOf, type Fleet, fail, type Run, saying } from './fleet.ts';
import { type Act, explain, type Pay, type Result, type Revise, type World } from './reference-model.ts';

type Deed = {
  run: Run;
  act: Act;
  lane: number;
  token: string;
  kind: 'card' | 'bank_account';
  result?: Result;
  paymentId?: string;
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
  if (chance < 0.15) return drawVoid(run.world, random);
  if (chance < 0.3) return drawRevision(run.world, gateway.charges, random);
  return drawPay(run.world, gateway.charges, random, `${run.seed}.${run.step}.${at}`);
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
      ...inLane(lane, 'void').map((deed) => voidOne(fleet, deed)),
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
  try {
    await books.tx((tx) =>
      voidInvoice(
        tx,
        books.actor,
        { organizationId: books.organizationId, invoiceId, reason: 'simulated' },
        start,
      ),
    );
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
  const worlds = explain(run.world, gateway.charges, acts, results);
  if (!worlds[0]) throw fail(run, 'the model has no order of these acts that gives these answers');
  run.world = worlds[0];
  run.otherwise = worlds.slice(1);
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

function told(act: Act): string {
  if (act.do === 'void') return `void #${act.invoice}`;
  if (act.do === 'revise') return `revise #${act.invoice} to ${act.total}`;
  const parts = act.applications.map(({ invoice, amount }) => `#${invoice} ${amount}`).join(', ');
  return `${act.do} ${act.key} ${act.way} ${act.amount} by ${act.customer} for ${parts || 'nothing'}`;
}
