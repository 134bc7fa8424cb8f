import { sql } from 'kysely';
import { newSandboxKeys } from '#connectors/gateways/sandbox/keys.ts';
import { type Actor, type Database, systemActor, type Tx } from '#db/db.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import type { InvoiceInput } from '#features/invoices/compose-draft.ts';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { createOrganization } from '#features/organizations/create-organization.ts';
import { accepted } from '#features/payments/decide-batch.ts';
import type { GatewayOutcome, MethodDetails } from '#features/payments/payment-gateway.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { type HandPayment, recordPayments } from '#features/payments/record-payments.ts';
import { type ChargeAsk, requestCharges } from '#features/payments/request-charges.ts';
import type { Application } from '#features/payments/rules.ts';
import { newId } from '#lib/ids.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { testDatabase } from './database.ts';

/** The books of one organization that a test has to itself. */
export type Books = {
  db: Database;
  organizationId: string;
  gatewayAccountId: string;
  currency: string;
  actor: Actor & { organizationId: string };
  now: Date;
  /** A transaction as a job of this organization. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

export const secrets = makeSecrets(Buffer.alloc(32, 7));
export const start = new Date('2026-03-02T15:00:00Z');
export const card: MethodDetails = { kind: 'card', brand: 'visa', last4: '4242', funding: 'credit' };
export const bankAccount: MethodDetails = {
  kind: 'bank_account',
  brand: 'First Sandbox Bank',
  last4: '6789',
};

export const later = (seconds: number, from: Date = start): Date => new Date(from.getTime() + seconds * 1000);

let names = 0;
const fresh = (what: string): string => {
  names += 1;
  return `${what} ${names}`;
};

async function organization(
  given: { currency?: string; timeZone?: string; mode?: 'sandbox' | 'live' } = {},
): Promise<Books> {
  const { db } = await testDatabase();
  const { currency = 'USD', timeZone = 'America/New_York', mode = 'sandbox' } = given;
  return db.transaction(systemActor('test'), async (tx) => {
    const { organizationId } = await createOrganization(
      tx,
      systemActor('test'),
      {
        name: fresh('Organization'),
        mode,
        currency,
        timeZone,
        secrets,
        sandboxKeys: newSandboxKeys(),
      },
      start,
    );
    const account = await tx.row<{ id: string }>(
      sql`select id from gateway_accounts where organization_id = ${organizationId}`,
    );
    const actor = { kind: 'job', organizationId, name: 'test' } as const;
    return {
      db,
      organizationId,
      currency,
      actor,
      now: start,
      gatewayAccountId: account?.id ?? '',
      tx: (work) => db.transaction(actor, work),
    };
  });
}

async function customer(
  books: Books,
  given: Partial<Parameters<typeof createCustomers>[2]['customers'][0]> = {},
) {
  const { organizationId, actor, now } = books;
  const { customerIds } = await books.tx((tx) =>
    createCustomers(
      tx,
      actor,
      { organizationId, customers: [{ displayName: fresh('Customer'), ...given }], quiet: true },
      now,
    ),
  );
  return customerIds[0] as string;
}

/** An issued invoice over one line of `amount` minor units. */
async function invoice(books: Books, customerId: string, amount: bigint, given: Partial<InvoiceInput> = {}) {
  const lines = [
    {
      itemName: 'Work',
      description: '',
      quantity: '1',
      unitPrice: '0',
      amount,
      taxable: false,
      taxRate: '0',
    },
  ];
  const { invoiceId } = await books.tx((tx) =>
    draftInvoice(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoice: { customerId, lines, ...given }, issue: true },
      books.now,
    ),
  );
  return invoiceId;
}

/** A customer with one open invoice: what most tests begin with. */
async function debtor(books: Books, amount: bigint) {
  const customerId = await customer(books);
  return { customerId, invoiceId: await invoice(books, customerId, amount) };
}

async function storedMethod(books: Books, customerId: string, method: MethodDetails = card): Promise<string> {
  const id = newId('paymentMethod');
  await books.tx((tx) =>
    tx.run(sql`
    insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4, funding,
      stored_token, added_by, created_at)
    values (${books.organizationId}, ${id}, ${customerId}, ${books.gatewayAccountId}, ${method.kind}, ${method.brand},
      ${method.last4}, ${method.funding ?? null}, ${`sm_${id}`}, 'payer', ${books.now})`),
  );
  return id;
}

type Money = {
  customerId: string;
  amount: bigint;
  applications?: readonly Application[];
  requestKey?: string;
};

