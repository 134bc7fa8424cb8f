import { sql } from 'kysely';
import { makeParts, type Parts } from '#compose.ts';
import { readConfig } from '#config.ts';
import { partsOfDay } from '#day.ts';
import type { Database } from '#db/db.ts';
import { recordMethod } from '#features/payment-methods/record-method.ts';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';
import { localDate } from '../chasing/clock.ts';
import { type Books, given, secrets } from '../support/given.ts';
import { live, set } from '../support/reminders.ts';
import type { PlainAutopay } from './acts-autopay.ts';
import type { PlainFees } from './acts-fees.ts';
import type { PlainPlan } from './acts-plans.ts';
import type { PlainSchedule } from './acts-schedules.ts';
import { type Timetable, workHour } from './clock.ts';
import { type FakeGateway, fakeGateway } from './gateway.ts';

export type PlainMethod = {
  id: string;
  customer: number;
  token: string;
  kind: MethodDetails['kind'];
  funding: NonNullable<MethodDetails['funding']> | null;
  /** The last day of a card. */
  lastDay: string | null;
  /** What people did to it; what banks did is read where it is needed. */
  removedAt: Date | undefined;
  signedAt: Date | undefined;
};

export type PlainCustomer = {
  id: string;
  parent: number | undefined;
  billsWithParent: boolean;
  /** Where bills go, of the United States. */
  region: string | undefined;
};

/** One company, what was done to it, and what a slow reader has to know to say what must come of it. */
export type World = {
  seed: number;
  books: Books;
  parts: Parts;
  gateway: FakeGateway;
  times: Timetable;
  /** Of the tick that is lived through. */
  now: Date;
  today: string;
  customers: PlainCustomer[];
  methods: PlainMethod[];
  autopays: PlainAutopay[];
  schedules: PlainSchedule[];
  plans: PlainPlan[];
  fees: PlainFees[];
  /** By how much of their sum plans may rise without a new agreement. */
  risePercent: number;
  /** Invoices that people have made. */
  issued: number;
  /** What the company wants done with a soft failure. */
  retries: { most: number; afterDays: number };
  trace: string[];
};

export async function openWorld(seed: number, random: Random, times: Timetable): Promise<World> {
  const books = await live({ timeZone: times.zone });
  await set(books, sql`work_hour = ${workHour}`);
  const first = times.ticks[0] ?? new Date(0);
  const world: World = {
    ...{ seed, books: { ...books, now: first }, times, now: first, today: localDate(times.zone, first) },
    ...{ customers: [], methods: [], autopays: [], schedules: [], plans: [], fees: [], issued: 0 },
    ...{ trace: [], risePercent: random.pick([0, 0, 10]) },
    // Where schedules are alone, their failures are tried again before the next date comes.
    retries:
      seed % 7 === 1 ? { most: 3, afterDays: 1 } : { most: random.int(0, 3), afterDays: random.int(1, 4) },
    gateway: fakeGateway(seed, () => world.today),
    parts: makeParts({
      db: books.db,
      secrets,
      config: readConfig({ PORT: '0', OWED_BASE_URL: 'http://owed.test' }),
      sandboxUrl: 'http://127.0.0.1:9',
    }),
  };
  world.parts.gateways = { ...world.parts.gateways, open: () => world.gateway.port };
  await setClock(world, first);
  const { most, afterDays } = world.retries;
  await set(
    books,
    sql`failed_charge_retries = ${most}, failed_charge_retry_days = ${afterDays},
    plan_rise_percent = ${String(world.risePercent)}`,
  );
  for (let at = 0; at < 3; at += 1) await newCustomer(world, random);
  return world;
}

/** The parts of Owed over another database: one whose connection breaks. */
export function partsOver(world: World, db: Database): Parts {
  const parts = { ...world.parts, db };
  return { ...parts, dayParts: partsOfDay(parts) };
}

