import { sql } from 'kysely';
import { makePromise, withdrawPromise } from '#features/collections/make-promise.ts';
import { endDispute, openDispute, restDispute } from '#features/collections/open-dispute.ts';
import { sendNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { setMessenger } from '#features/messenger/set-messenger.ts';
import type { Random } from '#lib/random.ts';
import { given, news } from '../support/given.ts';
import { makings } from '../support/mails.ts';
import { setInvoice } from '../support/reminders.ts';
import { localDate, plusDays, plusHours } from './clock.ts';
import { actOnCustomer } from './customer-acts.ts';
import { endRest } from './fees-oracle.ts';
import { sayNewInvoices } from './messages-oracle.ts';
import { customerAt } from './oracle.ts';
import { balanceOf, paid } from './payments.ts';
import { agreeToPlan } from './plans.ts';
import type { ActOnInvoice as Act, ChasedWorld, PlainInvoice, When } from './world.ts';

/**
 * Mostly due soon; some were brought in long past due. Issued some hours ago, perhaps on the day before; a
 * worker that is awake may react to it before the day is worked.
 */
export async function newInvoice(
  world: ChasedWorld,
  random: Random,
  { day, now, isAwake = false }: When & { isAwake?: boolean },
): Promise<string> {
  const customer = random.int(0, world.customers.length - 1);
  const due = plusDays(day, random.chance(0.15) ? -random.int(20, 400) : random.int(-4, 12));
  const invoiceDate = random.chance(0.4) ? plusDays(day, random.int(-3, 6)) : plusDays(due, -30);
  const number = `N-${100 + world.invoices.length}`;
  const issued = plusHours(now, -random.int(0, 12));
  const dates = { invoiceDate, dueDate: due < invoiceDate ? invoiceDate : due, number };
  const id = await given.invoice(
    { ...world.books, now: issued },
    customerAt(world, customer).id,
    10_000n,
    dates,
  );
  const invoice: PlainInvoice = {
    ...{ id, number, customer, due: dates.dueDate, invoiceDate, issuedOn: localDate(world.zone, issued) },
    ...{ isSent: false, open: 10_000n, pending: undefined, isOff: false },
    ...{ dispute: undefined, promise: undefined, plan: undefined, lastOn: undefined },
    ...{ rests: [], feeDays: [], feesDone: undefined, fees: 0n },
  };
  world.invoices.push(invoice);
  const isNoticed = isAwake && random.chance(0.5);
  if (isNoticed) await reactToIssue(world, invoice, now);
  return `${number} ${id} issued ${issued.toISOString()}, due ${dates.dueDate}${isNoticed ? ', noticed' : ''}`;
}

async function reactToIssue(world: ChasedWorld, invoice: PlainInvoice, now: Date): Promise<void> {
  const { organizationId, actor, tx } = world.books;
  sayNewInvoices(world, [invoice], now);
  const input = { ...makings, organizationId, invoiceIds: [invoice.id] };
  const react = (): Promise<number> => tx((t) => sendNewInvoices(t, actor, input, now));
  // A job may be run twice.
  await Promise.all([react(), react()]);
}

/** Something that people do between two runs; answers what, for the trace. */
export async function act(
  world: ChasedWorld,
  random: Random,
  when: When & { isAwake: boolean },
): Promise<string> {
  const open = world.invoices.filter((invoice) => invoice.open > 0n);
  if (open.length === 0 || random.chance(0.15)) return newInvoice(world, random, when);
  if (random.chance(0.35)) return actOnCustomer(world, random, when.now);
  if (random.chance(0.05)) return changeRule(world, random, when);
  const invoice = random.pick(open);
  const acts = [pay, pay, charge, charge, promise, promise, dispute, dispute, optOut, moveDue];
  const does = random.pick([...acts, agreeToPlan, agreeToPlan]);
  const books = { ...world.books, now: when.now };
  return `${invoice.number} ${await does({ ...world, books }, invoice, random, when)}`;
}

async function changeRule(world: ChasedWorld, random: Random, { day, now }: When): Promise<string> {
  const { rule } = world;
  const { organizationId, actor, tx } = world.books;
  const before = rule.statementDay;
  if (rule.statementDay !== null) rule.statementDay = random.int(1, 31);
  if (rule.statementDay !== before) rule.statementsFrom = day;
  rule.newInvoice = random.pick(['created', 'invoice_date', 'delay', 'never']);
  rule.delay = random.int(0, 6);
  const { newInvoice: newInvoiceWhen, delay: newInvoiceDelayDays, statementDay } = rule;
  const changes = { newInvoiceWhen, newInvoiceDelayDays, statementDay };
  await tx((t) => setMessenger(t, actor, { organizationId, changes, waiting: 'send' }, now));
  return `invoices go ${newInvoiceWhen} ${newInvoiceDelayDays}, statements on ${statementDay}`;
}

const pay: Act = async (world, invoice, random, { day, now }) => {
  if (invoice.pending || invoice.plan) return 'is being paid already';
  const { balanceDue } = await balanceOf(world, invoice);
  const amount = random.chance(0.3) ? balanceDue : balanceDue / 3n;
  const customerId = customerAt(world, invoice.customer).id;
  await given.payment(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  await paid(world, invoice, { amount, left: balanceDue - amount }, { day, now });
  return `paid ${amount} of ${balanceDue}`;
};

const charge: Act = async (world, invoice, random, { day, now }) => {
  if (invoice.plan) return 'is paid by its plan';
  if (invoice.pending) {
    const isGood = random.chance(0.4);
    const { balanceDue } = await balanceOf(world, invoice);
    await given.outcome(world.books, invoice.pending, news(isGood ? 'approved' : 'declined'));
    invoice.pending = undefined;
    const left = (await balanceOf(world, invoice)).balanceDue;
    if (isGood) await paid(world, invoice, { amount: balanceDue - left, left }, { day, now });
    return isGood ? 'its charge is approved' : 'its charge is declined';
  }
  const { balanceDue: amount } = await balanceOf(world, invoice);
  const customerId = customerAt(world, invoice.customer).id;
  const { paymentId } = await given.charge(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  invoice.pending = paymentId;
  return `is being charged ${amount}`;
};

/** Promised anew, or taken back. */
const promise: Act = async (world, invoice, random, { day, now }) => {
  const { organizationId, actor, tx } = world.books;
  const had = invoice.promise;
  if (had) {
    world.promises.withdrawn += 1;
    endRest(invoice, 'promise', day);
  }
  if (had && random.chance(0.5)) {
    invoice.promise = undefined;
    await tx((t) => withdrawPromise(t, actor, { organizationId, promiseId: had.id }, now));
    return 'is promised no more';
  }
  const { balanceDue } = await balanceOf(world, invoice);
  const amount = random.chance(0.5) ? balanceDue : balanceDue / 4n;
  const promisedOn = plusDays(day, random.int(0, 15));
  const about = { organizationId, invoiceId: invoice.id, amount, promisedOn, note: '' };
  const { promiseId: id } = await tx((t) => makePromise(t, actor, about, now));
  invoice.promise = { id, on: promisedOn, left: amount };
  invoice.rests.push({ why: 'promise', from: day, until: plusDays(promisedOn, 1) });
  return `is promised for ${promisedOn}, ${amount} of it`;
};

/** Objected to, let rest longer or not at all, or settled. */
const dispute: Act = async (world, invoice, random, { day, now }) => {
  const { organizationId, actor, tx } = world.books;
  const had = invoice.dispute;
  const until = random.chance(0.6) ? plusDays(day, random.int(1, 12)) : null;
  if (had && random.chance(0.6)) {
    invoice.dispute = undefined;
    endRest(invoice, 'dispute', day);
    const end = { organizationId, disputeId: had.id, state: 'resolved', outcome: 'Settled' } as const;
    await tx((t) => endDispute(t, actor, end, now));
    return 'is disputed no more';
  }
  if (had) {
    had.until = until;
    await tx((t) => restDispute(t, actor, { organizationId, disputeId: had.id, restsUntil: until }, now));
  } else {
    const about = { organizationId, invoiceId: invoice.id, reason: 'Wrong', restsUntil: until };
    const { disputeId: id } = await tx((t) => openDispute(t, actor, { ...about, byCustomer: false }, now));
    invoice.dispute = { id, until };
    invoice.rests.push({ why: 'dispute', from: day, until: undefined });
  }
  return `is disputed until ${until ?? 'it is not'}`;
};

const optOut: Act = async ({ books }, invoice) => {
  invoice.isOff = !invoice.isOff;
  await setInvoice(books, invoice.id, sql`reminders_off = ${invoice.isOff}`);
  return invoice.isOff ? 'is opted out' : 'is opted in';
};

const moveDue: Act = async ({ books }, invoice, random) => {
  invoice.due = plusDays(invoice.due, random.int(-6, 20));
  await setInvoice(books, invoice.id, sql`due_date = ${invoice.due}`);
  return `is due ${invoice.due} now`;
};
