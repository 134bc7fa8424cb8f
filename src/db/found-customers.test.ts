import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundCustomers } from '#db/found-customers.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { systemNow } from '#lib/dates.ts';
import { type Books, given } from '../../test/support/given.ts';

async function customerOf({ db, actor, organizationId }: Books, displayName: string): Promise<string> {
  const customers = [{ displayName }];
  const made = await db.transaction(actor, (tx) =>
    createCustomers(tx, actor, { organizationId, customers }, systemNow()),
  );
  return String(made.customerIds[0]);
}

const found = ({ db, actor }: Books, organizationId: string, q: string): Promise<{ id: string }[]> =>
  db.transaction(actor, (tx) => tx.rows(foundCustomers(organizationId, q, 10)));

test('a customer is found by the beginnings of words, and only by its own organization', async () => {
  const [ours, theirs] = [await given.organization(), await given.organization()];
  const id = await customerOf(ours, 'Harbor Dental Supply');
  await customerOf(theirs, 'Harbor Dental Works');
  assert.deepEqual(await found(ours, ours.organizationId, 'dent harb'), [{ id }]);
  assert.deepEqual(await found(ours, ours.organizationId, 'dent alder'), []);
  assert.deepEqual(await found(ours, ours.organizationId, '!?'), []);
  assert.deepEqual(await found(theirs, ours.organizationId, 'harbor'), []);
});
