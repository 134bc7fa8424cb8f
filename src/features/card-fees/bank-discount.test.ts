import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { priceCharge } from '#features/card-fees/price-charge.ts';
import {
  type CardFeePolicy,
  type CardFeeRule,
  priceCardFee,
  tenThousandths,
} from '#features/card-fees/rules.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { documentOfReceipt } from '#features/payments/receipt-document.ts';
import { chargeStored } from '#features/standing-charges/charge-stored.ts';
import { Refusal } from '#lib/errors.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, bankAccount, given, news } from '../../../test/support/given.ts';
import { askRefund, refundNews } from '../../../test/support/refunds.ts';

const today = '2026-03-02';
const discount = {
  mode: 'bank_discount',
  percent: '2',
  costPercent: null,
  acquirerNotifiedOn: null,
} as const;
const paidOnTop = { amount: -200n, kind: 'bank_discount' } as const;

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const balances = async ({ db, organizationId }: Books): Promise<Record<string, bigint>> => {
  const { rows } = await db.pool.query<{ account: string; sum: string }>(
    `select account, sum(debit - credit)::text as sum from journal_lines where organization_id = $1
     group by account having sum(debit - credit) <> 0 order by account`,
    [organizationId],
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, BigInt(sum)]));
};
const invoiceOf = async ({ db }: Books, id: string) => {
  const { rows } = await db.pool.query<{ due: string; reserved: string }>(
    'select balance_due::text as due, reserved::text from invoices where id = $1',
    [id],
  );
  return rows[0];
};
const paying = (books: Books, customerId: string, invoiceId: string, change = {}) =>
  given.charge(books, {
    ...{ customerId, kind: 'bank_account', amount: 9_800n, paidOnTop },
    applications: [{ invoiceId, amount: 10_000n }],
    ...change,
  });

test('who pays an invoice by bank pays less, the invoice is paid whole, and the rest is income given up', async () => {
  const books = await given.organization();
  await setFees(books, discount);
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await paying(books, customerId, invoiceId);
  assert.deepEqual(await invoiceOf(books, invoiceId), { due: '10000', reserved: '10000' });
  await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
  assert.deepEqual(await invoiceOf(books, invoiceId), { due: '0', reserved: '0' });
  assert.deepEqual(await balances(books), {
    bank_discounts: 200n,
    gateway_clearing: 9_800n,
    sales: -10_000n,
  });
  await inOrder(books);
  const receipt = await books.tx((tx) => documentOfReceipt(tx, books.organizationId, paymentId));
  assert.deepEqual(receipt.fees, [
    { label: 'Bank account discount', amount: { amount: -200n, currency: 'USD' } },
  ]);
  assert.equal(receipt.amount.amount, 9_800n);
  assert.equal(receipt.unapplied.amount, 0n);
});

test('a debit that comes back takes its discount along: the invoice is open over all of it', async () => {
  const books = await given.organization();
  await setFees(books, discount);
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await paying(books, customerId, invoiceId);
  await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount), news('returned'));
  assert.deepEqual(await invoiceOf(books, invoiceId), { due: '10000', reserved: '0' });
  assert.deepEqual(await balances(books), { accounts_receivable: 10_000n, sales: -10_000n });
  await inOrder(books);
});

test('refunds give back what was paid, to the cent, and never more', async () => {
  const books = await given.organization();
  await setFees(books, { ...discount, percent: '3' });
  const { customerId, invoiceId } = await given.debtor(books, 9_989n);
  const change = { amount: 9_690n, paidOnTop: { ...paidOnTop, amount: -299n } };
  const { paymentId } = await paying(books, customerId, invoiceId, {
    ...change,
    applications: [{ invoiceId, amount: 9_989n }],
  });
  await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
  await assert.rejects(
    askRefund(books, { paymentId, feeHandling: 'exclusive' }),
    (error: unknown) => error instanceof Refusal && error.details.param === 'fee_handling',
  );
  for (const principal of [17n, 3_333n, 2_500n, undefined]) {
    const refundId = await askRefund(books, { paymentId, ...(principal ? { principal } : {}) });
    await refundNews(books, refundId, 'submitted', 'settled');
    await inOrder(books);
  }
  const { rows } = await books.db.pool.query<{ back: string }>(
    'select sum(amount)::text as back from refunds where payment_id = $1',
    [paymentId],
  );
  assert.equal(rows[0]?.back, '9690');
  assert.deepEqual(await balances(books), { refunds: 9_989n, sales: -9_989n });
});

test('paid ahead beside an invoice, the invoice’s part goes back with its discount', async () => {
  const books = await given.organization();
  await setFees(books, discount);
  const { customerId, invoiceId } = await given.debtor(books, 100_000n);
  const { paymentId } = await paying(books, customerId, invoiceId, {
    amount: 148_000n,
    paidOnTop: { ...paidOnTop, amount: -2_000n },
    applications: [{ invoiceId, amount: 100_000n }],
  });
  await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
  const rows: bigint[] = [];
  for (const ask of [{ fromUnapplied: 10_000n }, { lines: [{ invoiceId, amount: 100_000n }] }, {}]) {
    const refundId = await askRefund(books, { paymentId, ...ask });
    await refundNews(books, refundId, 'submitted', 'settled');
    await inOrder(books);
    const { rows: one } = await books.db.pool.query('select amount from refunds where id = $1', [refundId]);
    rows.push(BigInt(one[0].amount));
  }
  assert.deepEqual(rows, [10_000n, 98_000n, 40_000n], 'what was paid ahead comes back in full');
});

