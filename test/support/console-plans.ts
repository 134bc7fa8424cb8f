import { readOrganization } from '#features/organizations/queries.ts';
import { approvePlan } from '#features/payment-plans/approve-plan.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { attestPlan } from '#features/payment-plans/request-plan.ts';
import { addDays, dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { type Books, given, news } from './given.ts';
import { signing } from './plans.ts';

/** A plan that waits for an answer and one that runs, of one customer. */
export async function plansOf(books: Books) {
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books, { displayName: 'Juniper Court Dental' });
  const paymentMethodId = await given.storedMethod(books, customerId);
  const seller = await books.tx((tx) => readOrganization(tx, organizationId));
  const today = dateIn(seller.timeZone, now);
  const ask = async (amount: bigint) => {
    const invoiceId = await given.invoice(books, customerId, amount);
    const rhythm = { cadence: 'monthly' as const, installments: 4, firstOn: addDays(today, 28) };
    const wish = { ...rhythm, customerId, invoiceIds: [invoiceId], downPayment: amount / 5n };
    const request = { seller, wish, note: 'The new chairs cost more than we thought.', today };
    const { planId } = await books.tx((tx) =>
      attestPlan(tx, actor, { ...request, paymentMethodId, signing }, now),
    );
    return { planId, invoiceId };
  };
  const pending = await ask(180_000n);
  const { planId, invoiceId } = await ask(240_000n);
  await books.tx((tx) => approvePlan(tx, actor, { seller, planId, today }, now));
  const { rows } = await books.db.pool.query<{ id: string }>(
    `select down_payment_id as id from payment_plans where id = $1`,
    [planId],
  );
  await given.outcome(books, must(rows[0], 'the down payment').id, news('approved'));
  await books.tx((tx) => followOne(tx, actor, { organizationId, planId, today }, now));
  return {
    pendingPlan: pending.planId,
    activePlan: planId,
    plannedInvoice: invoiceId,
    plannedCustomer: customerId,
  };
}
