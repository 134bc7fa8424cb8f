import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { agreeToRise, changeMethod, moveInstallment } from '#features/payment-plans/change-plan.ts';
import { endPlan } from '#features/payment-plans/end-plan.ts';
import { payOffPlan } from '#features/payment-plans/pay-off-plan.ts';
import { given, read } from '../../../test/support/given.ts';
import { nextLateFeeReason } from '../../../test/support/plan-rests.ts';
import {
  answer,
  approve,
  ask,
  chargesOf,
  day,
  follow,
  installmentsOf,
  isResting,
  type Planned,
  planHouse,
  planOf,
  running,
  signing,
  work,
} from '../../../test/support/plans.ts';

const about = async (house: Awaited<ReturnType<typeof planHouse>>, planId: string, today = '2026-03-02') => ({
  seller: await house.books.tx((tx) => readOrganization(tx, house.books.organizationId)),
  ...{ planId, today },
});

/** The one invoice of a plan says another total. */
async function rise({ books, invoiceIds }: Planned, total: bigint): Promise<void> {
  const { organizationId, actor, now } = books;
  const ids = invoiceIds.slice(0, 1);
  const [verdict] = await books.tx(async (tx) => {
    const [says] = await readRevisable(tx, organizationId, { ids }, false);
    assert.ok(says);
    const line = { itemName: 'Work', description: '', quantity: '1', unitPrice: '0', amount: total };
    const document = {
      ...says,
      lines: [{ ...line, taxable: false, taxRate: '0' }],
      subtotal: total,
      tax: 0n,
      total,
    };
    return reviseInvoices(
      tx,
      actor,
      { organizationId, revisions: [{ invoiceId: ids[0] ?? '', document }] },
      now,
    );
  });
  assert.ok(verdict?.ok);
}

test('approved twice at once, a plan charges its down payment once', async () => {
  const house = await planHouse([40_000n]);
  const planId = await ask(house);
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => approve(house, planId)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await chargesOf(house)).length, 1);
});

test('approved and withdrawn at once, one of the two holds', async () => {
  for (let round = 0; round < 5; round += 1) {
    const house = await planHouse([40_000n]);
    const { books } = house;
    const planId = await ask(house);
    const ending = { organizationId: books.organizationId, planId, to: 'withdrawn' as const, reason: '' };
    const [yes, no] = await Promise.allSettled([
      approve(house, planId),
      books.tx((tx) => endPlan(tx, books.actor, ending, books.now)),
    ]);
    assert.notEqual(yes.status, no.status);
    const charges = await chargesOf(house);
    assert.equal(charges.length, yes.status === 'fulfilled' ? 1 : 0);
    assert.equal((await planOf(house, planId)).state, yes.status === 'fulfilled' ? 'approved' : 'withdrawn');
  }
});

test('an invoice paid early some other way shortens the plan, and what is left completes it', async () => {
  const house = await planHouse([25_000n, 15_000n]);
  const planId = await running(house);
  const [, second = ''] = house.invoiceIds;
  await given.payment(house.books, {
    customerId: house.customerId,
    amount: 15_000n,
    applications: [{ invoiceId: second, amount: 15_000n }],
  });
  await follow(house, planId);
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ amount, state }) => [state, amount]),
    [
      ['due', 10_000n],
      ['due', 5_000n],
      ['dropped', 10_000n],
    ],
  );
  for (const on of ['2026-04-02', '2026-05-02']) {
    await work(house, on);
    await answer(house, 'approved');
    await work(house, on);
  }
  assert.equal((await planOf(house, planId)).state, 'completed');
});

test('a void invoice leaves its plan, and the plan goes on with the rest', async () => {
  const house = await planHouse([25_000n, 15_000n]);
  const planId = await running(house);
  const { books } = house;
  const [, second = ''] = house.invoiceIds;
  await books.tx((tx) =>
    voidInvoice(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId: second, reason: 'x' },
      books.now,
    ),
  );
  await follow(house, planId);
  assert.deepEqual(await isResting(house), [true, false]);
  const open = (await installmentsOf(house, planId)).filter(({ state }) => state === 'due');
  assert.deepEqual(
    open.map(({ amount }) => amount),
    [10_000n, 5_000n],
  );
});

test('an invoice that rises beyond the agreement is asked for, and collected once it is agreed to', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  await rise(house, 46_000n);
  await follow(house, planId);
  const asked = await planOf(house, planId);
  assert.equal(asked.askedRise, 6_000n);
  assert.equal((await installmentsOf(house, planId)).length, 3);
  const input = { ...(await about(house, planId)), signing };
  await assert.rejects(
    books.tx((tx) =>
      agreeToRise(tx, books.actor, { ...input, signing: { ...signing, textHash: 'other words' } }, books.now),
    ),
    /words have changed/,
  );
  await books.tx((tx) => agreeToRise(tx, books.actor, input, books.now));
  const after = await planOf(house, planId);
  assert.deepEqual([after.askedRise, after.mayRise], [0n, 6_000n]);
  assert.notEqual(after.authorizationId, asked.authorizationId);
  assert.deepEqual(
    (await installmentsOf(house, planId)).map(({ amount }) => amount),
    [10_000n, 10_000n, 10_000n, 6_000n],
  );
});

