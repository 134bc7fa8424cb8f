import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const lists = [
  ['/v1/invoices/csv', '/v1/invoices/xlsx', 'status=open', 'Number'],
  ['/v1/customers/csv', '/v1/customers/xlsx', 'status=all', 'Display name'],
  ['/v1/payments/export', '/v1/payments/xlsx', 'status=all', 'Id'],
] as const;

test('each list is a file with its filters, as CSV and as a spreadsheet with the same rows', async () => {
  const { apiKey } = await testDemo({ customers: 5, invoices: 30 });
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
