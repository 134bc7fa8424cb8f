import { sql } from 'kysely';
import { makePromise, withdrawPromise } from '#features/collections/make-promise.ts';
import { endDispute, openDispute, restDispute } from '#features/collections/open-dispute.ts';
import { tellDesk } from '#features/collections/tell-desk.ts';
import { addDays } from '#lib/dates.ts';
import type { Random } from '#lib/random.ts';
import { type Books, given, news } from '../support/given.ts';
import { setCustomer, setInvoice } from '../support/reminders.ts';
import { newInvoice } from './draw.ts';
import type { PlainCustomer, PlainInvoice, PlainWorld } from './oracle.ts';
import { beginRest, endMoot, endRest, judgePromise } from './oracle-desk.ts';

export type ChasedWorld = PlainWorld & { books: Books; zone: string };
export type When = { day: string; now: Date };

/** Something that people do between two runs; answers what, for the trace. */
export async function act(world: ChasedWorld, random: Random, when: When): Promise<string> {
  const open = world.invoices.filter((invoice) => invoice.open > 0n);
  if (open.length === 0 || random.chance(0.15)) return newInvoice(world, random, when);
  const invoice = random.pick(open);
  const does = random.pick([
    ...[pay, pay, charge, charge, promise, promise, dispute, dispute],
    ...[optOut, moveDue, customerOff, customerOff, cellOff],
  ]);
  return `${invoice.id} ${await does({ ...world, books: { ...world.books, now: when.now } }, invoice, random, when)}`;
}

type Act = (world: ChasedWorld, invoice: PlainInvoice, random: Random, when: When) => Promise<string>;

const customerOf = (world: ChasedWorld, invoice: PlainInvoice): PlainCustomer =>
  world.customers[invoice.customer] as PlainCustomer;

