import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addNote } from '#features/collections/add-note.ts';
import { changeTask, makeTask, type TaskChange } from '#features/collections/change-task.ts';
import { endDispute, restDispute } from '#features/collections/open-dispute.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { newId } from '#lib/ids.ts';
import {
  day_s,
  disputeOf,
  listed,
  promiseOf,
  promiseState,
  rests,
  tasksOf,
  tellDesk,
  workDay,
} from '../../../test/support/desk.ts';
import { given, later, read } from '../../../test/support/given.ts';

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
