import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { Refusal } from '#lib/errors.ts';
import { given } from '../../../test/support/given.ts';

test('a method that was removed after somebody looked is not charged', async () => {
  const books = await given.organization();
  const { customerId } = await given.debtor(books, 100n);
  const methodId = await given.storedMethod(books, customerId);
  const { organizationId, actor, now } = books;
  const ask = { customerId, amount: 100n, paymentMethodId: methodId };
  await books.tx((tx) => removeMethod(tx, actor, { organizationId, customerId, methodId }, now));
  await assert.rejects(
    given.charge(books, ask),
    (error) => error instanceof Refusal && error.details.param === 'payment_method_id',
  );
});

test('of a charge and the removal of its method, one is refused', async () => {
  const books = await given.organization();
  const { customerId } = await given.debtor(books, 100n);
  const { organizationId, actor, now } = books;
  for (let round = 0; round < 5; round += 1) {
    const methodId = await given.storedMethod(books, customerId);
    const done = await Promise.allSettled([
      given.charge(books, { customerId, amount: 1n, paymentMethodId: methodId }),
      books.tx((tx) => removeMethod(tx, actor, { organizationId, customerId, methodId }, now)),
    ]);
    assert.deepEqual(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  }
});