const pay: Act = async (world, invoice, random, { day }) => {
  if (invoice.pending) return 'is being paid already';
  const balanceDue = await balanceOf(world, invoice);
  const amount = random.chance(0.3) ? balanceDue : balanceDue / 3n || 1n;
  const customerId = customerOf(world, invoice).id;
  await given.payment(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  await moneyCame(world, invoice, day, amount);
  return `paid ${amount} of ${balanceDue}`;
};

const charge: Act = async (world, invoice, random, { day }) => {
  const amount = await balanceOf(world, invoice);
  if (invoice.pending) {
    const isGood = random.chance(0.4);
    await given.outcome(world.books, invoice.pending, news(isGood ? 'approved' : 'declined'));
    invoice.pending = undefined;
    await moneyCame(world, invoice, day, isGood ? amount : 0n);
    return isGood ? 'its charge is approved' : 'its charge is declined';
  }
  const customerId = customerOf(world, invoice).id;
  const { paymentId } = await given.charge(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  invoice.pending = paymentId;
  return `is being charged ${amount}`;
};

/** As the reaction to a payment does it: the desk hears of it at once. */
async function moneyCame(
  world: ChasedWorld,
  invoice: PlainInvoice,
  today: string,
  amount: bigint,
): Promise<void> {
  const { organizationId, actor, now } = world.books;
  await world.books.tx((tx) => tellDesk(tx, actor, { organizationId, subjectId: invoice.id, today }, now));
  invoice.paid += amount;
  invoice.open = await balanceOf(world, invoice);
  world.noticed.push(...judgePromise(invoice, today));
  endMoot(invoice, today);
}

const promise: Act = async ({ books }, invoice, random, { day }) => {
  const { organizationId, actor, now } = books;
  const before = invoice.promise;
  invoice.promise = undefined;
  if (before) endRest(invoice, day, 'promise');
  if (before && random.chance(0.3)) {
    await books.tx((tx) => withdrawPromise(tx, actor, { organizationId, promiseId: before.id }, now));
    return 'has no promise';
  }
  const promisedOn = addDays(day, random.int(0, 10));
  const balanceDue = await balanceOf({ books }, invoice);
  const amount = random.chance(0.5) ? balanceDue : balanceDue / 3n || 1n;
  const input = { organizationId, invoiceId: invoice.id, amount, promisedOn, note: '' };
  const { promiseId } = await books.tx((tx) => makePromise(tx, actor, input, now));
  invoice.promise = { id: promiseId, day: promisedOn, amount, paidBefore: invoice.paid };
  beginRest(invoice, day, 'promise');
  return `${amount} of it are promised for ${promisedOn}`;
};

const dispute: Act = async ({ books }, invoice, random, { day }) => {
  const { organizationId, actor, now } = books;
  const until = random.chance(0.6) ? addDays(day, random.int(1, 10)) : null;
  const was = invoice.dispute;
  if (!was) {
    const input = { organizationId, invoiceId: invoice.id, reason: 'Wrong', restsUntil: until };
    const { disputeId } = await books.tx((tx) => openDispute(tx, actor, { ...input, byCustomer: true }, now));
    invoice.dispute = { id: disputeId, until, isWoken: false };
    beginRest(invoice, day, 'dispute');
    return `is disputed until ${until ?? 'it is not'}`;
  }
  const about = { organizationId, disputeId: was.id };
  if (random.chance(0.4)) {
    await books.tx((tx) => restDispute(tx, actor, { ...about, restsUntil: until }, now));
    // For one day it wakes once, however often somebody says that day.
    if (until !== was.until) invoice.dispute = { ...was, until, isWoken: false };
    return `rests until ${until ?? 'it is settled'}`;
  }
  const end = { ...about, state: 'resolved' as const, outcome: 'Settled' };
  await books.tx((tx) => endDispute(tx, actor, end, now));
  invoice.dispute = undefined;
  endRest(invoice, day, 'dispute');
  return 'is disputed no more';
};

const optOut: Act = async ({ books }, invoice) => {
  invoice.isOff = !invoice.isOff;
  await setInvoice(books, invoice.id, sql`reminders_off = ${invoice.isOff}`);
  return invoice.isOff ? 'is opted out' : 'is opted in';
};

const moveDue: Act = async ({ books }, invoice, random) => {
  invoice.due = addDays(invoice.due, random.int(-6, 20));
  await setInvoice(books, invoice.id, sql`due_date = ${invoice.due}`);
  return `is due ${invoice.due} now`;
};

const customerOff: Act = async (world, invoice, random) => {
  const customer = customerOf(world, invoice);
  if (random.chance(0.5)) customer.isOff = !customer.isOff;
  else customer.isActive = !customer.isActive;
  const since = customer.isActive ? null : world.books.now;
  await setCustomer(
    world.books,
    customer.id,
    sql`send_reminders = ${!customer.isOff}, deactivated_at = ${since}`,
  );
  return `its customer takes reminders: ${!customer.isOff}, is active: ${customer.isActive}`;
};

/** One type of message off or on in one channel. */
const cellOff: Act = async (world, invoice, random) => {
  const customer = customerOf(world, invoice);
  const type = random.pick(['new_invoice', 'payment_due', 'payment_past_due', 'upcoming_late_fee', 'statement']);
  const cell = `${type}.${random.chance(0.7) ? 'email' : 'sms'}`;
  if (!customer.cells.delete(cell)) customer.cells.add(cell);
  await setCustomer(world.books, customer.id, sql`message_cells = ${[...customer.cells]}`);
  return `its customer has ${cell}: ${customer.cells.has(cell)}`;
};

/** Late fees come on top by themselves: what is open is asked for. */
async function balanceOf({ books }: { books: Books }, { id }: PlainInvoice): Promise<bigint> {
  const row = await books.tx((tx) =>
    tx.row<{ balanceDue: bigint }>(sql`select balance_due from invoices
      where organization_id = ${books.organizationId} and id = ${id}`),
  );
  return row?.balanceDue ?? 0n;
}
