import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { priceCharge, readCardFeeTerms } from '#features/card-fees/price-charge.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { ChargeAsk } from '#features/payments/request-charges.ts';
import { Refusal } from '#lib/errors.ts';
import { feeIncome, setFees } from '../../../test/support/card-fees.ts';
import { type Books, card, given, news } from '../../../test/support/given.ts';
import { askRefund, refundNews } from '../../../test/support/refunds.ts';

const today = '2026-03-02';
const price = (books: Books, customerId: string, change: Partial<Parameters<typeof priceCharge>[1]> = {}) =>
  books.tx((tx) =>
    priceCharge(tx, {
      organizationId: books.organizationId,
      customerId,
      base: 10_000n,
      currency: 'USD',
      kind: 'card',
      funding: 'credit',
      brand: 'visa',
      parts: [],
      today,
      ...change,
    }),
  );
const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

test('surcharge: credit 3 %, debit 0, prepaid 0, unknown BIN 0, ACH 0, PayPal 0, plan 0, blocked state 0', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  assert.equal((await price(books, customerId)).why, 'off');
  await setFees(books);
  const credit = await price(books, customerId, { parts: [{ invoiceId }] });
  assert.deepEqual(
    [credit.paidOnTop, credit.label, credit.percent],
    [{ amount: 300n, kind: 'surcharge' }, 'Surcharge', '3'],
  );
  for (const funding of ['debit', 'prepaid', 'unknown', null])
    assert.equal((await price(books, customerId, { funding })).paidOnTop, undefined, String(funding));
  for (const kind of ['bank_account', 'paypal'] as const)
    assert.equal((await price(books, customerId, { kind })).why, 'not_a_card');
  await books.tx((tx) =>
    tx.run(
      sql`update invoices set payment_plan_id = ${'pln_0000000000000000000001'} where organization_id = ${books.organizationId}`,
    ),
  );
  assert.equal((await price(books, customerId, { parts: [{ invoiceId }] })).why, 'payment_plan');
  const other = await given.invoice(books, customerId, 10_000n);
  await books.tx((tx) => tx.run(sql`update invoices set payment_plan_id = null where id = ${other}`));
  const mixed = { base: 14_000n, parts: [{ invoiceId, amount: 4_000n }, { invoiceId: other }] };
  assert.equal((await price(books, customerId, mixed)).paidOnTop?.amount, 300n, 'only the part off the plan');
  const there = await given.customer(books, { billingAddress: { region: 'Connecticut' } } as object);
  assert.equal((await price(books, there)).why, 'barred_place');
  const coloradan = await given.customer(books, {
    billingAddress: { region: 'co', country: 'US' },
  } as object);
  assert.equal((await price(books, coloradan)).paidOnTop?.amount, 200n);
});

test('a setting that a network or the place does not allow is refused, with the field and the remedy', async () => {
  const books = await given.organization();
  const refused = async (param: string, policy: Parameters<typeof setFees>[1]) =>
    assert.rejects(setFees(books, policy), (error: unknown) => {
      assert.ok(error instanceof Refusal && error.code === 'invalid_request');
      assert.equal(error.details.param, param, error.message);
      return true;
    });
  for (const region of ['US-CT', 'US-MA', 'US-ME', 'US-OK', 'US-PR', 'DE', 'US', null])
    await refused('region', { region });
  await refused('percent', { percent: '3.01' });
  await refused('percent', { percent: '2.5', costPercent: '2.4' });
  await refused('percent', { region: 'US-CO', percent: '2.1' });
  await refused('percent', { percent: '0' });
  await refused('cost_percent', { costPercent: null });
  await refused('acquirer_notified_on', { acquirerNotifiedOn: null });
  await refused('effective_from', { acquirerNotifiedOn: '2026-02-20' });
  await refused('effective_from', { effectiveFrom: '2026-03-01' });
  await refused('flat_amount', { mode: 'convenience_fee' });
  assert.deepEqual(await setFees(books, { acquirerNotifiedOn: '2026-02-20', effectiveFrom: '2026-03-22' }), {
    version: 1,
  });
  const terms = (on: string) => books.tx((tx) => readCardFeeTerms(tx, books.organizationId, on));
  assert.equal(await terms('2026-03-21'), undefined);
  assert.equal((await terms('2026-03-22'))?.percent, '3');
  await setFees(books, { mode: 'off' });
  assert.equal(await terms('2026-03-22'), undefined);
});

