import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { type Random, seeded } from '#lib/random.ts';
import { type Books, given, start } from '../support/given.ts';
import { customersOfWorld, drawFate, invoicesAtStart, totals } from './draw.ts';
import { agreeOnLateFees } from './late-fees.ts';
import { type CallPlan, type Line, type ModelGateway, modelGateway, type Waiting } from './model-gateway.ts';
import type { ModelMethod } from './reference-methods.ts';
import type { World } from './reference-model.ts';
import { type PayoutBooks, payoutBooks } from './reference-payouts.ts';

/** A job that waits for the gateway. Letting it go on, or forgetting it, is a later step. */
export type Journey = {
  what: string;
  waiting: Waiting;
  line: Line;
  plan: CallPlan;
  done: Promise<void>;
  /** Of a payment or a refund. */
  id: string;
  /** A call for this payment may have left before it set out. */
  wasSubmitted: boolean;
};

/** One seed: two customers with their invoices, what the model thinks of them, and what was done. */
export type Run = {
  seed: number;
  step: number;
  world: World;
  /** Other worlds that would explain the last answers as well, until the rows decide. */
  otherwise: World[];
  customerIds: string[];
  invoiceIds: string[];
  journeys: Journey[];
  trace: string[];
  documents: InvoiceDocument[];
};

/**
 * Several seeds share one organization, so that their asks meet in the same batches and at the same locks.
 */
export type Fleet = {
  books: Books;
  runs: Run[];
  gateway: ModelGateway;
  payouts: PayoutBooks;
  /** Who looks after payouts that do not add up. */
  userId: string;
  random: Random;
  /** The organization's now, as the step began. */
  now: Date;
  offset_ms: number;
};

export const today = ({ now }: Pick<Fleet, 'now'>): string => dateIn('America/New_York', now);
export const tick = (fleet: Fleet): void => {
  fleet.now = organizationNow({ clockOffsetMs: BigInt(fleet.offset_ms) });
};

export class SimulationFailure extends Error {}
/** Throws; the type lets a caller say `throw fail(…)` where the compiler has to know. */
export const fail = (run: Run, what: string): SimulationFailure => {
  throw new SimulationFailure(
    `seed ${run.seed}, step ${run.step}: ${what}\n${run.trace.map((line) => `    ${line}`).join('\n')}`,
  );
};

/** Chances of one step of one seed: the same on a replay, whatever was drawn before. */
export const chancesOf = (run: Run): Random =>
  seeded(Math.imul(run.seed, 0x9e3779b1) ^ Math.imul(run.step + 1, 0x85ebca6b));

export async function launch(seeds: readonly number[]): Promise<Fleet> {
  const books = await given.organization();
  const { organizationId, actor } = books;
  const { customerIds } = await books.tx((tx) =>
    createCustomers(
      tx,
      actor,
      {
        organizationId,
        quiet: true,
        customers: seeds.flatMap((seed) =>
          Array.from({ length: customersOfWorld }, (_, at) => ({ displayName: `${seed} ${at}` })),
        ),
      },
      start,
    ),
  );
  const runs = seeds.map(
    (seed, at): Run => ({
      seed,
      step: 0,
      world: { invoices: [], payments: [], refunds: [], memos: [], disputes: [], methods: [] },
      otherwise: [],
      invoiceIds: [],
      documents: [],
      journeys: [],
      trace: [],
      customerIds: customerIds.slice(at * customersOfWorld, (at + 1) * customersOfWorld),
    }),
  );
  const fleet: Fleet = {
    books,
    runs,
    gateway: modelGateway(drawFate),
    payouts: payoutBooks(),
    userId: await addUser(books),
    random: seeded(seeds[0] ?? 0),
    now: start,
    offset_ms: 0,
  };
  tick(fleet);
  await agreeOnLateFees(books);
  await storeAccounts(fleet);
  await issue(
    fleet,
    runs.flatMap((run) => Array.from({ length: invoicesAtStart }, () => run)),
  );
  return fleet;
}

