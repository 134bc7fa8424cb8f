import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import {
  makeChange,
  previewChange,
  renameType,
  undoChange,
} from '#features/customer-defaults/make-change.ts';
import { readChange, readCustomerDefaults } from '#features/customer-defaults/queries.ts';
import { removeTypeSet, saveDefaults, saveTypeSet } from '#features/customer-defaults/save-defaults.ts';
import { workChange } from '#features/customer-defaults/work-change.ts';
import { readCustomer } from '#features/customers/queries.ts';
import type { Settings } from '#features/customers/setting-rules.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

const customer = (books: Books, id: string) => books.tx((tx) => readCustomer(tx, books.organizationId, id));
const patch = (books: Books, id: string, change: object) =>
  books.tx((tx) =>
    updateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, patches: [{ id, ...change }] },
      books.now,
    ),
  );
const setAll = (books: Books, settings: Settings, byType?: boolean) =>
  books.tx((tx) =>
    saveDefaults(tx, books.actor, { organizationId: books.organizationId, byType, settings }, books.now),
  );
const setType = (books: Books, customerType: string, settings: Settings) =>
  books.tx((tx) =>
    saveTypeSet(tx, books.actor, { organizationId: books.organizationId, customerType, settings }, books.now),
  );
const work = (books: Books, changeId: string, batch = 3) =>
  workChange(books.db, { organizationId: books.organizationId, changeId }, () => books.now, batch);
const ask = (books: Books, settings: Settings, customerType: string | null = null) =>
  books.tx((tx) =>
    makeChange(tx, books.actor, { organizationId: books.organizationId, settings, customerType }, books.now),
  );
const undo = (books: Books, changeId: string) =>
  books.tx((tx) =>
    undoChange(tx, books.actor, { organizationId: books.organizationId, changeId }, books.now),
  );
const change = (books: Books, id: string) => books.tx((tx) => readChange(tx, books.organizationId, id));
const many = async (books: Books, count: number, given_: object = {}): Promise<string[]> => {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await given.customer(books, given_));
  return ids;
};

test('a new customer copies its type’s set where defaults go by type, else the set for all; a type without one too', async () => {
  const books = await given.organization();
  await setAll(books, { charge_late_fees: false, 'payment_due.sms': true });
  await setType(books, 'Wholesale', { send_reminders: false, 'payment_due.sms': false });
  const before = await customer(books, await given.customer(books, { customerType: 'Wholesale' }));
  assert.deepEqual([before.sendReminders, before.chargeLateFees], [true, false]);
  await setAll(books, {}, true);
  const [seeded, said, other, none] = await Promise.all(
    [
      await given.customer(books, { customerType: 'Wholesale' }),
      await given.customer(books, { customerType: 'Wholesale', sendReminders: true, messageCells: [] }),
      await given.customer(books, { customerType: 'Retail' }),
      await given.customer(books),
    ].map((id) => customer(books, id)),
  );
  assert.deepEqual(
    [seeded, said, other, none].map((row) => [
      row?.sendReminders,
      row?.chargeLateFees,
      row?.messageCells.includes('payment_due.sms'),
    ]),
    [
      [false, false, false],
      [true, false, false],
      [true, false, true],
      [true, false, true],
    ],
  );
  await books.tx((tx) =>
    removeTypeSet(
      tx,
      books.actor,
      { organizationId: books.organizationId, customerType: 'Wholesale' },
      books.now,
    ),
  );
  const after = await customer(books, await given.customer(books, { customerType: 'Wholesale' }));
  assert.equal(after.sendReminders, true);
  assert.equal((await customer(books, seeded?.id ?? '')).sendReminders, false, 'who is there keeps it');
});

test('only who has a parent is billed with one: by default, by hand, and when the parent goes', async () => {
  const books = await given.organization();
  await setAll(books, { bill_with_parent: true });
  const parent = await given.customer(books);
  const child = await given.customer(books, { parentId: parent });
  const of = async (id: string) => (await customer(books, id)).billWithParent;
  assert.deepEqual([await of(parent), await of(child)], [false, true]);
  await assert.rejects(patch(books, parent, { billWithParent: true }), { code: 'invalid_request' });
  await patch(books, child, { parentId: null });
  assert.equal(await of(child), false);
  await assert.rejects(patch(books, child, { parentId: null, billWithParent: true }), {
    code: 'invalid_request',
  });
});

test('a preview counts and shows what a change then does, batch by batch, with the old values kept', async () => {
  const books = await given.organization();
  const ids = await many(books, 10);
  await patch(books, ids[0] ?? '', { sendReminders: false, messageCells: ['payment_due.sms'] });
  const settings: Settings = { send_reminders: false, 'payment_due.sms': true };
  const seen = await books.tx((tx) =>
    previewChange(tx, { organizationId: books.organizationId, settings, customerType: null }),
  );
  assert.deepEqual([seen.total, seen.would_change, seen.sample.length], [10, 9, 8]);
  assert.deepEqual(seen.sample[0]?.before, { send_reminders: true, 'payment_due.sms': false });
  const { changeId } = await ask(books, settings);
  await work(books, changeId);
  const { state, looked, changed } = await change(books, changeId);
  assert.deepEqual([state, looked, changed], ['done', 10, 9]);
  const rows = await Promise.all(ids.map((id) => customer(books, id)));
  assert.ok(rows.every((row) => !row.sendReminders && row.messageCells.includes('payment_due.sms')));
  assert.ok(rows[1]?.messageCells.includes('payment_due.email'), 'the other cells stay');
  assert.equal((await read.events(books, ids[1] ?? '')).at(-1), 'customer.updated');
});

