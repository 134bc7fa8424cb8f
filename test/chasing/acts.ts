import { sql } from 'kysely';
import { addDays } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';
import { type Books, given, news } from '../support/given.ts';
import { setCustomer, setInvoice } from '../support/reminders.ts';
import type { PlainCustomer, PlainInvoice, PlainStep } from './oracle.ts';

export type ChasedWorld = {
  books: Books;
  steps: PlainStep[];
  customers: PlainCustomer[];
  invoices: PlainInvoice[];
};
type When = { day: string; now: Date };

/** A ladder that a person could make: each day of it once. */
export function drawSteps(random: Random): PlainStep[] {
  const steps: PlainStep[] = [];
  if (random.chance(0.7))
    steps.push({
      type: 'upcoming_payment',
      offset: -random.int(1, 8),
      every: random.chance(0.2) ? 2 : null,
      until: null,
    });
  if (random.chance(0.8)) steps.push({ type: 'payment_due', offset: 0, every: null, until: null });
  let offset = 0;
  for (let more = random.int(1, 3); more > 0; more -= 1) {
    offset += random.int(1, 9);
    const every = more === 1 && random.chance(0.6) ? random.int(2, 12) : null;
    const until = every !== null && random.chance(0.4) ? offset + every + random.int(0, 20) : null;
    steps.push({ type: 'payment_past_due', offset, every, until });
  }
  return steps;
}

export async function newCustomer(world: ChasedWorld): Promise<void> {
  const id = await given.customer(world.books, { email: `c${world.customers.length}@example.com` });
  world.customers.push({ id, isOff: false, isActive: true });
}

/** Mostly due soon; some were brought in long past due. */
export async function newInvoice(world: ChasedWorld, random: Random, { day, now }: When): Promise<string> {
  const customer = random.int(0, world.customers.length - 1);
  const due = addDays(day, random.chance(0.15) ? -random.int(20, 400) : random.int(-4, 12));
  const id = await given.invoice({ ...world.books, now }, world.customers[customer]?.id ?? '', 10_000n, {
    invoiceDate: addDays(due, -30),
    dueDate: due,
  });
  world.invoices.push({
    ...{ id, customer, due, open: 10_000n, pending: undefined, isOff: false },
    ...{ dispute: undefined, promised: undefined, lastOn: undefined },
  });
  return `${id} issued, due ${due}`;
}

/** Something that people do between two runs; answers what, for the trace. */
export async function act(world: ChasedWorld, random: Random, when: When): Promise<string> {
  const open = world.invoices.filter((invoice) => invoice.open > 0n);
  if (open.length === 0 || random.chance(0.1)) return newInvoice(world, random, when);
  const invoice = random.pick(open);
  const does = random.pick([
    pay,
    pay,
    charge,
    charge,
    promise,
    dispute,
    optOut,
    moveDue,
    customerOff,
    customerOff,
  ]);
  return `${invoice.id} ${await does({ ...world, books: { ...world.books, now: when.now } }, invoice, random, when)}`;
}

type Act = (world: ChasedWorld, invoice: PlainInvoice, random: Random, when: When) => Promise<string>;

const customerOf = (world: ChasedWorld, invoice: PlainInvoice): PlainCustomer =>
  world.customers[invoice.customer] as PlainCustomer;

const pay: Act = async (world, invoice, random, { day }) => {
  if (invoice.pending) return 'is being paid already';
  const { balanceDue } = await balanceOf(world, invoice);
  const amount = random.chance(0.3) ? balanceDue : balanceDue / 3n;
  const customerId = customerOf(world, invoice).id;
  await given.payment(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  invoice.open = balanceDue - amount;
  return `paid ${amount} of ${balanceDue}`;
};

const charge: Act = async (world, invoice, random, { day }) => {
  if (invoice.pending) {
    const isGood = random.chance(0.4);
    await given.outcome(world.books, invoice.pending, news(isGood ? 'approved' : 'declined'));
    invoice.pending = undefined;
    invoice.open = (await balanceOf(world, invoice)).balanceDue;
    return isGood ? 'its charge is approved' : 'its charge is declined';
  }
  const { balanceDue: amount } = await balanceOf(world, invoice);
  const customerId = customerOf(world, invoice).id;
  const { paymentId } = await given.charge(world.books, {
    ...{ customerId, amount, receivedOn: day, applications: [{ invoiceId: invoice.id, amount }] },
  });
  invoice.pending = paymentId;
  return `is being charged ${amount}`;
};

const promise: Act = async ({ books, ...world }, invoice, random, { day, now }) => {
  const { organizationId } = books;
  await books.tx((tx) =>
    tx.run(sql`update promises_to_pay set state = 'withdrawn', ended_at = ${now}
      where organization_id = ${organizationId} and invoice_id = ${invoice.id} and state = 'open'`),
  );
  invoice.promised = undefined;
  if (random.chance(0.3)) return 'has no promise';
  invoice.promised = addDays(day, random.int(0, 15));
  const customerId = customerOf({ books, ...world }, invoice).id;
  await books.tx((tx) =>
    tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state,
      created_at) values (${organizationId}, ${newId('promiseToPay')}, ${customerId}, ${invoice.id}, 1,
      ${invoice.promised}, 'open', ${now})`),
  );
  return `is promised for ${invoice.promised}`;
};

const dispute: Act = async ({ books, ...world }, invoice, random, { day, now }) => {
  const { organizationId } = books;
  await books.tx((tx) =>
    tx.run(sql`update disputes set state = 'resolved', ended_at = ${now}
      where organization_id = ${organizationId} and invoice_id = ${invoice.id} and state = 'open'`),
  );
  const was = invoice.dispute;
  invoice.dispute = was ? undefined : { until: random.chance(0.5) ? addDays(day, random.int(1, 12)) : null };
  if (!invoice.dispute) return 'is disputed no more';
  const customerId = customerOf({ books, ...world }, invoice).id;
  await books.tx((tx) =>
    tx.run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, rests_until, state, created_at)
      values (${organizationId}, ${newId('dispute')}, ${customerId}, ${invoice.id}, 'Wrong', ${invoice.dispute?.until ?? null},
      'open', ${now})`),
  );
  return `is disputed until ${invoice.dispute.until ?? 'it is not'}`;
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

/** Late fees come on top by themselves: what is open is asked for. */
async function balanceOf({ books }: ChasedWorld, { id }: PlainInvoice): Promise<{ balanceDue: bigint }> {
  const row = await books.tx((tx) =>
    tx.row<{ balanceDue: bigint }>(sql`select balance_due from invoices
      where organization_id = ${books.organizationId} and id = ${id}`),
  );
  return row ?? { balanceDue: 0n };
}
