import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withdrawPromise } from '#features/collections/make-promise.ts';
import { newId } from '#lib/ids.ts';
import {
  day_s,
  listed,
  promiseOf,
  promiseState,
  rests,
  tasksOf,
  tellDesk,
  workDay,
} from '../../../test/support/desk.ts';
import { given, later, read } from '../../../test/support/given.ts';

test('a promise rests chasing through its day, is broken the day after, and gives somebody one task', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  await promiseOf(books, invoiceId, '2026-03-05');
  assert.deepEqual([await rests(books, invoiceId, 3), await rests(books, invoiceId, 4)], [true, false]);
  await workDay(books, 3);
  assert.deepEqual(await promiseState(books, invoiceId), ['open']);
  await workDay(books, 4);
  await workDay(books, 4);
  await workDay(books, 40);
  assert.deepEqual(await promiseState(books, invoiceId), ['broken']);
  const tasks = await tasksOf(books, customerId);
  assert.deepEqual(
    tasks.map(({ kind }) => kind),
    ['broken_promise'],
  );
  assert.deepEqual((await listed(books, customerId))?.kinds, ['broken_promise', 'past_due']);
  assert.deepEqual((await read.events(books, invoiceId)).slice(-2), ['promise.made', 'promise.broken']);
});

test('a promise is kept at once when the payment posts, and what was paid before does not count', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  await given.payment(books, { customerId, amount: 200n, applications: [{ invoiceId, amount: 200n }] });
  await promiseOf(books, invoiceId, '2026-03-05', 100n);
  await tellDesk(books, invoiceId);
  assert.deepEqual(await promiseState(books, invoiceId), ['open']);
  await given.payment(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  await tellDesk(books, invoiceId);
  assert.deepEqual(await promiseState(books, invoiceId), ['kept']);
  await workDay(books, 10);
  assert.deepEqual(await tasksOf(books, customerId), []);
});

test('a broken promise’s task is done with when the invoice is promised anew, or paid', async () => {
  const books = await given.organization();
  const [again, paid] = [await given.debtor(books, 500n), await given.debtor(books, 500n)];
  for (const { invoiceId } of [again, paid]) await promiseOf(books, invoiceId, '2026-03-03');
  await workDay(books, 5);
  await promiseOf({ ...books, now: later(5 * day_s) }, again.invoiceId, '2026-03-20');
  const { customerId, invoiceId } = paid;
  await given.payment(books, { customerId, amount: 500n, applications: [{ invoiceId, amount: 500n }] });
  await tellDesk(books, invoiceId);
  for (const each of [again, paid]) {
    const tasks = await tasksOf(books, each.customerId);
    assert.deepEqual([tasks.length, tasks[0]?.doneAt !== null], [1, true]);
    assert.equal(await listed(books, each.customerId), undefined);
  }
});

test('a bank debit under way neither keeps nor breaks a promise', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  await promiseOf(books, invoiceId, '2026-03-03');
  await given.charge(books, {
    kind: 'bank_account',
    customerId,
    amount: 500n,
    applications: [{ invoiceId, amount: 500n }],
  });
  await workDay(books, 5);
  assert.deepEqual(await promiseState(books, invoiceId), ['open']);
});

test('a new promise takes the place of the one before; a withdrawn one rests nothing', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 500n);
  await promiseOf(books, invoiceId, '2026-03-05');
  const { promiseId } = await promiseOf(books, invoiceId, '2026-03-08', 400n);
  assert.deepEqual(await promiseState(books, invoiceId), ['withdrawn', 'open']);
  const about = { organizationId: books.organizationId, promiseId };
  await books.tx((tx) => withdrawPromise(tx, books.actor, about, books.now));
  assert.equal(await rests(books, invoiceId, 1), false);
  await assert.rejects(
    books.tx((tx) => withdrawPromise(tx, books.actor, about, books.now)),
    { code: 'state_refused' },
  );
});

test('a promise is for a day to come, at most what is due, on an invoice that is owed', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  const refused = (work: Promise<unknown>, code: string, param?: string) =>
    assert.rejects(work, (error: { code?: string; details?: { param?: string } }) => {
      assert.deepEqual([error.code, error.details?.param], [code, param]);
      return true;
    });
  await refused(promiseOf(books, invoiceId, '2026-03-01'), 'invalid_request', 'promised_on');
  await refused(promiseOf(books, invoiceId, '2027-03-03'), 'invalid_request', 'promised_on');
  await refused(promiseOf(books, invoiceId, '2026-03-05', 501n), 'amount_too_large', 'amount');
  await given.payment(books, { customerId, amount: 500n, applications: [{ invoiceId, amount: 500n }] });
  await refused(promiseOf(books, invoiceId, '2026-03-05'), 'nothing_due');
  await refused(promiseOf(books, newId('invoice'), '2026-03-05'), 'not_found');
});

test('a promise made while a payment posts is kept by it or refused, never broken by it', async () => {
  for (let round = 0; round < 8; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const [promised] = await Promise.allSettled([
      promiseOf(books, invoiceId, '2026-03-03'),
      given.payment(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] }),
    ]);
    await Promise.all([tellDesk(books, invoiceId), workDay(books, 2), tellDesk(books, invoiceId)]);
    assert.deepEqual(
      await promiseState(books, invoiceId),
      promised.status === 'fulfilled' ? ['kept'] : [],
      `round ${round}`,
    );
    assert.deepEqual(await tasksOf(books, customerId), []);
  }
});

test('two promises for one invoice at the same moment leave one open', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  await Promise.all([promiseOf(books, invoiceId, '2026-03-05'), promiseOf(books, invoiceId, '2026-03-06')]);
  assert.deepEqual((await promiseState(books, invoiceId)).sort(), ['open', 'withdrawn']);
});