test('paid off early, the plan is completed; while it was under way no installment is charged', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  const input = { organizationId: books.organizationId, planId, today: '2026-03-10' };
  await books.tx((tx) => payOffPlan(tx, books.actor, input, day('2026-03-10')));
  await assert.rejects(
    books.tx((tx) => payOffPlan(tx, books.actor, input, day('2026-03-10'))),
    /under way/,
  );
  await work(house, '2026-04-02');
  assert.equal((await chargesOf(house)).length, 2);
  await answer(house, 'approved');
  await follow(house, planId);
  assert.equal((await planOf(house, planId)).state, 'completed');
});

test('paying off takes what was agreed to, not what an invoice has risen by since', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  await books.tx((tx) =>
    tx.run(sql`update invoices set total = total + 6000, subtotal = subtotal + 6000
      where organization_id = ${books.organizationId} and id = ${house.invoiceIds[0]}`),
  );
  await follow(house, planId);
  const input = { organizationId: books.organizationId, planId, today: '2026-03-10' };
  const { paymentId } = await books.tx((tx) => payOffPlan(tx, books.actor, input, day('2026-03-10')));
  assert.equal((await read.payment(books, paymentId)).amount, 30_000n);
});

test('an installment is put off as far as was agreed, and not further', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  const input = { ...(await about(house, planId)), number: 1 };
  const move = (dueOn: string) =>
    books.tx((tx) => moveInstallment(tx, books.actor, { ...input, dueOn }, books.now));
  await assert.rejects(move('2026-04-17'), /agreed to a date from/);
  await assert.rejects(move('2026-04-01'), /agreed to a date from/);
  await move('2026-04-10');
  await move('2026-04-16');
  await work(house, '2026-04-15');
  assert.equal((await chargesOf(house)).length, 1);
  await work(house, '2026-04-16');
  assert.equal((await chargesOf(house)).length, 2);
});

test('the method of a plan cannot be removed before the plan has another one', async () => {
  const house = await planHouse([40_000n]);
  const { books, customerId, methodId } = house;
  const planId = await running(house);
  const remove = () =>
    books.tx((tx) =>
      removeMethod(
        tx,
        books.actor,
        { organizationId: books.organizationId, customerId, methodId },
        books.now,
      ),
    );
  await answer(house, 'settled');
  await assert.rejects(remove(), /payment plan charges this method/);
  const other = await given.storedMethod(books, customerId);
  const input = { ...(await about(house, planId)), paymentMethodId: other, signing };
  await books.tx((tx) => changeMethod(tx, books.actor, input, books.now));
  await remove();
});

test('a method that cannot be charged any more misses an installment, and nothing is charged', async () => {
  const house = await planHouse([40_000n]);
  const planId = await running(house);
  await house.books.tx((tx) =>
    tx.run(sql`update payment_methods set expiry_year = 2026, expiry_month = 3 where id = ${house.methodId}`),
  );
  await work(house, '2026-04-02');
  const [first] = await installmentsOf(house, planId);
  assert.deepEqual([first?.state, first?.reason], ['missed', 'The card has expired.']);
  assert.equal((await chargesOf(house)).length, 1);
});

test('while a plan runs, late fees rest and say why; after its end they go on', async () => {
  const house = await planHouse([40_000n]);
  const { books } = house;
  const planId = await running(house);
  assert.equal(await nextLateFeeReason(house), 'on_plan');
  const ending = {
    organizationId: books.organizationId,
    planId,
    to: 'cancelled' as const,
    reason: 'By phone.',
  };
  await books.tx((tx) => endPlan(tx, books.actor, ending, day('2026-03-10')));
  assert.equal(await nextLateFeeReason(house), undefined);
});

test('an invoice is in one plan at a time, and only who may ask gets one', async () => {
  const house = await planHouse([40_000n]);
  await ask(house);
  await assert.rejects(ask(house), /in a payment plan already/);
  const stranger = await planHouse([40_000n]);
  await assert.rejects(ask({ ...house, invoiceIds: stranger.invoiceIds }), /No invoice/);
  await house.books.tx((tx) =>
    tx.run(sql`update customers set allow_payment_plans = false where id = ${house.customerId}`),
  );
  await assert.rejects(ask(house), /not offered here/);
});
