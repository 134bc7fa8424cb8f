import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { chasingRests } from '#db/chasing-rests.ts';
import { addNote } from '#features/collections/add-note.ts';
import { changeTask, makeTask, type TaskChange } from '#features/collections/change-task.ts';
import { makePromise, withdrawPromise } from '#features/collections/make-promise.ts';
import { endDispute, openDispute, restDispute } from '#features/collections/open-dispute.ts';
import { tellDesk as tell } from '#features/collections/tell-desk.ts';
import { workPromises } from '#features/collections/work-promises.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given, later, read } from '../../../test/support/given.ts';

const day_s = 86_400;
// Books begin on 2026-03-02; an invoice is due 30 days later.
const promiseOf = (books: Books, invoiceId: string, promisedOn: string, amount?: bigint) =>
  books.tx((tx) =>
    makePromise(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId, promisedOn, amount, note: '' },
      books.now,
    ),
  );
const disputeOf = (books: Books, invoiceId: string, restsUntil: string | null = null) =>
  books.tx((tx) =>
    openDispute(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        invoiceId,
        reason: 'Wrong hours',
        restsUntil,
        byCustomer: true,
      },
      books.now,
    ),
  );
const today = (days: number) => ({
  today: new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10),
  now: later(days * day_s),
});
const workDay = (books: Books, days: number) =>
  workPromises({ db: books.db }, { organizationId: books.organizationId, ...today(days) });
const promiseState = async (books: Books, invoiceId: string) =>
  (
    await books.tx((tx) =>
      tx.rows<{ state: string }>(sql`select state from promises_to_pay
        where organization_id = ${books.organizationId} and invoice_id = ${invoiceId} order by id`),
    )
  ).map(({ state }) => state);
const tasksOf = (books: Books, customerId: string) =>
  books.tx((tx) =>
    tx.rows<{ id: string; kind: string; title: string; dueOn: string; doneAt: Date | null }>(sql`
      select id, kind, title, due_on, done_at from tasks
      where organization_id = ${books.organizationId} and customer_id = ${customerId} order by id`),
  );
const rests = async (books: Books, invoiceId: string, days: number) =>
  (
    await books.tx((tx) =>
      tx.row<{ rests: boolean }>(sql`select ${chasingRests('i', today(days).today)} as rests from invoices i
        where i.organization_id = ${books.organizationId} and i.id = ${invoiceId}`),
    )
  )?.rests;
const listed = async (books: Books, customerId: string) =>
  books.tx((tx) =>
    tx.row<{ rank: bigint; kinds: string[]; amount: bigint }>(sql`select rank, kinds, amount from worklist
      where organization_id = ${books.organizationId} and customer_id = ${customerId}`),
  );
const tellDesk = (books: Books, subjectId: string) =>
  books.tx((tx) =>
    tell(tx, books.actor, { organizationId: books.organizationId, subjectId, ...today(0) }, books.now),
  );

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

test('a dispute rests chasing until its day; then chasing resumes by itself and somebody gets one task', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  const { disputeId } = await disputeOf(books, invoiceId, '2026-03-10');
  assert.deepEqual([await rests(books, invoiceId, 7), await rests(books, invoiceId, 8)], [true, false]);
  await workDay(books, 7);
  assert.deepEqual(await tasksOf(books, customerId), []);
  await workDay(books, 8);
  await workDay(books, 9);
  assert.equal((await tasksOf(books, customerId)).length, 1);
  const about = { organizationId: books.organizationId, disputeId };
  await books.tx((tx) =>
    restDispute(tx, books.actor, { ...about, restsUntil: '2026-03-20' }, later(9 * day_s)),
  );
  assert.equal(await rests(books, invoiceId, 12), true);
  await workDay(books, 18);
  assert.equal((await tasksOf(books, customerId)).length, 2);
  const end = { ...about, state: 'resolved' as const, outcome: 'Credited two hours' };
  await books.tx((tx) => endDispute(tx, books.actor, end, later(18 * day_s)));
  assert.ok((await tasksOf(books, customerId)).every(({ doneAt }) => doneAt !== null));
  assert.equal(await rests(books, invoiceId, 19), false);
});

test('a dispute without a day rests until a person ends it, and stands on the worklist until then', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  await disputeOf(books, invoiceId);
  assert.deepEqual((await listed(books, customerId))?.kinds, ['dispute']);
  await workDay(books, 300);
  assert.equal(await rests(books, invoiceId, 300), true);
  // What is disputed is not chased: it does not weigh as past due.
  assert.deepEqual((await listed(books, customerId))?.kinds, ['dispute']);
  await assert.rejects(disputeOf(books, invoiceId), { code: 'state_refused' });
});