/** The organization's clock jumps to a moment; the machine's goes on as it will. */
export async function setClock(world: World, to: Date): Promise<void> {
  const { books, times } = world;
  world.now = to;
  world.today = localDate(times.zone, to);
  world.books = { ...books, now: to };
  await set(books, sql`clock_offset_ms = ${to.getTime() - Date.now()}`);
}

export const note = (world: World, what: string): void => {
  world.trace.push(`${world.today} ${what}`);
};

async function newCustomer(world: World, random: Random): Promise<void> {
  const at = world.customers.length;
  const hasParent = at > 0 && random.chance(0.35) && world.customers[0]?.parent === undefined;
  const billsWithParent = hasParent && random.chance(0.7);
  const region = random.pick(places);
  const id = await given.customer(world.books, {
    ...{ displayName: `Customer ${at}`, email: `c${at}@example.com` },
    allowPaymentPlans: true,
    ...(region ? { billingAddress: { country: 'US', region } } : {}),
    ...(hasParent ? { parentId: world.customers[0]?.id ?? '', billWithParent: billsWithParent } : {}),
  });
  world.customers.push({ id, parent: hasParent ? 0 : undefined, billsWithParent, region });
  for (let more = random.int(1, 2); more > 0; more -= 1) await newMethod(world, random, at);
}

/** Where bills go: surcharges are barred there, capped at 2 %, or ruled by the networks alone. */
const places = ['MA', 'CT', 'CO', 'NY', 'TX', undefined] as const;
const fundings = ['credit', 'credit', 'credit', 'credit', 'debit', 'prepaid', 'unknown'] as const;
const brands = ['visa', 'mastercard', 'amex'] as const;

/** A card that may end soon, or a bank account that may still have to be signed for. */
export async function newMethod(world: World, random: Random, customer: number): Promise<PlainMethod> {
  const id = newId('paymentMethod');
  const token = `t${world.methods.length}`;
  const isCard = random.chance(0.5);
  const month = random.chance(0.4) ? world.today.slice(0, 7) : '2061-12';
  const [year = 0, ending = 0] = month.split('-').map(Number);
  const details: MethodDetails = isCard
    ? {
        ...{ kind: 'card', brand: random.pick(brands), last4: '4242', funding: random.pick(fundings) },
        ...{ expiry: { year, month: ending }, storedToken: token },
      }
    : { kind: 'bank_account', brand: 'First Bank', last4: '6789', storedToken: token };
  const isSigned = isCard || random.chance(0.85);
  const consent: Consent = {
    ...{ kind: isCard ? 'card_on_file' : 'bank_debit', text: 'Charge it.', name: 'Ana' },
    ...{ ip: '10.0.0.1', userAgent: 'a test' },
  };
  const { organizationId, gatewayAccountId, actor } = world.books;
  await world.books.tx((tx) =>
    recordMethod(
      tx,
      actor,
      {
        ...{ organizationId, customerId: world.customers[customer]?.id ?? '', methodId: id },
        ...{ gatewayAccountId, method: details, consents: isSigned ? [consent] : [], addedBy: 'payer' },
      },
      world.now,
    ),
  );
  const lastDay = isCard ? lastOfMonth(year, ending) : null;
  world.gateway.accounts.set(token, { details, lastDay });
  const method: PlainMethod = {
    ...{ id, customer, token, lastDay, kind: details.kind, funding: details.funding ?? null },
    ...{ removedAt: undefined, signedAt: isSigned ? world.now : undefined },
  };
  world.methods.push(method);
  note(world, `${told(method)} is stored${isSigned ? '' : ', unsigned'}${lastDay ? `, to ${lastDay}` : ''}`);
  return method;
}

export const told = ({ token, kind, customer }: PlainMethod): string =>
  `${token} (${kind} of customer ${customer})`;

/** The last day of a month, counted from its first. */
function lastOfMonth(year: number, month: number): string {
  const day = new Date(Date.UTC(year, month - 1, 1));
  while (day.getUTCMonth() === month - 1) day.setUTCDate(day.getUTCDate() + 1);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