test('an undo puts back what nobody has changed since, one setting at a time', async () => {
  const books = await given.organization();
  const [a, b, c] = (await many(books, 3)) as [string, string, string];
  const { changeId } = await ask(books, { send_reminders: false, charge_late_fees: false });
  await work(books, changeId, 1);
  await patch(books, b, { sendReminders: true });
  await patch(books, c, { sendReminders: true, chargeLateFees: true });
  await patch(books, c, { sendReminders: false });
  await undo(books, changeId);
  await assert.rejects(undo(books, changeId), { code: 'state_refused', message: /being undone already/ });
  await work(books, changeId, 1);
  await work(books, changeId, 1);
  const standing = async (id: string) => {
    const row = await customer(books, id);
    return [row.sendReminders, row.chargeLateFees];
  };
  // c was switched to what the change had set: nobody can tell it from the change, so it goes back as well.
  assert.deepEqual(
    [await standing(a), await standing(b), await standing(c)],
    [
      [true, true],
      [true, true],
      [true, true],
    ],
  );
  const { state, restored, kept } = await change(books, changeId);
  assert.deepEqual([state, restored, kept], ['undone', 3, 0]);
});

test('what somebody has changed since is left alone by the undo, and counted', async () => {
  const books = await given.organization();
  const [a, b] = (await many(books, 2, { chargeLateFees: false })) as [string, string];
  const { changeId } = await ask(books, { charge_late_fees: true });
  await work(books, changeId);
  await patch(books, b, { chargeLateFees: false });
  await undo(books, changeId);
  await work(books, changeId);
  assert.deepEqual(
    [(await customer(books, a)).chargeLateFees, (await customer(books, b)).chargeLateFees],
    [false, false],
  );
  const { restored, kept } = await change(books, changeId);
  assert.deepEqual([restored, kept], [1, 1]);
});

test('two workers of one change, or one after a crash, change each customer once', async () => {
  const books = await given.organization();
  const ids = await many(books, 12);
  const { changeId } = await ask(books, { send_receipts: false });
  await Promise.all([work(books, changeId, 2), work(books, changeId, 2), work(books, changeId, 5)]);
  await work(books, changeId);
  const { looked, changed } = await change(books, changeId);
  assert.deepEqual([looked, changed], [12, 12]);
  const events = await read.events(books, ids[5] ?? '');
  assert.equal(events.filter((type) => type === 'customer.updated').length, 1);
});

test('a change for one type touches no other, and a type is renamed with its set, its policy and its customers', async () => {
  const books = await given.organization();
  const [wholesale] = await many(books, 1, { customerType: 'Wholesale' });
  const [retail] = await many(books, 1, { customerType: 'Retail' });
  const { changeId } = await ask(books, { send_reminders: false }, 'Wholesale');
  await work(books, changeId);
  const sends = async (id = '') => (await customer(books, id)).sendReminders;
  assert.deepEqual([await sends(wholesale), await sends(retail)], [false, true]);
  await setType(books, 'Wholesale', {});
  await books.tx((tx) =>
    tx.run(sql`insert into dunning_policies (organization_id, id, name, customer_type, created_at, updated_at)
      values (${books.organizationId}, ${'dun_'.padEnd(26, '0')}, 'Gentle', 'Wholesale', now(), now())`),
  );
  const rename = (to: string) =>
    books.tx((tx) =>
      renameType(
        tx,
        books.actor,
        { organizationId: books.organizationId, customerType: 'Wholesale', newType: to },
        books.now,
      ),
    );
  await assert.rejects(rename('Retail'), { code: 'conflict' });
  const renamed = await rename('Trade');
  await work(books, renamed.changeId);
  const typeOf = async (id = '') => (await customer(books, id)).customerType;
  assert.deepEqual([await typeOf(wholesale), await typeOf(retail)], ['Trade', 'Retail']);
  const { types } = await books.tx((tx) => readCustomerDefaults(tx, books.organizationId));
  assert.deepEqual(
    types.map(({ customer_type, customers, settings }) => [customer_type, customers, settings !== null]),
    [
      ['Retail', 1, false],
      ['Trade', 1, true],
    ],
  );
  await undo(books, renamed.changeId);
  await work(books, renamed.changeId);
  assert.equal(await typeOf(wholesale), 'Wholesale');
  const policy = await books.tx((tx) =>
    tx.row<{ customerType: string }>(
      sql`select customer_type from dunning_policies where organization_id = ${books.organizationId}`,
    ),
  );
  assert.equal(policy?.customerType, 'Wholesale');
});
