import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { closeDue } from '#features/billing/close-due.ts';
import { declareHost } from '#features/billing/declare-host.ts';
import { makePlan, type NewPlan } from '#features/billing/make-plan.ts';
import { type Host, readHost } from '#features/billing/queries.ts';
import { createUser } from '#features/users/create-user.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from './given.ts';

let host: Promise<Books> | undefined;

/** The one host of the test's installation: an installation has no second. */
export const theHost = (): Promise<Books> => {
  host ??= given.organization({ timeZone: 'UTC' }).then(async (books) => {
    await books.db.transaction(systemActor('test'), (tx) =>
      declareHost(tx, systemActor('test'), { organizationId: books.organizationId, hosts: true }, books.now),
    );
    return books;
  });
  return host;
};

export const growth: NewPlan = {
  name: 'Growth',
  description: 'For teams that send every day',
  every: 'month',
  price: 4900n,
  trialDays: 0,
  meters: [
    {
      meter: 'emails',
      included: 5,
      tiers: [
        { upTo: 10, price: '0.50' },
        { upTo: null, price: '0.25' },
      ],
    },
    { meter: 'users', included: 1, tiers: [{ upTo: null, price: '9' }] },
  ],
  taxRateIds: [],
};

let plans = 0;
export async function planOf(books: Books, change: Partial<NewPlan> = {}): Promise<string> {
  plans += 1;
  const plan = { ...growth, name: `Growth ${plans}`, ...change };
  const input = { organizationId: books.organizationId, plan };
  const { planId } = await books.tx((tx) => makePlan(tx, books.actor, input, books.now));
  return planId;
}

/** The host as it will be at noon of a day: what its sweep works with then. */
export async function hostOn(books: Books, today: string): Promise<Host> {
  const now = must(await books.db.transaction(systemActor('test'), (tx) => readHost(tx)), 'the host');
  return { ...now, today, now: new Date(`${today}T12:00:00Z`) };
}

export const close = async (books: Books, subscriberId: string, today: string) => {
  const at = await hostOn(books, today);
  return books.db.transaction(systemActor('test'), (tx) => closeDue(tx, at, subscriberId));
};

/** Mails that an organization sent at noon of a day. */
export async function mailsOn({ db, organizationId }: Books, day: string, count: number, state = 'sent') {
  const ids = Array.from({ length: count }, () => newId('message'));
  await db.pool.query(
    `insert into messages (organization_id, id, kind, state, route, from_name, from_email, to_emails, subject,
      html, text, message_id, created_at)
    select $1, m, 'invoice', $3, 'mailbox', 'A', 'a@a.test', '{b@b.test}', 's', 'h', 't', m, $4::timestamptz
    from unnest($2::text[]) m`,
    [organizationId, ids, state, `${day}T12:00:00Z`],
  );
}

export type Billed = { number: string; total: bigint; lines: [string, bigint][] };

/** What the host has billed a customer, oldest first. */
export const billedTo = (books: Books, customerId: string): Promise<Billed[]> =>
  books.tx(async (tx) => {
    const rows = await tx.rows<{
      id: string;
      number: string;
      total: bigint;
    }>(sql`select id, number, total from invoices
      where organization_id = ${books.organizationId} and customer_id = ${customerId} and external_id like 'billing %'
      order by id`);
    return Promise.all(
      rows.map(async ({ id, ...row }) => {
        const lines = await tx.rows<{ description: string; amount: bigint }>(sql`select description, amount
          from invoice_lines where organization_id = ${books.organizationId} and invoice_id = ${id} order by line_no`);
        return { ...row, lines: lines.map((line): [string, bigint] => [line.description, line.amount]) };
      }),
    );
  });

/** Somebody who works for an organization from an instant on. */
export const personFrom = (books: Books, name: string, since: string) =>
  books.db.transaction(systemActor('test'), (tx) =>
    createUser(
      tx,
      systemActor('test'),
      {
        organizationId: books.organizationId,
        email: `${name}@${books.organizationId.slice(4)}.example`,
        firstName: name,
        lastName: '',
        passwordHash: '',
        roles: ['dashboard'],
      },
      new Date(since),
    ),
  );

export async function taxRateOf({ db, organizationId }: Books, percent: string): Promise<string> {
  const id = newId('taxRate');
  await db.pool.query(
    `insert into tax_rates (organization_id, id, name, percent, created_at) values ($1, $2, $4, $3, now())`,
    [organizationId, id, percent, `Tax ${id}`],
  );
  return id;
}
