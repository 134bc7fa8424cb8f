import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking, assertNeeds } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

test('a customer’s record says when it was written and last changed, and by whom', async () => {
  const staff = asking((await testDemo()).apiKey);
  const made = await staff.post('/v1/customers', {
    display_name: 'Quarry Lane Bakery',
    customer_type: 'Retail',
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const url = `/v1/customers/${made.body.id}/record`;
  const fresh = (await staff.get(url)).body;
  assert.deepEqual(
    [fresh.created_at, fresh.created_by, fresh.updated_at, fresh.updated_by],
    [made.body.created_at, 'API key Demo', made.body.created_at, 'API key Demo'],
  );

  const writer = await staff.keyWith('customers:read', 'customers:write');
  const changes = { customer_type: 'Wholesale', external_id: 'QLB-7', allow_payment_plans: true };
  const changed = await asking(writer).patch(`/v1/customers/${made.body.id}`, changes);
  assert.deepEqual(
    [changed.body.customer_type, changed.body.external_id, changed.body.allow_payment_plans],
    ['Wholesale', 'QLB-7', true],
  );
  const after = (await asking(writer).get(url)).body;
  assert.deepEqual(
    [after.created_by, after.updated_at, after.updated_by],
    ['API key Demo', changed.body.updated_at, 'API key customers:read,customers:write'],
  );
  assert.equal((await staff.get('/v1/customers/cus_0000000000000000000000/record')).status, 404);
  await assertNeeds('customers:read', await staff.keyWith('payments:read'), ['GET', url]);
});
