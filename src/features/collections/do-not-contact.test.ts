import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { type Books, given, secrets } from '../../../test/support/given.ts';
import { outbox } from '../../../test/support/receipts.ts';

const tell = async (books: Books, customerId: string, invoiceId: string, byHand = false) => {
  const tells = [
    {
      type: 'payment_past_due' as const,
      customerId,
      invoiceIds: [invoiceId],
      key: `test:${invoiceId}:${byHand}`,
      ...(byHand ? { channels: ['email' as const] } : {}),
    },
  ];
  const makings = { outbox, secrets, organizationId: books.organizationId };
  const [told] = await books.tx((tx) => tellCustomers(tx, books.actor, { ...makings, tells }, books.now));
  return { none: told?.none, count: told?.messages.length };
};
const set = (books: Books, id: string, doNotContact: 'represented' | 'cease_contact' | null) =>
  books.tx((tx) =>
    updateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, patches: [{ id, doNotContact }] },
      books.now,
    ),
  );

test('whoever may not be contacted is told nothing by itself; a person may still write', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books, { email: 'ap@cedar.example', doNotContact: 'represented' });
  const invoiceId = await given.invoice(books, customerId, 100n);
  assert.deepEqual(await tell(books, customerId, invoiceId), { none: 'no_channel', count: 0 });
  assert.equal((await tell(books, customerId, invoiceId, true)).count, 1);
  await set(books, customerId, null);
  assert.equal((await tell(books, customerId, invoiceId)).count, 1);
});

test('it also holds where the parent reads: for the parent that may not be contacted, and for the child', async () => {
  const books = await given.organization();
  const parent = await given.customer(books, { email: 'head@cedar.example' });
  const child = await given.customer(books, { parentId: parent, billWithParent: true });
  const invoiceId = await given.invoice(books, child, 100n);
  await set(books, parent, 'cease_contact');
  assert.equal((await tell(books, child, invoiceId)).none, 'no_channel');
  await set(books, parent, null);
  await set(books, child, 'represented');
  assert.equal((await tell(books, child, invoiceId)).none, 'no_channel');
  await set(books, child, null);
  assert.equal((await tell(books, child, invoiceId)).count, 1);
});
