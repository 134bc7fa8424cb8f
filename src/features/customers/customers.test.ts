import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createCustomers } from '#features/customers/create-customers.ts';
import type { CustomerPatch } from '#features/customers/customer-input.ts';
import { readCustomer } from '#features/customers/queries.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

const update = (books: Books, ...patches: CustomerPatch[]) =>
  books.tx((tx) =>
    updateCustomers(tx, books.actor, { organizationId: books.organizationId, patches }, books.now),
  );
const parentOf = async (books: Books, id: string) =>
  (await books.tx((tx) => readCustomer(tx, books.organizationId, id))).parentId;

test('a new customer copies the defaults of its organization, and later changes of them do not reach it', async () => {
  const books = await given.organization();
  const setDefault = (to: boolean) =>
    books.tx((tx) =>
      tx.run(sql`update organizations set default_allow_bank_account = ${to}
    where id = ${books.organizationId}`),
    );
  await setDefault(false);
  const [copied, said] = [
    await given.customer(books),
    await given.customer(books, { allowBankAccount: true }),
  ];
  await setDefault(true);
  const allowed = await Promise.all(
    [copied, said].map(
      async (id) => (await books.tx((tx) => readCustomer(tx, books.organizationId, id))).allowBankAccount,
    ),
  );
  assert.deepEqual(allowed, [false, true]);
});

test('a name or external id that another customer has is a conflict that names its field', async () => {
  const books = await given.organization();
  const id = await given.customer(books, { displayName: 'Ada & Sons', externalId: 'A-1' });
  const other = await given.customer(books);
  const taken = (param: string) => ({ code: 'conflict', details: { param } });
  const refused = async (work: Promise<unknown>, param: string) => {
    const { code, details } = taken(param);
    await assert.rejects(
      work,
      (error: { code?: string; details?: { param?: string } }) =>
        error.code === code && error.details?.param === details.param,
    );
  };
  await refused(given.customer(books, { displayName: 'ADA & SONS' }), 'display_name');
  await refused(given.customer(books, { externalId: 'A-1' }), 'external_id');
  await refused(update(books, { id: other, displayName: 'ada & sons' }), 'display_name');
  await update(books, { id, displayName: 'Ada & SONS' });
  await given.customer(await given.organization(), { displayName: 'Ada & Sons', externalId: 'A-1' });
});

test('a parent is a customer of the same organization, and nobody’s own ancestor', async () => {
  const books = await given.organization();
  const stranger = await given.customer(await given.organization());
  const [a, b, c] = [await given.customer(books), await given.customer(books), await given.customer(books)];
  await assert.rejects(given.customer(books, { parentId: stranger }), { code: 'not_found' });
  await assert.rejects(update(books, { id: a, parentId: stranger }), { code: 'not_found' });
  await assert.rejects(update(books, { id: a, parentId: a }), { code: 'invalid_request' });
  await update(books, { id: a, parentId: b });
  await update(books, { id: b, parentId: c });
  await assert.rejects(update(books, { id: c, parentId: a }), {
    code: 'invalid_request',
    message: /by way of others/,
  });
  assert.equal(await parentOf(books, c), null);
  await assert.rejects(
    update(books, { id: b, parentId: null }, { id: c, parentId: a }, { id: b, parentId: c }),
    { code: 'invalid_request' },
  );
});

test('two halves of a circle at the same moment do not both pass', async () => {
  for (let round = 0; round < 5; round += 1) {
    const books = await given.organization();
    const [a, b] = [await given.customer(books), await given.customer(books)];
    const results = await Promise.allSettled([
      update(books, { id: a, parentId: b }),
      update(books, { id: b, parentId: a }),
    ]);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  }
});

test('patches of one customer lie over each other, and one that changes nothing is silent', async () => {
  const books = await given.organization();
  const id = await given.customer(books, { email: 'a@example.com' });
  assert.deepEqual(await update(books, { id, email: 'a@example.com' }), { changed: [] });
  const { changed } = await update(
    books,
    { id, email: 'b@example.com' },
    { id, phone: '1' },
    { id, email: 'c@example.com' },
  );
  assert.deepEqual(
    changed.map(({ before }) => before.email),
    ['a@example.com'],
  );
  const row = await books.tx((tx) => readCustomer(tx, books.organizationId, id));
  assert.deepEqual([row.email, row.phone], ['c@example.com', '1']);
  assert.equal((await read.events(books, id)).filter((type) => type === 'customer.updated').length, 1);
});

test('a payment does not wait for a customer that is being changed', { timeout: 20_000 }, async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  await books.tx(async (tx) => {
    await updateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, patches: [{ id: customerId, phone: '2' }] },
      books.now,
    );
    await given.payment(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  });
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n);
});

test('customers of one batch are made together or not at all', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  await assert.rejects(
    books.tx((tx) =>
      createCustomers(
        tx,
        actor,
        { organizationId, customers: [{ displayName: 'One' }, { displayName: 'one' }] },
        now,
      ),
    ),
    { code: 'conflict' },
  );
  const count = await books.tx((tx) =>
    tx.row(sql`select count(*)::int as count from customers
    where organization_id = ${organizationId}`),
  );
  assert.deepEqual(count, { count: 0 });
});
