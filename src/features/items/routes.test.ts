import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
before(async () => {
  staff = asking((await testDemo()).apiKey);
});
const names = async (query = ''): Promise<string[]> =>
  (await staff.get(`/v1/items${query}`)).body.data.map(({ name }: { name: string }) => name);

test('an item is added, found by how it begins, changed, and taken out of use', async () => {
  const rate = await staff.post('/v1/tax-rates', { name: 'County', percent: '8.25' });
  const mowing = await staff.post('/v1/items', {
    name: 'Mowing',
    description: 'With edges',
    unit_price: '45.5',
    taxable: true,
    tax_rate_ids: [rate.body.id],
  });
  assert.equal(mowing.status, 201);
  const { id, ...rest } = mowing.body;
  assert.deepEqual(rest, {
    object: 'item',
    name: 'Mowing',
    description: 'With edges',
    unit_price: '45.5',
    taxable: true,
    tax_rate_ids: [rate.body.id],
    active: true,
  });
  for (const name of ['mulch, a bag', 'Hedge', 'Moss killer']) await staff.post('/v1/items', { name });
  assert.deepEqual(await names(), ['Hedge', 'Moss killer', 'Mowing', 'mulch, a bag']);
  assert.deepEqual(await names('?q=MO'), ['Moss killer', 'Mowing']);
  const page = await staff.get('/v1/items?limit=2');
  assert.deepEqual([page.body.data.length, page.body.has_more], [2, true]);
  assert.deepEqual(await names(`?starting_after=${page.body.data[1].id}`), ['Mowing', 'mulch, a bag']);

  const changed = await staff.patch(`/v1/items/${id}`, { unit_price: '48', active: false });
  assert.deepEqual(
    [changed.status, changed.body.unit_price, changed.body.name, changed.body.active],
    [200, '48', 'Mowing', false],
  );
  assert.deepEqual(await names('?q=mow'), []);
  assert.deepEqual(await names('?q=mow&status=inactive'), ['Mowing']);
  assert.equal((await staff.patch(`/v1/items/${id}`, { active: true })).body.active, true);
  assert.deepEqual(await names('?q=mow'), ['Mowing']);
});

test('what is wrong with an item is said of its field, with the remedy', async () => {
  const { id } = (await staff.post('/v1/items', { name: 'Stump grinding' })).body;
  const gone = (await staff.post('/v1/tax-rates', { name: 'Old tax', percent: '5' })).body.id;
  await staff.patch(`/v1/tax-rates/${gone}`, { active: false });
  const bad: [object, Parameters<typeof assertRefused>[1]][] = [
    [{}, [422, 'name', /name/]],
    [{ name: ' ' }, [422, 'name', /name: /]],
    [{ name: 'x'.repeat(201) }, [422, 'name', /200/]],
    [{ name: 'A', unit_price: '4,5' }, [422, 'unit_price', /decimal|number/i]],
    [{ name: 'A', taxable: 'yes' }, [422, 'taxable', /boolean/]],
    [{ name: 'A', colour: 'red' }, [422, 'colour', /colour/]],
    [{ name: 'A', tax_rate_ids: [gone] }, [422, 'tax_rate_ids', /Old tax is not in use any more\. Choose/]],
    [{ name: 'A', tax_rate_ids: [`txr_${'0'.repeat(22)}`] }, [422, 'tax_rate_ids', /There is no tax rate/]],
    [{ name: 'STUMP grinding' }, [409, 'name', /this name already\. Give it another/]],
  ];
  for (const [body, refused] of bad) assertRefused(await staff.post('/v1/items', body), refused);
  const other = (await staff.post('/v1/items', { name: 'Other' })).body.id;
  assertRefused(await staff.patch(`/v1/items/${other}`, { name: 'stump GRINDING' }), [
    409,
    'name',
    /Give it another/,
  ]);
  assertRefused(await staff.patch(`/v1/items/${id}`, { tax_rate_ids: [gone] }), [
    422,
    'tax_rate_ids',
    /not in use/,
  ]);
  assertRefused(await staff.patch(`/v1/items/itm_${'0'.repeat(22)}`, { name: 'B' }), [
    404,
    undefined,
    /No item/,
  ]);
  assert.equal((await staff.get('/v1/items?status=gone')).status, 422);
});

test('who may only read invoices reads items, and changes none', async () => {
  const reader = await staff.keyWith('invoices:read');
  assert.equal((await asking(reader).get('/v1/items')).status, 200);
  const { id } = (await staff.post('/v1/items', { name: 'Guarded' })).body;
  await assertNeeds(
    'invoices:write',
    reader,
    ['POST', '/v1/items', { name: 'Mine' }],
    ['PATCH', `/v1/items/${id}`, { name: 'Mine' }],
  );
  const stranger = await staff.keyWith('customers:read');
  await assertNeeds('invoices:read', stranger, ['GET', '/v1/items']);
});
