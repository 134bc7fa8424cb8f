import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
before(async () => {
  staff = asking((await testDemo()).apiKey);
});
const rate = async (name: string, percent: string, more = {}) =>
  (await staff.post('/v1/tax-rates', { name, percent, ...more })).body;
const names = async (query = ''): Promise<string[]> =>
  (await staff.get(`/v1/tax-rates${query}`)).body.data.map(({ name }: { name: string }) => name);

test('rates are added, paged by name, renamed, taken out of use and back', async () => {
  const made = await staff.post('/v1/tax-rates', { name: 'VAT', percent: '20', inclusive: true });
  assert.equal(made.status, 201);
  const { id, ...rest } = made.body;
  assert.deepEqual(rest, {
    object: 'tax_rate',
    name: 'VAT',
    percent: '20',
    inclusive: true,
    compound: false,
    active: true,
  });
  await rate('City', '1.5', { compound: true });
  await rate('state', '6');
  assert.deepEqual(await names(), ['City', 'state', 'VAT']);
  const page = await staff.get('/v1/tax-rates?limit=1');
  assert.equal(page.body.has_more, true);
  assert.deepEqual(await names(`?starting_after=${page.body.data[0].id}`), ['state', 'VAT']);
  const renamed = await staff.patch(`/v1/tax-rates/${id}`, { name: 'UK VAT', active: false });
  assert.deepEqual([renamed.body.name, renamed.body.active, renamed.body.percent], ['UK VAT', false, '20']);
  assert.deepEqual(await names(), ['City', 'state']);
  assert.deepEqual(await names('?status=all'), ['City', 'state', 'UK VAT']);
  // Another percentage is another rate, which may take the name of one that is out of use.
  await rate('UK VAT', '21');
  assertRefused(await staff.patch(`/v1/tax-rates/${id}`, { active: true }), [409, 'name', /Give it another/]);
  await staff.patch(`/v1/tax-rates/${id}`, { name: 'UK VAT until March', active: true });
  assert.deepEqual(await names(), ['City', 'state', 'UK VAT', 'UK VAT until March']);
});

test('an invoice is charged by its rates, and by none that is out of use', async () => {
  const [state, city] = [await rate('Sales', '6'), await rate('District', '2.5')];
  const customer = (await staff.get('/v1/customers?limit=1')).body.data[0].id;
  const write = (tax_rate_ids: string[]) =>
    staff.post('/v1/invoices', {
      customer_id: customer,
      lines: [{ item_name: 'Parts', quantity: '3', unit_price: '9.99', taxable: true, tax_rate_ids }],
    });
  // 29.97: 6 % is 1.7982, 2.5 % is 0.74925; each is rounded once.
  const { body } = await write([state.id, city.id]);
  assert.deepEqual([body.subtotal, body.tax, body.total], [2997, 180 + 75, 3252]);
  await staff.patch(`/v1/tax-rates/${city.id}`, { active: false });
  assertRefused(await write([state.id, city.id]), [
    422,
    'lines',
    /District is not in use any more\. Choose another/,
  ]);
});

test('what is wrong with a rate is said of its field', async () => {
  await rate('Taken', '7');
  const bad: [object, Parameters<typeof assertRefused>[1]][] = [
    [{ percent: '5' }, [422, 'name', /name/]],
    [{ name: 'A', percent: '100.5' }, [422, 'percent', /from 0 to 100 such as 8\.25/]],
    [{ name: 'A', percent: '-1' }, [422, 'percent', /such as 8\.25/]],
    [{ name: 'A', percent: '8,25' }, [422, 'percent', /such as 8\.25/]],
    [{ name: 'A', percent: 8 }, [422, 'percent', /string/]],
    [
      { name: 'A', percent: '8', inclusive: true, compound: true },
      [422, 'compound', /Choose one of the two/],
    ],
    [{ name: 'taken', percent: '8' }, [409, 'name', /Give it another/]],
  ];
  for (const [body, refused] of bad) assertRefused(await staff.post('/v1/tax-rates', body), refused);
  const { id } = await rate('Fixed', '7');
  // Its percentage stays: what was charged under it can be told for ever.
  assertRefused(await staff.patch(`/v1/tax-rates/${id}`, { percent: '8' }), [422, 'percent', /percent/]);
  assertRefused(await staff.patch(`/v1/tax-rates/txr_${'0'.repeat(22)}`, { name: 'B' }), [
    404,
    undefined,
    /No tax rate/,
  ]);
});

test('rates are settings: who writes invoices reads them, and changes none', async () => {
  const biller = await staff.keyWith('invoices:read', 'invoices:write');
  assert.equal((await asking(biller).get('/v1/tax-rates')).status, 200);
  const { id } = await rate('Guarded', '7');
  await assertNeeds(
    'settings:write',
    biller,
    ['POST', '/v1/tax-rates', { name: 'Mine', percent: '1' }],
    ['PATCH', `/v1/tax-rates/${id}`, { active: false }],
  );
  await assertNeeds('invoices:read', await staff.keyWith('payments:read'), ['GET', '/v1/tax-rates']);
});
