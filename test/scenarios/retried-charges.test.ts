import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import type { GatewayOutcome, MethodDetails } from '#features/payments/payment-gateway.ts';
import { answer, autopayHouse, chargesOf, march, switchOn, workAutopayAt } from '../support/autopay.ts';
import { setFees } from '../support/card-fees.ts';
import { type Books, bankAccount, given, news } from '../support/given.ts';
import { mailsOf } from '../support/mails.ts';
import { reviseTo } from '../support/messenger.ts';

const discount = {
  mode: 'bank_discount',
  percent: '2',
  costPercent: null,
  acquirerNotifiedOn: null,
} as const;
const off = { mode: 'off' } as const;
type Outcome = Exclude<GatewayOutcome, { outcome: 'absent' }>;
const noMoney: Outcome = { outcome: 'returned', reference: 'ch_test', returnCode: 'R01', message: '' };
const at = (books: Books, day: number): Books => ({ ...books, now: march(day) });

/** Autopay of which a failed charge is tried once more after three days. */
async function retrying(terms: Partial<AutopayTerms>, policy: object, method?: MethodDetails) {
  const house = await autopayHouse({}, method);
  const { books, customerId, methodId } = house;
  await books.tx((tx) =>
    tx.run(sql`update organizations set failed_charge_retries = 1, failed_charge_retry_days = 3
      where id = ${books.organizationId}`),
  );
  await setFees(books, policy);
  await switchOn(books, { customerId, methodId, terms, now: march(2) });
  return house;
}

const fails = async (books: Books, day: number, outcomes: Outcome[]): Promise<void> =>
  answer(books, (await chargesOf(books))[0]?.id ?? '', { now: march(day), outcomes });
const amounts = async (books: Books) => (await chargesOf(books)).map(({ amount }) => amount);
const bounded = { maximum: 100_000n };

test('a debit that came back is tried again as it was, whatever the discount is by then', async () => {
  for (const [before, after, amount] of [
    [discount, off, 9_800n],
    [discount, { ...discount, percent: '5' }, 9_800n],
    [off, discount, 10_000n],
  ] as const) {
    const { books, customerId } = await retrying(bounded, before, bankAccount);
    await given.invoice(books, customerId, 10_000n);
    await workAutopayAt(books, march(2));
    await fails(books, 4, [news('submitted'), noMoney]);
    await setFees(at(books, 5), after);
    await workAutopayAt(books, march(9));
    assert.deepEqual(await amounts(books), [amount, amount], `${before.mode}, then ${after.mode}`);
  }
});

test('where less is due by then, the rest keeps the discount that its payer was given', async () => {
  const { books, customerId } = await retrying(bounded, discount, bankAccount);
  const invoiceId = await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  await fails(books, 4, [news('submitted'), noMoney]);
  await setFees(at(books, 5), off);
  await given.payment(books, { customerId, amount: 4_000n, applications: [{ invoiceId, amount: 4_000n }] });
  await workAutopayAt(books, march(9));
  assert.deepEqual(await amounts(books), [9_800n, 5_880n]);
});

test('a debit is of the amount that its notice named, though the discount has ended since', async () => {
  const { books, customerId } = await retrying({}, discount, bankAccount);
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  assert.match((await mailsOf(books))[0]?.text ?? '', /\$98\.00/);
  await setFees(at(books, 5), off);
  await workAutopayAt(books, march(12));
  assert.deepEqual(await amounts(books), [9_800n]);
});

test('a card that was declined is not charged more the second time, and less where the fee has fallen', async () => {
  for (const [percent, amount] of [
    ['3', 10_200n],
    ['1', 10_100n],
  ] as const) {
    const { books, customerId, methodId } = await retrying({}, { percent: '3' });
    await setFees(at(books, 3), { percent: '2' });
    await given.invoice(books, customerId, 10_000n);
    await workAutopayAt(books, march(3));
    await fails(books, 3, [news('declined')]);
    await setFees(at(books, 5), { percent });
    await workAutopayAt(books, march(9));
    assert.deepEqual(await amounts(books), [10_200n, amount], `${percent} % by then of ${methodId}`);
  }
});

test('a debit whose invoice has grown is not tried again before its payer was told of the new amount', async () => {
  const { books, customerId } = await retrying({}, off, bankAccount);
  const invoiceId = await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  await workAutopayAt(books, march(12));
  await fails(books, 13, [news('submitted'), noMoney]);
  await reviseTo(at(books, 14), invoiceId, { amount: 15_000n });
  await workAutopayAt(books, march(16));
  assert.deepEqual(await amounts(books), [10_000n], 'it waits');
  const notices = (await mailsOf(books)).filter(({ kind }) => kind === 'autopay_notice');
  assert.match(notices.at(-1)?.text ?? '', /\$150\.00/);
  for (const day of [17, 25]) await workAutopayAt(books, march(day));
  assert.deepEqual(await amounts(books), [10_000n], 'for the days of the notice');
  await workAutopayAt(books, march(26));
  assert.deepEqual(await amounts(books), [10_000n, 15_000n]);
});
