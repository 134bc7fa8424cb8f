import { sql } from 'kysely';
import { addDays } from '#lib/dates.ts';
import type { Random } from '#lib/random.ts';
import { agreesToTexts, austin } from '../support/channels.ts';
import { given } from '../support/given.ts';
import { agree } from '../support/late-fees.ts';
import { live, set, setCustomer, setSteps } from '../support/reminders.ts';
import type { ChasedWorld, When } from './acts.ts';
import { localDate, type Timetable } from './clock.ts';
import type { PlainInvoice, PlainStep } from './oracle.ts';

export const workHour = 8;

/** A company with its rules, three customers, of whom one bills with another, and some invoices. */
export async function draw(random: Random, times: Timetable): Promise<ChasedWorld> {
  const books = await live({ timeZone: times.zone });
  const now = times.ticks[0] ?? new Date(0);
  const day = localDate(times.zone, now);
  const world: ChasedWorld = {
    ...{ books, zone: times.zone, steps: drawSteps(random), isTogether: random.chance(0.4), once: undefined },
    newInvoice: {
      when: random.pick(['created', 'invoice_date', 'delay', 'delay', 'never']),
      delay: random.int(0, 6),
    },
    statement: { day: random.pick([1, 28, 29, 30, 31, random.int(1, 31)]), from: day, doneFor: undefined },
    ...{ showsChildren: random.chance(0.5), customers: [], invoices: [], noticed: [] },
  };
  await set(
    books,
    sql`work_hour = ${workHour}, new_invoice_when = ${world.newInvoice.when}, new_invoice_delay_days = ${world.newInvoice.delay},
      statement_day = ${world.statement.day}, statements_from = ${day}`,
  );
  await drawFees(world, random, day);
  const steps = world.steps.map(({ type, offset, every, until }) => ({
    ...{ type, dayOffset: offset, everyDays: every, untilDaysLate: until },
  }));
  await setSteps(books, steps, { oneMessage: world.isTogether });
  await newCustomer(world, random, undefined);
  await newCustomer(world, random, undefined);
  await newCustomer(world, random, 0);
  for (let at = 0; at < 5; at += 1) await newInvoice(world, random, { day, now });
  return world;
}

/** A ladder that a person could make: each day of it once. */
function drawSteps(random: Random): PlainStep[] {
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

/** None, some that repeat, or one for each invoice, which may be warned of. */
async function drawFees(world: ChasedWorld, random: Random, day: string): Promise<void> {
  if (random.chance(0.2)) return;
  const graceDays = random.int(0, 9);
  const booking = random.chance(0.5) ? ('own_invoice' as const) : ('on_invoice' as const);
  if (random.chance(0.7)) world.once = { graceDays, dueFrom: '2026-01-01' };
  const everyDays = world.once ? null : 10;
  await agree(world.books, { graceDays, booking, everyDays }, addDays(day, -60));
  if (world.once && random.chance(0.7))
    world.steps.push({ type: 'upcoming_late_fee', offset: -random.int(1, 5), every: null, until: null });
}

/** Mail for all; text messages and letters beside it for some. */
async function newCustomer(world: ChasedWorld, random: Random, parent: number | undefined): Promise<void> {
  const { books, customers } = world;
  const at = customers.length;
  const phone = `+1512555${String(1000 + at)}`;
  const id = await given.customer(books, {
    ...{ email: `c${at}@example.com`, phone, billingAddress: austin, portalShowChildren: world.showsChildren },
    ...(parent === undefined ? {} : { parentId: customers[parent]?.id ?? '', billWithParent: true }),
  });
  await agreesToTexts(books, id, phone);
  const types = ['new_invoice', 'upcoming_payment', 'payment_due', 'payment_past_due', 'upcoming_late_fee'];
  const cells = new Set([...types, 'statement'].map((type) => `${type}.email`));
  if (random.chance(0.3)) cells.add('payment_past_due.sms').add('new_invoice.sms');
  if (random.chance(0.3)) cells.add('payment_past_due.paper').add('statement.paper');
  await setCustomer(books, id, sql`address_state = 'confirmed', message_cells = ${[...cells]}`);
  customers.push({ id, isOff: false, isActive: true, parent, cells });
}

/** Mostly due soon; some were brought in long past due. */
export async function newInvoice(world: ChasedWorld, random: Random, { day, now }: When): Promise<string> {
  const customer = random.int(0, world.customers.length - 1);
  const due = addDays(day, random.chance(0.15) ? -random.int(20, 400) : random.int(-4, 12));
  const dated = addDays(due, -random.pick([30, 14, 7, 2]));
  const id = await given.invoice({ ...world.books, now }, world.customers[customer]?.id ?? '', 10_000n, {
    ...{ invoiceDate: dated, dueDate: due },
  });
  world.invoices.push(plainInvoice({ id, customer, due, dated, issuedOn: day, open: 10_000n }));
  return `${id} issued for customer ${customer}, dated ${dated}, due ${due}`;
}

type Known = Pick<PlainInvoice, 'id' | 'customer' | 'due' | 'dated' | 'issuedOn' | 'open'>;
export const plainInvoice = (known: Known & { isFee?: boolean }): PlainInvoice => ({
  ...{ paid: 0n, pending: undefined, isOff: false, dispute: undefined, promise: undefined, rests: [] },
  ...{ lastOn: undefined, lastWarnedOn: undefined, isTold: false, isFee: false, isCharged: false },
  ...known,
});