test('no caller gets a fee past the rules: what goes on top is what the card costs, or the charge is refused', async () => {
  const books = await given.organization();
  await setFees(books);
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const applications = [{ invoiceId, amount: 10_000n }];
  const inspected = { funding: 'credit', brand: 'visa' };
  const ask = (fee: bigint, change: Partial<ChargeAsk> = {}) =>
    given.charge(books, {
      ...{
        customerId,
        applications,
        inspected,
        amount: 10_000n + fee,
        paidOnTop: { amount: fee, kind: 'surcharge' },
      },
      ...change,
    });
  const refused = (promise: Promise<unknown>) =>
    assert.rejects(
      promise,
      (error: unknown) =>
        error instanceof Refusal && error.details.param === 'fee' && error.code === 'state_refused',
    );
  await refused(ask(301n));
  await refused(ask(299n));
  await refused(ask(300n, { inspected: undefined }));
  await refused(ask(300n, { inspected: { ...inspected, funding: 'debit' } }));
  await refused(ask(300n, { kind: 'bank_account' }));
  await refused(ask(300n, { paidOnTop: { amount: 300n, kind: 'dual_pricing' } }));
  const debit = await given.storedMethod(books, customerId, { ...card, funding: 'debit' });
  await refused(ask(300n, { paymentMethodId: debit }));
  const requestKey = 'once';
  const { paymentId } = await ask(300n, { requestKey });
  const kept = await books.tx((tx) =>
    tx.row(
      sql`select kind, percent, base, amount, funding, brand from payment_fees where payment_id = ${paymentId}`,
    ),
  );
  assert.deepEqual(kept, {
    kind: 'surcharge',
    percent: '3',
    base: 10_000n,
    amount: 300n,
    funding: 'credit',
    brand: 'visa',
  });
  await setFees(books, { percent: '2' });
  assert.deepEqual(await ask(200n, { requestKey }), { ok: true, paymentId, replayed: true });
});

test('the fee is income of its own kind, goes back with refunds to the cent, and with a void whole', async () => {
  for (const [policy, kind, fee] of [
    [{}, 'surcharge', 299n],
    [{ mode: 'dual_pricing', percent: '3.5' }, 'dual_pricing', 362n],
    [{ mode: 'convenience_fee', flatAmount: 250n }, 'convenience_fee', 250n],
  ] as const) {
    const books = await given.organization();
    await setFees(books, policy);
    const { customerId, invoiceId } = await given.debtor(books, 9_989n);
    const charge = {
      customerId,
      amount: 9_989n + fee,
      paidOnTop: { amount: fee, kind },
      inspected: { funding: 'credit', brand: 'visa' },
      applications: [{ invoiceId, amount: 9_989n }],
    };
    const first = await given.charge(books, charge);
    await given.outcome(books, first.paymentId, news('approved'));
    assert.equal((await feeIncome(books))[`${kind}_income`], fee);
    await given.outcome(books, first.paymentId, news('voided'));
    assert.deepEqual(await feeIncome(books), {});
    const { paymentId } = await given.charge(books, charge);
    await given.outcome(books, paymentId, news('approved'), news('settled'));
    for (const principal of [1n, 3_333n, 17n, 2_500n, undefined]) {
      const refundId = await askRefund(books, { paymentId, ...(principal ? { principal } : {}) });
      await refundNews(books, refundId, 'submitted', 'settled');
      await inOrder(books);
    }
    assert.deepEqual(await feeIncome(books), { refunds: -9_989n });
    if (kind === 'surcharge') await findsDebit(books, paymentId);
  }
});

/** The gateway charges another card than it told of: `owed check` says so. */
async function findsDebit(books: Books, paymentId: string): Promise<void> {
  await books.tx((tx) => tx.run(sql`update payments set method_funding = 'debit' where id = ${paymentId}`));
  const { problems } = await checkLedger(books.db, books.organizationId);
  assert.match(JSON.stringify(problems), /a surcharge on a debit card/);
}
