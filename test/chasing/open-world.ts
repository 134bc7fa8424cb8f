import { sql } from 'kysely';
import type { Random } from '#lib/random.ts';
import { given } from '../support/given.ts';
import { agree, noon } from '../support/late-fees.ts';
import { live, set, setSteps } from '../support/reminders.ts';
import { textPlaces } from '../support/text-places.ts';
import { newInvoice } from './acts.ts';
import { localDate, plusDays, plusHours, type Timetable } from './clock.ts';
import { agreeToTexts, confirm, stopOrStart } from './customer-acts.ts';
import {
  type ChasedWorld,
  channels,
  kinds,
  type PlainCustomer,
  type PlainRule,
  type PlainStep,
} from './world.ts';

export const workHour = 8;

/** A company with its ladder, its rule of messages, late fees perhaps, families of customers, invoices. */
export async function openWorld(random: Random, { zone, ticks }: Timetable): Promise<ChasedWorld> {
  const first = ticks[0] ?? new Date(0);
  const day = localDate(zone, first);
  const books = await live({ timeZone: zone });
  const world: ChasedWorld = {
    ...{
      books,
      zone,
      steps: [],
      rule: drawRule(random, first, ticks),
      terms: undefined,
      customers: [],
      invoices: [],
    },
    ...{ messages: new Map(), promises: { kept: 0, broken: 0, withdrawn: 0 }, woken: new Set() },
    plans: { begun: 0, defaulted: 0 },
  };
  world.rule.statementsFrom = plusDays(day, -random.int(0, 40));
  await setRule(world);
  const steps = drawSteps(random);
  const made = await setSteps(
    books,
    steps.map(({ type, offset, every, until }) => ({
      ...{ type, dayOffset: offset, everyDays: every, untilDaysLate: until },
    })),
  );
  world.steps = steps.map((step) => {
    const id = made.steps.find(({ dayOffset }) => dayOffset === step.offset)?.id ?? '';
    return { ...step, id };
  });
  if (random.chance(0.6)) await chargeLateFees(world, random, day);
  for (let more = random.int(3, 6); more > 0; more -= 1) await newCustomer(world, random);
  for (let at = 0; at < 5; at += 1) await newInvoice(world, random, { day, now: first });
  return world;
}

async function chargeLateFees(world: ChasedWorld, random: Random, day: string): Promise<void> {
  // Fees that are invoices of their own have no line in the oracle: they would stand on statements.
  const isApart = world.rule.statementDay === null && random.chance(0.7);
  const [grace, since] = [random.int(0, 9), plusDays(day, -60)];
  const booking = isApart ? ('own_invoice' as const) : ('on_invoice' as const);
  await agree(world.books, { graceDays: grace, booking }, since);
  // At noon in New York, when it is the day after somewhere.
  world.terms = { grace, since: localDate(world.zone, noon(since)), isApart };
}

function drawRule(random: Random, first: Date, ticks: readonly Date[]): PlainRule {
  const late = random.pick(ticks);
  const within = random.pick(ticks);
  return {
    liveFrom: random.chance(0.3) ? late : plusHours(first, -24 * 365),
    toInactive: random.chance(0.2),
    newInvoice: random.pick(['created', 'invoice_date', 'delay', 'delay', 'never']),
    delay: random.int(1, 6),
    // A day that comes while this is played, and the last of short months.
    statementDay: random.chance(0.8)
      ? Number(random.chance(0.2) ? 31 : within.toISOString().slice(8, 10))
      : null,
    ...{ statementsFrom: '', statementsDone: '' },
  };
}

const setRule = ({ books, rule }: ChasedWorld): Promise<number> =>
  set(
    books,
    sql`work_hour = ${workHour}, automatic_messages_since = ${rule.liveFrom}, send_to_inactive = ${rule.toInactive},
      new_invoice_when = ${rule.newInvoice}, new_invoice_delay_days = ${rule.delay}, attach_invoice_pdf = false, plan_missed_limit = 1,
      statement_day = ${rule.statementDay}, statements_from = ${rule.statementsFrom}`,
  );

/** A ladder that a person could make: each day of it once. */
function drawSteps(random: Random): Omit<PlainStep, 'id'>[] {
  const steps: Omit<PlainStep, 'id'>[] = [];
  if (random.chance(0.7)) {
    const every = random.chance(0.2) ? 2 : null;
    steps.push({ type: 'upcoming_payment', offset: -random.int(1, 8), every, until: null });
  }
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

/** One that stands alone, or below another; with an address in each channel, and some channels on. */
async function newCustomer(world: ChasedWorld, random: Random): Promise<void> {
  const { books, customers } = world;
  const at = customers.length;
  const place = random.pick(textPlaces);
  const [email, phone, name] = [`c${at}@example.com`, `+1512555${2000 + at}`, `Customer ${at}`];
  const above = random.chance(0.5) ? 0 : random.int(0, at - 1);
  const parent = at > 0 && random.chance(0.75) ? above : undefined;
  const likely = { email: 0.8, sms: random.pick([0, 0, 0.6]), paper: random.pick([0, 0, 0.5]) };
  const on = new Set(
    kinds.flatMap((kind) =>
      channels.filter((channel) => random.chance(likely[channel])).map((channel) => `${kind}.${channel}`),
    ),
  );
  // A head that is gone, or a branch.
  const isActive = random.chance(at === 0 ? 0.6 : 0.85);
  const [billsWithParent, showsChildren] = [parent !== undefined && random.chance(0.7), random.chance(0.4)];
  const id = await given.customer(books, {
    ...{ email, phone, displayName: name, messageCells: [...on], active: isActive, allowPaymentPlans: true },
    ...{ billWithParent: billsWithParent, portalShowChildren: showsChildren },
    billingAddress: { line1: '1 Main St', city: 'Springfield', ...place.address },
    ...(parent === undefined ? {} : { parentId: customers[parent]?.id }),
  });
  customers.push({
    ...{ id, email, phone, name, zones: place.zones, parent, billsWithParent, showsChildren, on },
    ...{ isOff: false, isActive, isConfirmed: false, hasAgreed: false, hasStopped: false },
  });
  const customer = customers[at] as PlainCustomer;
  if (random.chance(0.6)) await confirm(world, customer, books.now);
  if (random.chance(0.8)) await agreeToTexts(world, customer, books.now);
  if (random.chance(0.2)) await stopOrStart(world, customer, books.now);
}
