import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import { listFiles } from '#list-files.ts';
import { csvOf, listed, listFileOf, sheetOf } from '../../../test/support/list-files.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const lists = [
  ['/v1/invoices/csv', '/v1/invoices/xlsx', 'status=open', 'Number'],
  ['/v1/customers/csv', '/v1/customers/xlsx', 'status=all', 'Display name'],
  ['/v1/payments/export', '/v1/payments/xlsx', 'status=all', 'Id'],
] as const;

let demo: Awaited<ReturnType<typeof testDemo>>;
before(async () => {
  demo = await testDemo({ customers: 5, invoices: 30 });
});

test('each list is a file with its filters, as CSV and as a spreadsheet with the same rows', async () => {
  const { apiKey } = demo;
  const { app } = await testServer();
  for (const [csv, xlsx, query, first] of lists) {
    const text = String((await callApi(apiKey, 'GET', `${csv}?${query}`)).body);
    const lines = text.replace('\ufeff', '').trimEnd().split('\r\n');
    assert.ok(lines[0]?.startsWith(first), lines[0]);
    assert.ok(lines.length > 3, csv);
    const sheet = await app.fastify.inject({
      url: `${xlsx}?${query}`,
      headers: { authorization: `Bearer ${apiKey}` },
    });
    assert.equal(sheet.statusCode, 200);
    const book = await readXlsx(sheet.rawPayload);
    assert.equal(book.sheets[0]?.rows.length, lines.length, xlsx);
  }
  const none = String((await callApi(apiKey, 'GET', '/v1/customers/csv?customer_type=Nobody')).body);
  assert.equal(none.trimEnd().split('\r\n').length, 1);
});

type Told = Record<string, unknown>;
const decimal = (minor: unknown): string => (Number(minor) / 100).toFixed(2);

/** What of a row the file and the API must say alike, and a filter that leaves some rows out. */
const alike: Partial<Record<ListName, { same: (row: Told) => Record<string, unknown>; filter?: object }>> = {
  invoices: {
    filter: { status: 'open', sort: 'due_date' },
    same: (row) => ({
      Number: row.number,
      'Due date': row.due_date,
      Currency: row.currency,
      'Balance due': decimal(row.balance_due),
    }),
  },
  customers: {
    filter: { q: 'a', sort: '-created_at' },
    same: (row) => ({ 'Display name': row.display_name, Open: decimal(row.open_balance) }),
  },
  payments: {
    filter: { status: 'succeeded' },
    same: (row) => ({ Id: row.id, 'Received on': row.received_on, Amount: decimal(row.amount) }),
  },
};

for (const [list, { same, filter }] of Object.entries(alike))
  test(`the file of ${list} says what the list says, all of it and for a filter`, async () => {
    const { path } = listFiles[list as ListName].list;
    for (const search of [{}, filter ?? {}]) {
      const told = (await listed(demo.apiKey, path, search)).map((row) => same(row));
      assert.ok(told.length > 0, 'there is something to tell');
      const rows = await csvOf(demo, { list, search });
      assert.deepEqual(
        rows.map((row, at) => Object.fromEntries(Object.keys(told[at] ?? {}).map((name) => [name, row[name]]))),
        told,
      );
      assert.equal((await sheetOf(demo, { list, search })).length, told.length);
    }
  });

test('chosen rows alone, in the order of the list; where rows cannot be chosen that is said', async () => {
  for (const list of ['invoices', 'customers', 'payments'] as const) {
    const rows = await listed(demo.apiKey, listFiles[list].list.path);
    const ids = rows.slice(1, 3).map(({ id }) => String(id));
    const same = alike[list]?.same;
    const heading = Object.keys(same?.(rows[0] ?? {}) ?? {})[0] ?? '';
    assert.deepEqual(
      (await csvOf(demo, { list, ids: [...ids].reverse() })).map((row) => row[heading]),
      rows.slice(1, 3).map((row) => same?.(row)[heading]),
    );
  }
});