test('nobody gets another discount than the rules give: not by card, not ahead, not of a plan, not more', async () => {
  const books = await given.organization();
  await setFees(books, { ...discount, mostAmount: 500n });
  const { customerId, invoiceId } = await given.debtor(books, 40_000n);
  const refused = (promise: Promise<unknown>) =>
    assert.rejects(promise, (error: unknown) => error instanceof Refusal && error.details.param === 'fee');
  const off = (amount: bigint) => ({
    amount: 40_000n + amount,
    paidOnTop: { amount, kind: 'bank_discount' },
    applications: [{ invoiceId, amount: 40_000n }],
  });
  await refused(paying(books, customerId, invoiceId, off(-501n)));
  await refused(paying(books, customerId, invoiceId, off(-800n)));
  await refused(paying(books, customerId, invoiceId, { ...off(-500n), kind: 'card' }));
  await refused(paying(books, customerId, invoiceId, { ...off(-500n), applications: [] }));
  const why = async (change: Partial<Parameters<typeof priceCharge>[1]> = {}) => {
    const { organizationId } = books;
    const parts = [{ invoiceId, amount: 10_000n }];
    const price = await books.tx((tx) =>
      priceCharge(tx, {
        ...{ organizationId, customerId, base: 10_000n, currency: 'USD', kind: 'bank_account', parts, today },
        ...change,
      }),
    );
    return price.why ?? price.paidOnTop?.amount;
  };
  assert.equal(await why(), -200n);
  assert.equal(await why({ source: 'autopay' }), -200n, 'autopay pays what is due, whatever way it takes');
  assert.equal(await why({ source: 'schedule' }), 'not_agreed');
  assert.equal(await why({ source: 'plan_down_payment' }), 'not_agreed');
  for (const kind of ['card', 'paypal'] as const)
    assert.match(String(await why({ kind })), /^not_a_(bank_account|card)$/);
  assert.equal(await why({ parts: [] }), 'no_invoice');
  assert.equal(await why({ base: 15_000n }), -200n, 'of what goes to invoices only');
  await books.tx((tx) =>
    tx.run(
      sql`update invoices set payment_plan_id = ${'pln_0000000000000000000001'} where id = ${invoiceId}`,
    ),
  );
  assert.equal(await why(), 'payment_plan');
});

test('autopay by bank account takes the discount by itself, a card pays all of it', async () => {
  const books = await given.organization();
  await setFees(books, discount);
  for (const [details, amount] of [
    [bankAccount, 9_800n],
    [undefined, 10_000n],
  ] as const) {
    const { customerId, invoiceId } = await given.debtor(books, 10_000n);
    const paymentMethodId = await given.storedMethod(books, customerId, details);
    const charge = {
      ...{ requestKey: `autopay:${invoiceId}`, customerId, paymentMethodId, source: 'autopay' as const },
      ...{ amount: 10_000n, currency: 'USD', applications: [{ invoiceId, amount: 10_000n }] },
      sendReceipt: false,
    };
    const input = { organizationId: books.organizationId, charges: [charge], today };
    const [verdict] = await books.tx((tx) => chargeStored(tx, books.actor, input, books.now));
    assert.ok(verdict?.ok);
    const { rows } = await books.db.pool.query<{ amount: string; told: boolean }>(
      `select p.amount::text, f.disclosed_at is not null as told from payments p
       left join payment_fees f on f.payment_id = p.id where p.id = $1`,
      [verdict.paymentId],
    );
    assert.deepEqual(rows[0], { amount: String(amount), told: details !== undefined });
  }
});

const rules: CardFeeRule[] = [
  {
    ...{ jurisdiction: 'US', kind: 'formality', modes: ['bank_discount'], brand: null, title: '' },
    ...{ figure: null, says: '', severity: 'inform', source: '' },
  },
];

test('in currencies of 0, 2 and 3 decimals a discount is never more than was announced, nor less by a unit', () => {
  const percents = fc
    .integer({ min: 1, max: 200_000 })
    .map((n) => `${Math.floor(n / 10_000)}.${String(n % 10_000).padStart(4, '0')}`);
  let given = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'USD', 'KWD'),
      fc.bigInt({ min: 1n, max: 10_000_000n }),
      percents,
      fc.option(fc.bigInt({ min: 1n, max: 5_000n })),
      (currency, base, percent, mostAmount) => {
        const policy: CardFeePolicy = {
          ...{ id: '', version: 1, mode: 'bank_discount', percent, flatAmount: 0n, mostAmount, currency },
          ...{ costPercent: null, acquirerNotifiedOn: null, region: 'US-TX', channel: 'online' },
          effectiveFrom: '2026-01-01',
        };
        const price = priceCardFee(policy, rules, {
          ...{ kind: 'bank_account', funding: 'unknown', brand: '', base, currency, channel: 'online' },
          ...{ planned: 0n, today },
        });
        const share = (base * tenThousandths(percent)) / 1_000_000n;
        const most = mostAmount !== null && mostAmount < share ? mostAmount : share;
        assert.equal(price.amount, -most);
        assert.ok(base + price.amount > 0n);
        if (most > 0n) given += 1;
      },
    ),
    { numRuns: 3_000 },
  );
  assert.ok(given > 1_000, `only ${given} had a discount`);
});
