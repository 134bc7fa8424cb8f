import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
before(async () => {
  staff = asking((await testDemo()).apiKey);
});
const names = async (): Promise<string[]> =>
  (await staff.get('/v1/invoice-terms')).body.data.map(({ name }: { name: string }) => name);

test('terms are listed soonest first, set the due date of an invoice, and leave the list without touching it', async () => {
  for (const body of [
    { name: 'Net 45', days: 45 },
    { name: 'EOM + 10', days: 10, counted_from: 'end_of_month' },
    { name: 'On receipt', days: 0 },
  ])
    assert.equal((await staff.post('/v1/invoice-terms', body)).status, 201);
  assert.deepEqual(await names(), ['On receipt', 'Net 45', 'EOM + 10']);
  const { data } = (await staff.get('/v1/invoice-terms')).body;
  const customer = (await staff.get('/v1/customers?limit=1')).body.data[0].id;
  const write = (terms_id: string, more = {}) =>
    staff.post('/v1/invoices', {
      customer_id: customer,
      invoice_date: '2026-01-15',
      terms_id,
      lines: [{ amount: 100 }],
      ...more,
    });
  const due = async (...asked: Parameters<typeof write>) => {
    const { body } = await write(...asked);
    return [body.due_date, body.terms];
  };
  assert.deepEqual(await due(data[0].id), ['2026-01-15', 'On receipt']);
  assert.deepEqual(await due(data[1].id), ['2026-03-01', 'Net 45']);
  assert.deepEqual(await due(data[2].id), ['2026-02-10', 'EOM + 10']);
  assert.deepEqual(await due(data[2].id, { due_date: '2026-05-01', terms: 'As agreed' }), [
    '2026-05-01',
    'As agreed',
  ]);
  const { body: written } = await write(data[1].id);
  const removed = await staff.remove(`/v1/invoice-terms/${data[1].id}`);
  assert.deepEqual([removed.status, removed.body.name], [200, 'Net 45']);
  assert.deepEqual(await names(), ['On receipt', 'EOM + 10']);
  assert.equal((await staff.get(`/v1/invoices/${written.id}`)).body.terms, 'Net 45');
  assertRefused(await write(data[1].id), [404, undefined, /No terms/]);
  assertRefused(await staff.remove(`/v1/invoice-terms/${data[1].id}`), [404, undefined, /No terms/]);
});

test('what is wrong with terms is said of their field', async () => {
  await staff.post('/v1/invoice-terms', { name: 'Net 7', days: 7 });
  const bad: [object, Parameters<typeof assertRefused>[1]][] = [
    [{ days: 7 }, [422, 'name', /name/]],
    [{ name: '', days: 7 }, [422, 'name', /must not be empty/]],
    [{ name: 'A' }, [422, 'days', /days/]],
    [{ name: 'A', days: 366 }, [422, 'days', /365/]],
    [{ name: 'A', days: -1 }, [422, 'days', /0/]],
    [{ name: 'A', days: 1.5 }, [422, 'days', /int/]],
    [{ name: 'A', days: 7, counted_from: 'delivery' }, [422, 'counted_from', /end_of_month/]],
    [{ name: 'net 7', days: 9 }, [409, 'name', /Give them another/]],
  ];
  for (const [body, refused] of bad) assertRefused(await staff.post('/v1/invoice-terms', body), refused);
});

test('terms are settings', async () => {
  const biller = await staff.keyWith('invoices:read', 'invoices:write');
  assert.equal((await asking(biller).get('/v1/invoice-terms')).status, 200);
  const { id } = (await staff.post('/v1/invoice-terms', { name: 'Guarded', days: 3 })).body;
  await assertNeeds(
    'settings:write',
    biller,
    ['POST', '/v1/invoice-terms', { name: 'Mine', days: 1 }],
    ['DELETE', `/v1/invoice-terms/${id}`],
  );
});
