import { sql } from 'kysely';
import { createCustomers } from '#features/customers/create-customers.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import type { InvoiceDocument } from '#features/invoices/revision-rules.ts';
import { newId } from '#lib/ids.ts';
import { type Random, seeded } from '#lib/random.ts';
import { type Books, given, start } from '../support/given.ts';
import { customersOfWorld, drawFate, invoicesAtStart, totals } from './draw.ts';
import { type Line, type ModelGateway, modelGateway, type Waiting } from './model-gateway.ts';
import type { World } from './reference-model.ts';

/** A job that waits for the gateway. Letting it go on, or forgetting it, is a later step. */
export type Journey = {
  waiting: Waiting;
  line: Line;
  done: Promise<void>;
  /** Of a payment or a refund. */
  id: string;
  /** Whether the refund's payment still stood when the job set out. */
  stands: boolean;
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
export type Fleet = { books: Books; runs: Run[]; gateway: ModelGateway; random: Random };

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
      world: { invoices: [], payments: [], refunds: [] },
      otherwise: [],
      invoiceIds: [],
      documents: [],
      journeys: [],
      trace: [],
      customerIds: customerIds.slice(at * customersOfWorld, (at + 1) * customersOfWorld),
    }),
  );
  const fleet: Fleet = { books, runs, gateway: modelGateway(drawFate), random: seeded(seeds[0] ?? 0) };
  await issue(
    fleet,
    runs.flatMap((run) => Array.from({ length: invoicesAtStart }, () => run)),
  );
  return fleet;
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
    run.world.invoices.push({ total, customer, isVoid: false });
    run.invoiceIds.push(invoiceIds[at] as string);
    run.trace.push(
      `${run.step} issue #${run.world.invoices.length - 1} of customer ${customer} over ${total}`,
    );
  });
}

export async function passTime(fleet: Fleet, seconds: number): Promise<void> {
  await fleet.books.tx((tx) =>
    tx.run(sql`update organizations set clock_offset_ms = clock_offset_ms + ${seconds * 1000}
    where id = ${fleet.books.organizationId}`),
  );
}
