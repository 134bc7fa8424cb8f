import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { readOrganization } from '#features/organizations/queries.ts';
import { approvePlan } from '#features/payment-plans/approve-plan.ts';
import { chargeInstallments } from '#features/payment-plans/charge-installments.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { requestPlan } from '#features/payment-plans/request-plan.ts';
import { sweepPlans } from '#features/payment-plans/sweep-plans.ts';
import { given, news } from '../support/given.ts';
import { signing } from '../support/plans.ts';
import { plusDays, type Timetable } from './clock.ts';
import { endRest } from './fees-oracle.ts';
import { customerAt } from './oracle.ts';
import { balanceOf, paid } from './payments.ts';
import type { ActOnInvoice, ChasedWorld, PlainInvoice, When } from './world.ts';

/** What is open is paid in parts from now on: asked for, approved, the first of it taken. */
export const agreeToPlan: ActOnInvoice = async (world, invoice, random, { day, now }) => {
  if (invoice.plan || invoice.pending) return 'is not for a plan';
  const books = { ...world.books, now };
  const { organizationId, actor, tx } = books;
  const { balanceDue } = await balanceOf(world, invoice);
  const customerId = customerAt(world, invoice.customer).id;
  const paymentMethodId = await given.storedMethod(books, customerId);
  const wish = {
    ...{ customerId, invoiceIds: [invoice.id], downPayment: balanceDue / 5n, cadence: 'weekly' as const },
    ...{ installments: random.int(1, 3), firstOn: plusDays(day, random.int(1, 5)) },
  };
  const id = await tx(async (t) => {
    const seller = await readOrganization(t, organizationId);
    const request = { seller, wish, note: '', today: day, paymentMethodId, signing };
    const { planId } = await requestPlan(t, actor, request, now);
    await approvePlan(t, actor, { seller, planId, today: day }, now);
    return planId;
  });
  invoice.plan = { id, isGood: true };
  await answer(world, invoice, { day, now });
  invoice.plan = { id, isGood: random.chance(0.4) };
  invoice.rests.push({ why: 'plan', from: day, until: undefined });
  world.plans.begun += 1;
  return `is paid in ${wish.installments} parts from ${wish.firstOn}, ${invoice.plan.isGood ? 'and' : 'or not'}`;
};

/** The plans’ part of a day, with what the gateway says of it. */
export async function workPlansOf(world: ChasedWorld, times: Timetable, when: When): Promise<void> {
  const { db, organizationId } = world.books;
  const about = { organizationId, today: when.day, now: when.now };
  const work = async (): Promise<void> => {
    await sweepPlans(db, about);
    await chargeInstallments(db, about);
  };
  if (!world.invoices.some(({ plan }) => plan)) return;
  await Promise.all(times.scheduler === 'doubled' ? [work(), work()] : [work()]);
  for (const invoice of world.invoices) if (invoice.plan) await answer(world, invoice, when);
}

type Standing = { state: string; missed: number; pending: string[] };

/** What is under way is answered, and the plan heard of it. */
async function answer(world: ChasedWorld, invoice: PlainInvoice, { day, now }: When): Promise<void> {
  const { plan } = invoice;
  assert.ok(plan);
  const books = { ...world.books, now };
  const { organizationId, actor, tx } = books;
  const planId = plan.id;
  const before = await standingOf(world, planId);
  for (const paymentId of before.pending)
    await given.outcome(books, paymentId, news(plan.isGood ? 'approved' : 'declined'));
  await tx((t) => followOne(t, actor, { organizationId, planId, today: day }, now));
  const { balanceDue: left } = await balanceOf(world, invoice);
  const amount = invoice.open - left;
  if (amount > 0n) await paid({ ...world, books }, invoice, { amount, left }, { day, now });
  const { state, missed } = await standingOf(world, planId);
  // A plan that has its money runs until all is paid; one that misses a part runs no more.
  assert.equal(state, left === 0n ? 'completed' : missed > 0 ? 'defaulted' : 'active', `plan ${planId}`);
  if (state === 'active') return;
  invoice.plan = undefined;
  endRest(invoice, 'plan', day);
  if (state === 'defaulted') world.plans.defaulted += 1;
}

const standingOf = async ({ books }: ChasedWorld, planId: string): Promise<Standing> => {
  const row = await books.tx((tx) =>
    tx.row<Standing>(sql`select p.state,
      (select count(*)::int from payment_plan_installments i where i.organization_id = p.organization_id
        and i.payment_plan_id = p.id and i.state = 'missed') as missed,
      array(select y.id::text from payments y where y.organization_id = p.organization_id and y.state = 'pending'
        and (y.id = p.down_payment_id or y.id in (select i.payment_id from payment_plan_installments i
          where i.organization_id = p.organization_id and i.payment_plan_id = p.id))) as pending
      from payment_plans p where p.organization_id = ${books.organizationId} and p.id = ${planId}`),
  );
  return row ?? assert.fail(planId);
};