export const handPayment = (books: Books, given: Money & Partial<HandPayment>): HandPayment => ({
  requestKey: newId('request'),
  kind: 'check',
  source: 'staff',
  currency: books.currency,
  receivedOn: '2026-03-02',
  sendReceipt: false,
  applications: [],
  ...given,
});

export const chargeAsk = (books: Books, given: Money & Partial<ChargeAsk>): ChargeAsk => ({
  requestKey: newId('request'),
  kind: 'card',
  source: 'portal',
  currency: books.currency,
  receivedOn: '2026-03-02',
  gatewayAccountId: books.gatewayAccountId,
  gatewaySource: { kind: 'one_time', token: 'tok_test', store: false },
  sendReceipt: false,
  applications: [],
  ...given,
});

/** One payment in hand, recorded; refused ones throw. */
async function payment(books: Books, given: Money & Partial<HandPayment>) {
  const { organizationId, actor, now } = books;
  const verdicts = await books.tx((tx) =>
    recordPayments(tx, actor, { organizationId, payments: [handPayment(books, given)] }, now),
  );
  return accepted(verdicts[0] as (typeof verdicts)[0]);
}

/** One charge, asked for: pending, its invoices reserved. */
async function charge(books: Books, given: Money & Partial<ChargeAsk>) {
  const { organizationId, actor, now } = books;
  const verdicts = await books.tx((tx) =>
    requestCharges(tx, actor, { organizationId, charges: [chargeAsk(books, given)] }, now),
  );
  return accepted(verdicts[0] as (typeof verdicts)[0]);
}

type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/** What the gateway would say, in a word. */
export function news(word: Known['outcome'], method?: MethodDetails): Known {
  const reference = 'ch_test';
  switch (word) {
    case 'unknown':
      return { outcome: word, reason: 'no answer' };
    case 'voided':
      return { outcome: word, reference };
    case 'declined':
      return { outcome: word, reference, code: 'insufficient_funds', message: 'Insufficient funds.' };
    case 'returned':
      return { outcome: word, reference, returnCode: 'R01', message: 'Insufficient funds' };
    case 'submitted':
    case 'accepted':
    case 'collected':
      return { outcome: word, reference, method: method ?? bankAccount };
    default:
      return { outcome: word, reference, method: method ?? card };
  }
}

/** The gateway says so of one payment: each piece of news in a transaction of its own, in order. */
async function outcome(books: Books, paymentId: string, ...said: Known[]): Promise<void> {
  const { organizationId, actor, now } = books;
  for (const each of said) {
    await books.tx((tx) =>
      recordChargeOutcomes(tx, actor, { organizationId, outcomes: [{ paymentId, outcome: each }] }, now),
    );
  }
}

/** Builds through the commands that business uses, each test in an organization of its own. */
export const given = { organization, customer, invoice, debtor, storedMethod, payment, charge, outcome };

export type PaymentFacts = {
  state: string;
  kind: string;
  amount: bigint;
  applied: bigint;
  lookups: number;
  nextLookupAt: Date | null;
  requestKey: string;
  paymentMethodId: string | null;
  postedAt: Date | null;
  endedAt: Date | null;
  gatewaySource: unknown;
  returnCode: string | null;
};
export type InvoiceFacts = {
  balanceDue: bigint;
  reserved: bigint;
  applied: bigint;
  closedAt: Date | null;
  voidedAt: Date | null;
};

const one = async <Row>(books: Books, statement: Parameters<Tx['row']>[0]): Promise<Row> => {
  const row = await books.tx((tx) => tx.row(statement));
  if (!row) throw new Error('no such row');
  return row as Row;
};

/** How the rows stand. */
export const read = {
  payment: (books: Books, id: string) =>
    one<PaymentFacts>(
      books,
      sql`select * from payments
    where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  invoice: (books: Books, id: string) =>
    one<InvoiceFacts>(
      books,
      sql`select * from invoices
    where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  /** Debit less credit of each account that has moved. */
  async ledger(books: Books): Promise<Record<string, bigint>> {
    const rows = await books.tx((tx) =>
      tx.rows<{ account: string; balance: bigint }>(sql`
      select account, sum(debit - credit)::bigint as balance from journal_lines
      where organization_id = ${books.organizationId} group by account`),
    );
    return Object.fromEntries(rows.map((row) => [row.account, row.balance]));
  },
  async events(books: Books, subjectId: string): Promise<string[]> {
    const rows = await books.tx((tx) =>
      tx.rows<{ type: string }>(sql`select type from events
      where organization_id = ${books.organizationId} and subject_id = ${subjectId} order by id`),
    );
    return rows.map((row) => row.type);
  },
};
