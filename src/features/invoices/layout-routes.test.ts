import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { plainLayout } from '#features/invoices/layout-rules.ts';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
before(async () => {
  staff = asking((await testDemo()).apiKey);
});

/** What a picture shows: the engine does not always name its fonts, groups and glyphs alike. */
function drawn(svg: string): string {
  const outlines = new Map(
    [...svg.matchAll(/<path id="([^"]+)"[^>]* d="([^"]+)"/g)].map(([, id, d]) => [id, d]),
  );
  return svg
    .replace(/<defs class="glyph">.*?<\/defs>/s, '')
    .replaceAll(/ data-tid="[^"]+"/g, '')
    .replaceAll(/"#([^"]+)"/g, (whole, id) => outlines.get(id) ?? whole);
}

test('how invoices look is read, changed in part, and shown before it is kept', async () => {
  const plain = { object: 'invoice_layout', ...plainLayout, columns: [...plainLayout.columns] };
  assert.deepEqual((await staff.get('/v1/invoice-layout')).body, plain);
  const preview = (body: object) => staff.post('/v1/invoice-layout/preview', body);
  const [simple, classic, fewer] = [
    await preview({}),
    await preview({ theme: 'classic' }),
    await preview({ columns: ['description', 'amount'] }),
  ];
  for (const { status, headers, body } of [simple, classic, fewer]) {
    assert.deepEqual([status, headers['content-type']], [200, 'image/svg+xml']);
    assert.match(body, /^<svg/);
    assert.equal(headers['cache-control'], 'no-store');
  }
  const pages = [simple, classic, fewer].map(({ body }) => drawn(body));
  assert.equal(new Set(pages).size, 3, 'each is another page');
  assert.deepEqual((await staff.get('/v1/invoice-layout')).body, plain, 'a preview keeps nothing');

  const changed = await staff.patch('/v1/invoice-layout', { theme: 'modern', bill_to_label: 'Customer' });
  assert.deepEqual(changed.body, { ...plain, theme: 'modern', bill_to_label: 'Customer' });
  assert.equal(
    drawn((await preview({})).body),
    drawn((await preview({ theme: 'modern' })).body),
    'over what is stored',
  );
  const columns = ['amount', 'item'];
  assert.deepEqual((await staff.patch('/v1/invoice-layout', { columns })).body.columns, columns);
  assert.equal((await staff.get('/v1/invoice-layout')).body.theme, 'modern');
});

test('what is wrong with a layout is said of its field, and nothing of it is kept', async () => {
  const before = (await staff.get('/v1/invoice-layout')).body;
  const bad: [object, string, RegExp][] = [
    [{ theme: 'baroque' }, 'theme', /simple.*modern.*classic.*compact/],
    [{ columns: ['item', 'weight'] }, 'columns.1', /quantity/],
    [{ columns: [] }, 'columns', /at least one column/],
    [{ bill_to_label: 'x'.repeat(41) }, 'bill_to_label', /40/],
    [{ show_memo: 'yes' }, 'show_memo', /boolean/],
    [{ font: 'serif' }, 'font', /font/],
  ];
  for (const [body, param, says] of bad)
    for (const reply of [
      await staff.patch('/v1/invoice-layout', { show_memo: false, ...body }),
      await staff.post('/v1/invoice-layout/preview', body),
    ])
      assertRefused(reply, [422, param, says]);
  assert.deepEqual((await staff.get('/v1/invoice-layout')).body, before);
});

test('how invoices look is a setting; who reads invoices sees it', async () => {
  const biller = await staff.keyWith('invoices:read', 'invoices:write');
  assert.equal((await asking(biller).get('/v1/invoice-layout')).status, 200);
  await assertNeeds('settings:write', biller, ['PATCH', '/v1/invoice-layout', { theme: 'simple' }]);
  const other = await staff.keyWith('payments:read');
  await assertNeeds(
    'invoices:read',
    other,
    ['GET', '/v1/invoice-layout'],
    ['POST', '/v1/invoice-layout/preview', {}],
  );
});
