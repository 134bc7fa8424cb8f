import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { listViews } from '#features/saved-views/queries.ts';
import { mostViews, problemsOf } from '#features/saved-views/rules.ts';
import { changeView, removeView, saveView } from '#features/saved-views/save-view.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';

const view = {
  list: 'invoices' as const,
  name: 'Late',
  search: { status: 'past_due' },
  shared: false,
  isDefault: false,
};
const person = (books: Books, maySettings = false) => ({
  organizationId: books.organizationId,
  userId: newId('user'),
  maySettings,
});
type Person = ReturnType<typeof person>;
const save = async (books: Books, by: Person, more: Partial<typeof view> = {}) =>
  (await books.tx((tx) => saveView(tx, by, { ...view, ...more }, books.now))).viewId;
const list = async (books: Books, by: Person) => (await books.tx((tx) => listViews(tx, by, 'invoices'))).data;
const change = (books: Books, by: Person, viewId: string, changed: object) =>
  books.tx((tx) => changeView(tx, by, { viewId, change: changed }, books.now));

test('a view is one’s own unless it is shared; a shared one is changed by its maker or who sets things up', async () => {
  const books = await given.organization();
  const [ann, bob, boss] = [person(books), person(books), person(books, true)];
  const own = await save(books, ann);
  const shared = await save(books, ann, { name: 'Everybody', shared: true });
  assert.deepEqual(
    (await list(books, ann)).map(({ name }) => name),
    ['Late', 'Everybody'],
  );
  assert.deepEqual(
    (await list(books, bob)).map(({ name, own: is }) => [name, is]),
    [['Everybody', false]],
  );
  await assert.rejects(change(books, bob, own, { name: 'x' }), { code: 'not_found' });
  await assert.rejects(change(books, bob, shared, { name: 'x' }), { code: 'forbidden' });
  await assert.rejects(
    books.tx((tx) => removeView(tx, bob, shared)),
    { code: 'forbidden' },
  );
  await change(books, boss, shared, { name: 'All of us' });
  assert.equal((await list(books, bob))[0]?.name, 'All of us');
  await books.tx((tx) => removeView(tx, ann, shared));
  assert.deepEqual(await list(books, bob), []);
});

test('a name is taken once by a person and once by all, whatever its capitals', async () => {
  const books = await given.organization();
  const [ann, bob] = [person(books), person(books)];
  await save(books, ann);
  await save(books, bob);
  await assert.rejects(save(books, ann, { name: 'LATE' }), { code: 'conflict' });
  await save(books, ann, { shared: true });
  await assert.rejects(save(books, bob, { shared: true }), { code: 'conflict' });
});

test('one view opens a list for a person; it goes with the view, or when it is no longer shared', async () => {
  const books = await given.organization();
  const [ann, bob] = [person(books), person(books)];
  await save(books, ann, { isDefault: true });
  const shared = await save(books, ann, { name: 'Everybody', shared: true, isDefault: true });
  const opens = async (by: Person) =>
    (await list(books, by)).filter((each) => each.is_default).map(({ id }) => id);
  assert.deepEqual(await opens(ann), [shared], 'the last one counts');
  await change(books, bob, shared, { isDefault: true });
  assert.deepEqual(await opens(bob), [shared]);
  await change(books, ann, shared, { shared: false });
  const left = await books.tx((tx) =>
    tx.rows<{ userId: string }>(
      sql`select user_id from default_views where organization_id = ${books.organizationId}`,
    ),
  );
  assert.deepEqual(
    left.map(({ userId }) => userId),
    [ann.userId],
  );
});

test('there is an end to them', async () => {
  const books = await given.organization();
  const ann = person(books);
  for (let at = 0; at < mostViews; at += 1) await save(books, ann, { name: `View ${at}` });
  await assert.rejects(save(books, ann, { name: 'One more' }), { code: 'too_large' });
  const id = await save(books, ann, { name: 'Shared', shared: true });
  await change(books, ann, id, { name: 'Renamed' });
});

test('a view whose filter names what is gone says so, with what to do', async () => {
  const books = await given.organization();
  const ann = person(books);
  const [loser, winner] = [
    await given.customer(books, { customerType: 'Wholesale' }),
    await given.customer(books, { displayName: 'Harbor' }),
  ];
  await save(books, ann, { name: 'Type', search: { status: 'all', customer_type: 'Wholesale' } as never });
  await save(books, ann, { name: 'One', search: { status: 'all', customer_id: loser } as never });
  const problems = async () =>
    Object.fromEntries((await list(books, ann)).map((each) => [each.name, each.problems]));
  assert.deepEqual(await problems(), { One: [], Type: [] });
  await books.tx(async (tx) => {
    const patches = [{ id: loser, active: false, customerType: null }];
    await updateCustomers(tx, books.actor, { organizationId: books.organizationId, patches }, books.now);
    await tx.run(sql`update customers set merged_into_id = ${winner}
      where organization_id = ${books.organizationId} and id = ${loser}`);
  });
  assert.deepEqual(await problems(), {
    One: ['Its customer was merged into Harbor. Choose that one.'],
    Type: ['No customer has the type Wholesale any more. Choose another type.'],
  });
});

test('a gateway that is not connected any more breaks a view, too', () => {
  const known = { customers: new Map(), customerTypes: new Set<string>(), gatewayAccounts: new Map() };
  const search = { gateway_account_id: 'gwa_1', customer_id: 'cus_1' };
  assert.equal(problemsOf(search, known).length, 2);
  const there = new Map([['gwa_1', { connected: true }]]);
  assert.equal(problemsOf({ gateway_account_id: 'gwa_1' }, { ...known, gatewayAccounts: there }).length, 0);
});
