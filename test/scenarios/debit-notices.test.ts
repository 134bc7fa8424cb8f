import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import { type AutopayHouse, autopayHouse, chargesOf, march, workAutopayAt } from '../support/autopay.ts';
import { setFees } from '../support/card-fees.ts';
import { type Books, bankAccount, given } from '../support/given.ts';
import { mailsOf } from '../support/mails.ts';

const discount = {
  mode: 'bank_discount',
  percent: '2',
  costPercent: null,
  acquirerNotifiedOn: null,
} as const;
const atMost = { ...discount, mostAmount: 150n };
const at = (books: Books, day: number): Books => ({ ...books, now: march(day) });

const debits = async (terms: Partial<AutopayTerms>, policy: object): Promise<AutopayHouse> => {
  const house = await autopayHouse(terms, bankAccount);
  await setFees(house.books, policy);
  return house;
};
const owes = ({ books, customerId }: AutopayHouse, day: number, dueDate: string) =>
  given.invoice(at(books, day), customerId, 10_000n, { invoiceDate: `2026-03-0${day}`, dueDate });
const amounts = async (books: Books) => (await chargesOf(books)).map(({ amount }) => amount);
/** What the subjects of the notices name, in cents. */
const told = async (books: Books): Promise<bigint[]> =>
  (await mailsOf(books))
    .filter(({ kind }) => kind === 'autopay_notice')
    .map(({ subject }) => BigInt((/\$([\d.,]+)/.exec(subject)?.[1] ?? '').replace(/\D/g, '')))
    .reverse();
const asTold = async ({ books }: AutopayHouse, expected: bigint[]): Promise<void> => {
  assert.deepEqual((await told(books)).sort(), expected, 'what was told');
  assert.deepEqual((await amounts(books)).sort(), expected, 'what was charged');
};
const due = { chargeWhen: 'due_date' } as const;

test('debits that were told under different terms are made apart, each of the amount that its notice named', async () => {
  const house = await debits(due, discount);
  await owes(house, 2, '2026-03-15');
  await workAutopayAt(house.books, march(5));
  await setFees(at(house.books, 5), { mode: 'off' });
  await owes(house, 5, '2026-03-15');
  for (const day of [5, 15]) await workAutopayAt(house.books, march(day));
  await asTold(house, [9_800n, 10_000n].sort());
});

test('debits that were told for different days are made apart, also after days without work', async () => {
  const house = await debits(due, atMost);
  await owes(house, 2, '2026-03-15');
  await owes(house, 2, '2026-03-16');
  for (const day of [5, 6, 18]) await workAutopayAt(house.books, march(day));
  await asTold(house, [9_850n, 9_850n]);
});

test('what one notice told of is one debit, and the most of its discount counts once', async () => {
  const house = await debits(due, atMost);
  for (const _ of [1, 2]) await owes(house, 2, '2026-03-15');
  for (const day of [5, 15]) await workAutopayAt(house.books, march(day));
  await asTold(house, [19_850n]);
});

test('two notices of one day, for one day and under one policy, are two debits with the most of each', async () => {
  const house = await debits(due, atMost);
  await owes(house, 2, '2026-03-15');
  await workAutopayAt(house.books, march(5));
  await owes(house, 5, '2026-03-15');
  for (const day of [5, 15]) await workAutopayAt(house.books, march(day));
  await asTold(house, [9_850n, 9_850n]);
});

test('what the maximum keeps from being one debit is told as the debits that it is', async () => {
  const house = await debits({ ...due, noticeDays: 5, maximum: 15_000n }, atMost);
  for (const _ of [1, 2]) await owes(house, 2, '2026-03-15');
  for (const day of [10, 15]) await workAutopayAt(house.books, march(day));
  await asTold(house, [9_850n, 9_850n]);
});
