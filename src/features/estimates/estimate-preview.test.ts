import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

test('an estimate is shown while it is written, under the number it will have; nothing is kept', async () => {
  const staff = asking((await testDemo()).apiKey);
  const customers = await staff.get('/v1/customers?limit=1');
  const body = {
    customer_id: customers.body.data[0].id,
    deposit_percent: '30',
    lines: [{ item_name: 'Terrace', quantity: '1', unit_price: '1200' }],
  };
  const all = async () => (await staff.get('/v1/estimates?limit=100')).body.data.length;
  const before = await all();
  const preview = async (id?: string) => {
    const { status, headers, body: page } = await staff.post('/v1/estimates/preview', { ...body, id });
    assert.deepEqual(
      [status, headers['content-type'], headers['cache-control']],
      [...[200, 'image/svg+xml', 'no-store']],
    );
    assert.match(page, /^<svg/);
    return String(headers['content-disposition']).match(/Estimate ([\w-]+)\.svg/)?.[1];
  };
  const number = await preview();
  assert.equal(await all(), before);
  const made = await staff.post('/v1/estimates', body);
  assert.equal(made.body.number, number, 'what the page said');
  assert.notEqual(await preview(), number);
  assert.equal(await preview(made.body.id), number);

  assertRefused(await staff.post('/v1/estimates/preview', { ...body, discount: '1300' }), [
    ...([422, 'discount', /more than the lines/] as const),
  ]);
  const key = await staff.keyWith('payments:read');
  await assertNeeds('invoices:read', key, ['POST', '/v1/estimates/preview', body]);
});
