import { sql } from 'kysely';
import { readOrganization } from '#features/organizations/queries.ts';
import { approvePlan } from '#features/payment-plans/approve-plan.ts';
import { chargeInstallments } from '#features/payment-plans/charge-installments.ts';
import type { PlanWish } from '#features/payment-plans/draft-plan.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { type PlanRow, readInstallments, readPlan } from '#features/payment-plans/read-plan.ts';
import { requestPlan } from '#features/payment-plans/request-plan.ts';
import { sweepPlans } from '#features/payment-plans/sweep-plans.ts';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import { type Books, bankAccount, card, given, news } from './given.ts';

export const day = (on: string): Date => new Date(`${on}T17:00:00Z`);
export const signing = {
  textHash: undefined,
  name: 'Ana Ruiz',
  email: 'ana@example.com',
  signature: { kind: 'typed' as const },
  origin: { ip: '203.0.113.7', userAgent: 'test' },
};

export type Planned = { books: Books; customerId: string; invoiceIds: string[]; methodId: string };

/** A customer who may ask for plans, with a method that works and an open invoice for each amount. */
export async function planHouse(
  amounts: readonly bigint[],
  options: { method?: MethodDetails; currency?: string; timeZone?: string } = {},
): Promise<Planned> {
  const { method = card, ...organization } = options;
  const books = await given.organization(organization);
  const customerId = await given.customer(books, { allowPaymentPlans: true, email: 'ana@example.com' });
  const invoiceIds: string[] = [];
  for (const amount of amounts) invoiceIds.push(await given.invoice(books, customerId, amount));
  const methodId = await given.storedMethod(books, customerId, method);
  return { books, customerId, invoiceIds, methodId };
}

export async function ask(house: Planned, wish: Partial<PlanWish> = {}): Promise<string> {
  const { books, customerId, invoiceIds, methodId } = house;
  const full: PlanWish = {
    ...{ customerId, invoiceIds, downPayment: 10_000n, cadence: 'monthly', installments: 3 },
    firstOn: '2026-04-02',
    ...wish,
  };
  const { planId } = await books.tx(async (tx) => {
    const seller = await readOrganization(tx, books.organizationId);
    const request = { seller, wish: full, note: '', today: '2026-03-02', paymentMethodId: methodId, signing };
    return requestPlan(tx, books.actor, request, books.now);
  });
  return planId;
}

export const approve = ({ books }: Planned, planId: string, today = '2026-03-02'): Promise<void> =>
  books.tx(async (tx) => {
    const seller = await readOrganization(tx, books.organizationId);
    await approvePlan(tx, books.actor, { seller, planId, today }, day(today));
  });

export const follow = ({ books }: Planned, planId: string, today = '2026-03-02'): Promise<void> =>
  books.tx((tx) =>
    followOne(tx, books.actor, { organizationId: books.organizationId, planId, today }, day(today)),
  );

export const planOf = ({ books }: Planned, planId: string): Promise<PlanRow> =>
  books.tx((tx) => readPlan(tx, books.organizationId, planId));
export const installmentsOf = ({ books }: Planned, planId: string) =>
  books.tx((tx) => readInstallments(tx, books.organizationId, planId));

/** A day of plans as the worker works it, without its mails. */
export async function work({ books }: Planned, on: string): Promise<void> {
  const about = { organizationId: books.organizationId, today: on, now: day(on) };
  await sweepPlans(books.db, about);
  await chargeInstallments(books.db, about);
}

export type Charged = { id: string; amount: bigint; state: string; source: string; requestKey: string };
export const chargesOf = ({ books, customerId }: Planned): Promise<Charged[]> =>
  books.tx((tx) =>
    tx.rows<Charged>(sql`select id, amount, state, source, request_key from payments
      where organization_id = ${books.organizationId} and customer_id = ${customerId} order by requested_at, id`),
  );

/** The gateway answers every charge that is under way. */
export async function answer(
  house: Planned,
  word: 'approved' | 'declined' | 'submitted' | 'settled' | 'returned',
) {
  for (const each of await chargesOf(house)) {
    const waits = each.state === 'pending' || each.state === 'unknown';
    const settles =
      (word === 'settled' || word === 'returned') && !['declined', 'voided', 'settled'].includes(each.state);
    if (waits || settles) await given.outcome(house.books, each.id, news(word));
  }
}

export const isResting = async ({ books, invoiceIds }: Planned): Promise<boolean[]> => {
  const rows = await books.tx((tx) =>
    tx.rows<{
      id: string;
      resting: boolean;
    }>(sql`select id, payment_plan_id is not null as resting from invoices
      where organization_id = ${books.organizationId} and id = any(${invoiceIds}::text[])`),
  );
  return invoiceIds.map((id) => rows.find((row) => row.id === id)?.resting ?? false);
};

/** A plan that runs: asked for, approved, its down payment taken. */
export async function running(house: Planned, wish: Partial<PlanWish> = {}): Promise<string> {
  const planId = await ask(house, wish);
  await approve(house, planId);
  await answer(house, 'approved');
  await follow(house, planId);
  return planId;
}

export { bankAccount, card };
