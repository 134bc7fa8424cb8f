import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { AutopayHouse } from '../support/autopay.ts';
import { autopayHouse, chargesOf, march, stateOf, switchOn, workAutopayAt } from '../support/autopay.ts';
import { setFees } from '../support/card-fees.ts';
import { type Books, bankAccount, card, given, news, read } from '../support/given.ts';
import { mailsOf } from '../support/mails.ts';
import { liveBooks } from '../support/messenger.ts';
import { paying, workSchedules } from '../support/schedules.ts';

type Kept = { text: string; kind: string | null; percent: string | null };
const agreementOf = async (books: Books, customerId: string): Promise<Kept> => {
  const row = await books.tx((tx) =>
    tx.row<Kept>(sql`select text, terms ->> 'card_fee_kind' as kind, terms ->> 'card_fee_percent' as percent
      from authorizations where organization_id = ${books.organizationId} and customer_id = ${customerId}
        and kind in ('autopay', 'schedule') order by id desc limit 1`),
  );
  if (!row) throw new Error('no agreement');
  return row;
};
const paid = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ id: string; amount: bigint; fee: bigint }>(sql`select id, amount, fee from payments
      where organization_id = ${books.organizationId} order by id`),
  );
const amounts = async (books: Books) => (await paid(books)).map(({ amount, fee }) => [amount, fee]);
const again = ({ books, customerId, methodId }: AutopayHouse, terms = {}) =>
  switchOn(books, { customerId, methodId, terms, now: march(2) });

test('autopay that was agreed to without a surcharge has none, and has it once that is agreed to', async () => {
  const house = await autopayHouse();
  const { books, customerId } = house;
  await setFees(books);
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  assert.deepEqual(await amounts(books), [[10_000n, 0n]], 'agreed to before there was one');
  const first = (await stateOf(books, customerId)).authorizationId;
  await again(house);
  const second = (await stateOf(books, customerId)).authorizationId;
  assert.notEqual(second, first, 'the same terms with a fee are another agreement');
  await again(house);
  assert.equal((await stateOf(books, customerId)).authorizationId, second, 'the same again is the same');
  const kept = await agreementOf(books, customerId);
  assert.deepEqual([kept.kind, kept.percent], ['surcharge', '3']);
  assert.match(kept.text, /a surcharge of up to 3% of each charge is added/);
  await given.invoice(books, customerId, 20_000n);
  await workAutopayAt(books, march(3));
  assert.deepEqual((await amounts(books))[1], [20_600n, 600n]);
  await given.outcome(books, (await paid(books))[1]?.id ?? '', news('approved'), news('settled'));
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
});

test('no agreement speaks of a fee that the method never has', async () => {
  const books = await liveBooks();
  await setFees(books);
  for (const method of [
    bankAccount,
    { ...card, funding: 'debit' as const },
    { ...card, funding: 'prepaid' as const },
  ]) {
    const customerId = await given.customer(books);
    const methodId = await given.storedMethod(books, customerId, method);
    await switchOn(books, { customerId, methodId });
    const kept = await agreementOf(books, customerId);
    assert.equal(kept.kind, null);
    assert.doesNotMatch(kept.text, /surcharge/i);
  }
});

test('the maximum of one charge bounds what is charged with the fee, to the cent', async () => {
  const house = await autopayHouse();
  const { books, customerId } = house;
  await setFees(books);
  await again(house, { maximum: 10_300n });
  const within = await given.invoice(books, customerId, 10_000n);
  const above = await given.invoice(books, customerId, 10_001n);
  for (const day of [3, 4]) await workAutopayAt(books, march(day));
  assert.deepEqual(await amounts(books), [[10_300n, 300n]]);
  assert.deepEqual((await chargesOf(books))[0]?.invoices, [within]);
  assert.equal((await read.invoice(books, above)).reserved, 0n);
  const asked = (await mailsOf(books)).filter(({ kind }) => kind === 'autopay_over_maximum');
  assert.equal(asked.length, 1, 'asked about once');
});

test('the notice of a card’s charge names the agreed fee, and what it names is charged', async () => {
  const house = await autopayHouse();
  const { books, customerId } = house;
  await setFees(books);
  await again(house, { noticeDays: 3 });
  await given.invoice(books, customerId, 10_000n);
  for (const day of [2, 5]) await workAutopayAt(books, march(day));
  const [notice] = (await mailsOf(books)).filter(({ kind }) => kind === 'autopay_notice');
  assert.match(notice?.subject ?? '', /^\$103\.00 will be charged/);
  assert.match(notice?.text ?? '', /Surcharge.*\$3\.00/);
  assert.deepEqual(await amounts(books), [[10_300n, 300n]]);
});

test('invoices that are charged together stay within the maximum with their fee', async () => {
  const house = await autopayHouse();
  const { books, customerId } = house;
  await setFees(books);
  await again(house, { maximum: 10_300n });
  for (const amount of [5_000n, 5_001n]) await given.invoice(books, customerId, amount);
  await workAutopayAt(books, march(3));
  assert.deepEqual(await amounts(books), [
    [5_150n, 150n],
    [5_151n, 150n],
  ]);
});

test('a fixed part that came later is left away until the payer agrees to it, within the maximum', async () => {
  const house = await autopayHouse();
  const { books } = house;
  const dual = { mode: 'dual_pricing', percent: '3', costPercent: null } as const;
  await setFees(books, dual);
  await again(house, { maximum: 10_309n });
  await setFees(books, { ...dual, flatAmount: 30n });
  await given.invoice(books, house.customerId, 10_000n);
  await workAutopayAt(books, march(3));
  // 103.09 less 3 % (3.09) is 100.00: all of the maximum, and nothing of the 30 cents.
  assert.deepEqual(await amounts(books), [[10_309n, 309n]]);
  await again(house, { maximum: 20_000n });
  await given.invoice(books, house.customerId, 10_000n);
  await workAutopayAt(books, march(4));
  assert.deepEqual((await amounts(books))[1], [10_340n, 340n], 'agreed to anew');
});

test('a schedule has the surcharge that its agreement includes, and none that it does not', async () => {
  const books = await given.organization();
  const before = await paying({}, books);
  await setFees(books);
  const after = await paying({}, books);
  assert.equal((await agreementOf(books, before.customerId)).kind, null);
  const kept = await agreementOf(books, after.customerId);
  assert.deepEqual([kept.kind, kept.percent], ['surcharge', '3']);
  assert.match(kept.text, /a surcharge of up to 3% of each charge is added to it\. This can be stopped/);
  await workSchedules(books, '2026-03-31');
  assert.deepEqual((await amounts(books)).map(String).sort(), ['2500,0', '2575,75']);
});
