import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { austin } from '../support/channels.ts';
import { anotherCustomer, type Customer, customerWith, ninetyDays } from '../support/ninety-days.ts';

const confirms =
  (customerId: string) =>
  ({ books }: Customer) =>
    books.tx((tx) =>
      confirmAddress(tx, books.actor, { organizationId: books.organizationId, customerId }, books.now),
    );

test('ninety days with letters to unconfirmed addresses: mail goes meanwhile, and of letters the newest, once', async () => {
  const ana = await customerWith(
    { 'A-1': '2026-04-10' },
    { steps: [3, 10, 17, 24].map((dayOffset) => ({ type: 'payment_past_due', dayOffset })) },
    { billingAddress: austin, messageCells: ['payment_past_due.email', 'payment_past_due.paper'] },
  );
  const ben = await anotherCustomer(
    ana.books,
    { 'B-1': '2026-04-10' },
    { displayName: 'Ben', billingAddress: austin, messageCells: ['payment_past_due.paper'] },
  );
  const heard = await ninetyDays(ana, {
    '2026-04-22': confirms(ana.customerId),
    '2026-05-06': confirms(ben.customerId),
  });
  assert.deepEqual(heard, [
    '2026-04-13 payment_past_due A-1',
    '2026-04-13 payment_past_due A-1, by paper, held: address_unconfirmed',
    '2026-04-20 payment_past_due A-1',
    '2026-04-20 payment_past_due A-1, by paper, held: address_unconfirmed',
    '2026-04-27 payment_past_due A-1',
    '2026-04-27 payment_past_due A-1, by paper',
    '2026-05-04 payment_past_due A-1',
    '2026-05-04 payment_past_due A-1, by paper',
    // Nothing could reach Ben until then: of four letters the newest is left.
    '2026-05-06 payment_past_due B-1, by paper',
  ]);
});
