import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, bankAccount, given, news, read } from '../../../test/support/given.ts';
import {
  askRefund,
  askVoid,
  readGivenBack,
  refundNews,
  settledPayment,
} from '../../../test/support/refunds.ts';

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Whoever was refused was refused in words; nothing else may be thrown at a caller. */
function sorted<T>(results: PromiseSettledResult<T>[]) {
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const codes = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    assert.ok(result.reason instanceof Refusal, String(result.reason));
    return [result.reason.code];
  });
  return { won, codes };
}

test('twenty clicks on Refund at the same moment are one refund', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [100n] });
  const requestKey = newId('request');
  const ids = await Promise.all(times(20, () => askRefund(books, { paymentId, principal: 30n, requestKey })));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await readGivenBack(books, paymentId)).refunded, 30n);
  await inOrder(books);
});

test('of two refunds of the last dollar one is made', async () => {
  for (let round = 0; round < 10; round += 1) {
    const books = await given.organization();
    const { paymentId } = await settledPayment(books, { parts: [100n, 50n] });
    await askRefund(books, { paymentId, principal: 149n });
    const { won, codes } = sorted(
      await Promise.allSettled(times(3, () => askRefund(books, { paymentId, principal: 1n }))),
    );
    assert.deepEqual([won.length, codes], [1, ['state_refused', 'state_refused']]);
    await inOrder(books);
  }
});

test('twenty refunds at once never give back more than came', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [100n], fee: 7n });
  const { won } = sorted(
    await Promise.allSettled(times(20, () => askRefund(books, { paymentId, principal: 9n }))),
  );
  assert.equal(won.length, 11);
  await Promise.all(won.map((id) => refundNews(books, id, 'settled')));
  assert.equal((await read.ledger(books)).refunds, 99n);
  await inOrder(books);
});

test('a return, refunds and their news at the same moment neither block nor lose a cent', async () => {
  for (let round = 0; round < 6; round += 1) {
    const books = await given.organization();
    const { paymentId } = await settledPayment(books, { parts: [50n, 30n], over: 20n, kind: 'bank_account' });
    const asked = [
      await askRefund(books, { paymentId, principal: 25n }),
      await askRefund(books, { paymentId, principal: 30n }),
    ];
    await Promise.allSettled<unknown>([
      given.outcome(books, paymentId, news('returned')),
      ...asked.map((id, at) => refundNews(books, id, 'submitted', at === round % 2 ? 'failed' : 'settled')),
      askRefund(books, { paymentId, principal: 10n }),
      given.outcome(books, paymentId, news('settled', bankAccount)),
    ]).then((results) => sorted(results));
    assert.equal((await readGivenBack(books, paymentId)).state, 'returned');
    await inOrder(books);
  }
});

test('a mistyped check is struck or refunded, not both, whoever clicks first', async () => {
  for (let round = 0; round < 8; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const { paymentId } = await given.payment(books, {
      customerId,
      amount: 100n,
      applications: [{ invoiceId, amount: 100n }],
    });
    const { codes } = sorted(
      await Promise.allSettled<unknown>([askVoid(books, paymentId), askRefund(books, { paymentId })]),
    );
    assert.deepEqual(codes, ['state_refused']);
    const { state, refunded } = await readGivenBack(books, paymentId);
    assert.equal(state === 'voided', refunded === 0n);
    assert.equal((await read.ledger(books)).undeposited_funds, 0n);
    await inOrder(books);
  }
});