test('an invoice that is paid or void ends its dispute and its promise', async () => {
  const books = await given.organization();
  const paid = await given.debtor(books, 500n);
  const gone = await given.debtor(books, 500n);
  for (const { invoiceId } of [paid, gone]) {
    await disputeOf(books, invoiceId);
    await promiseOf(books, invoiceId, '2026-03-20');
  }
  const { customerId, invoiceId } = paid;
  await given.payment(books, { customerId, amount: 500n, applications: [{ invoiceId, amount: 500n }] });
  await books.tx((tx) =>
    voidInvoice(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId: gone.invoiceId, reason: 'Twice' },
      books.now,
    ),
  );
  await tellDesk(books, invoiceId);
  await tellDesk(books, gone.invoiceId);
  assert.deepEqual(await promiseState(books, invoiceId), ['kept']);
  assert.deepEqual(await promiseState(books, gone.invoiceId), ['withdrawn']);
  for (const each of [paid, gone]) {
    assert.equal((await read.events(books, each.invoiceId)).at(-1), 'dispute.resolved');
    assert.equal(await listed(books, each.customerId), undefined);
  }
});

test('a task is on the list from its day, snoozed off it, and done once', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const { organizationId } = books;
  const task = { organizationId, customerId, title: 'Ask for the purchase order', dueOn: '2026-03-02' };
  const { taskId } = await books.tx((tx) => makeTask(tx, books.actor, task, books.now));
  const change = (given: TaskChange) =>
    books.tx((tx) => changeTask(tx, books.actor, { organizationId, taskId, ...given }, books.now));
  assert.deepEqual((await listed(books, customerId))?.kinds, ['task']);
  await change({ dueOn: '2026-03-09' });
  assert.equal(await listed(books, customerId), undefined);
  await workDay(books, 7);
  assert.deepEqual((await listed(books, customerId))?.kinds, ['task']);
  await change({ done: true });
  assert.equal(await listed(books, customerId), undefined);
  await assert.rejects(change({ dueOn: '2026-03-12' }), { code: 'state_refused' });
  await change({ done: false });
  assert.deepEqual(await read.events(books, taskId), [
    'task.made',
    'task.snoozed',
    'task.done',
    'task.reopened',
  ]);
});

test('work is given to the organization’s own people, about its own customers and their own invoices', async () => {
  const [books, other] = [await given.organization(), await given.organization()];
  const [own, foreign] = [await given.debtor(books, 100n), await given.debtor(other, 100n)];
  const { organizationId } = books;
  const task = { organizationId, customerId: own.customerId, title: 'Call', dueOn: '2026-03-02' };
  const asked = (given: Partial<Parameters<typeof makeTask>[2]>) =>
    books.tx((tx) => makeTask(tx, books.actor, { ...task, ...given }, books.now));
  await assert.rejects(asked({ assigneeId: newId('user') }), { code: 'not_found' });
  await assert.rejects(asked({ customerId: foreign.customerId }), { code: 'not_found' });
  await assert.rejects(asked({ invoiceId: foreign.invoiceId }), { code: 'not_found' });
  const second = await given.debtor(books, 100n);
  await assert.rejects(asked({ invoiceId: second.invoiceId }), { code: 'not_found' });
});

test('a note is on the timeline, one without words says at least how the call went, and a talk lets the balance wait', async () => {
  const books = await given.organization();
  const { customerId } = await given.debtor(books, 1000n);
  await workDay(books, 60);
  const before = await listed(books, customerId);
  const note = (given: { outcome: 'note' | 'reached'; text: string }) =>
    books.tx((tx) =>
      addNote(
        tx,
        books.actor,
        { organizationId: books.organizationId, customerId, ...given },
        later(60 * day_s),
      ),
    );
  await assert.rejects(note({ outcome: 'note', text: '' }), { code: 'invalid_request' });
  await note({ outcome: 'reached', text: '' });
  assert.equal((await read.events(books, customerId)).at(-1), 'customer.noted');
  const after = await listed(books, customerId);
  assert.equal(after?.rank, (before?.rank ?? 0n) / 4n);
});

test('two who change one customer at the same moment leave the worklist as things stand', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const { organizationId } = books;
  const made = await Promise.all(
    ['One', 'Two', 'Three'].map((title) =>
      books.tx((tx) =>
        makeTask(tx, books.actor, { organizationId, customerId, title, dueOn: '2026-03-02' }, books.now),
      ),
    ),
  );
  await Promise.all(
    made.map(({ taskId }) =>
      books.tx((tx) => changeTask(tx, books.actor, { organizationId, taskId, done: true }, books.now)),
    ),
  );
  assert.equal(await listed(books, customerId), undefined);
});