async function addUser({ db, organizationId }: Books): Promise<string> {
  const userId = newId('user');
  await db.transaction(systemActor('test'), async (tx) => {
    await tx.run(sql`insert into users (id, email, password_hash, created_at)
      values (${userId}, ${`${userId}@example.test`}, '', ${start})`);
    await tx.run(sql`insert into organization_users (organization_id, user_id, roles, created_at)
      values (${organizationId}, ${userId}, '{payments}', ${start})`);
  });
  return userId;
}

/** Each customer has a bank account on file, and one of them another that nobody has signed for. */
async function storeAccounts({ books, runs }: Fleet): Promise<void> {
  const rows = runs.flatMap((run) => {
    run.world.methods = [
      { customer: 0, state: 'active' },
      { customer: 1, state: 'active' },
      { customer: 1, state: 'needs_authorization' },
    ].map((method) => ({ ...(method as ModelMethod), id: newId('paymentMethod'), blockedAt_ms: 0 }));
    return run.world.methods.map((method) => ({ ...method, customerId: run.customerIds[method.customer] }));
  });
  await books.tx((tx) =>
    tx.run(sql`
    insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4, stored_token,
      state, added_by, created_at)
    select ${books.organizationId}, m.id, m.customer_id, ${books.gatewayAccountId}, 'bank_account', 'First Bank', '6789',
      'sm_' || m.id, m.state, 'payer', ${start}
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ customerId }) => customerId ?? '')}::text[],
      ${rows.map(({ state }) => state)}::text[]) as m(id, customer_id, state)`),
  );
}

/** What an invoice over this total says. */
export const saying = (total: bigint): Pick<InvoiceDocument, 'subtotal' | 'tax' | 'total' | 'lines'> => ({
  subtotal: total,
  tax: 0n,
  total,
  lines: [
    {
      itemName: 'Work',
      description: '',
      quantity: '1',
      unitPrice: '0',
      amount: total,
      taxable: false,
      taxRate: '0',
    },
  ],
});

/** New invoices in one batch, one for each mention of a run. */
export async function issue(fleet: Fleet, runs: readonly Run[]): Promise<void> {
  if (runs.length === 0) return;
  const { organizationId, actor, currency } = fleet.books;
  const drawn = runs.map((run, at) => {
    const random = seeded(run.seed * 31 + run.invoiceIds.length * 7 + run.step + at);
    const customer = random.int(0, customersOfWorld - 1);
    const total = random.pick(totals);
    const document: InvoiceDocument = {
      customerId: run.customerIds[customer] as string,
      number: newId('invoice'),
      externalId: null,
      currency,
      invoiceDate: '2026-03-02',
      dueDate: '2026-04-01',
      terms: null,
      poNumber: null,
      memo: null,
      ...saying(total),
    };
    return { run, total, customer, document };
  });
  const invoices = drawn.map(({ document }) => document);
  const { invoiceIds } = await fleet.books.tx((tx) =>
    createInvoices(tx, actor, { organizationId, issue: true, quiet: true, invoices }, start),
  );
  drawn.forEach(({ run, total, customer, document }, at) => {
    run.documents.push(document);
    run.world.invoices.push({ total, customer, isVoid: false, fees: [], lateOn: null });
    run.invoiceIds.push(invoiceIds[at] as string);
    run.trace.push(
      `${run.step} issue #${run.world.invoices.length - 1} of customer ${customer} over ${total}`,
    );
  });
}

const hour_s = 3600;

/**
 * Time passes. In an hour every call has arrived or never will, and nobody waits for it any more, but for
 * an answer that was given.
 */
export async function passTime(fleet: Fleet, seconds: number): Promise<void> {
  if (seconds >= hour_s) {
    fleet.gateway.land();
    for (const run of fleet.runs)
      run.journeys = run.journeys.filter(
        ({ plan }) => plan.charge === 'answers_late' && plan.lookup !== 'answers_late',
      );
  }
  await fleet.books.tx((tx) =>
    tx.run(sql`update organizations set clock_offset_ms = clock_offset_ms + ${seconds * 1000}
    where id = ${fleet.books.organizationId}`),
  );
  fleet.offset_ms += seconds * 1000;
  tick(fleet);
}
