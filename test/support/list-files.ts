import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { callApi, testServer } from './server.ts';

type Of = { apiKey: string; organizationId: string };
type Ask = { list: string; format?: 'csv' | 'xlsx'; search?: object; ids?: string[] };

/** The rows of a list as the API tells them, page by page. */
export async function listed(apiKey: string, path: string, search: object = {}) {
  const rows: Record<string, unknown>[] = [];
  for (let after = ''; ; ) {
    const query = new URLSearchParams({
      limit: '20',
      ...(after ? { starting_after: after } : {}),
      ...search,
    });
    const { status, body } = await callApi(apiKey, 'GET', `${path}?${query}`);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    rows.push(...body.data);
    if (!body.has_more) return rows;
    after = body.data.at(-1).id;
  }
}

/** Asks for a list as a file, lets the job write it, and fetches it. */
export async function listFileOf({ apiKey, organizationId }: Of, { list, format = 'csv', ...ask }: Ask) {
  const { app, jobs } = await testServer();
  const asked = await callApi(apiKey, 'POST', '/v1/list-files', { list, format, ...ask });
  assert.deepEqual([asked.status, asked.body.state], [202, 'running'], JSON.stringify(asked.body));
  await jobs['write-list-file']?.({ organizationId, listFileId: asked.body.id } as never);
  const { body } = await callApi(apiKey, 'GET', `/v1/list-files/${asked.body.id}`);
  assert.equal(body.state, 'done');
  const url = `/v1/downloads/${body.download.id}`;
  const file = await app.fastify.inject({ url, headers: { authorization: `Bearer ${apiKey}` } });
  assert.equal(file.rawPayload.length, body.download.size_bytes);
  return { work: body, bytes: file.rawPayload };
}

/** The file as CSV: a record a row, by its headings. */
export async function csvOf(of: Of, ask: Omit<Ask, 'format'>): Promise<Record<string, string>[]> {
  const { bytes } = await listFileOf(of, ask);
  return parse(bytes, { columns: true, bom: true });
}

/** The file as a spreadsheet: its rows without the heading. */
export async function sheetOf(of: Of, ask: Omit<Ask, 'format'>) {
  const { bytes } = await listFileOf(of, { ...ask, format: 'xlsx' });
  return (await readXlsx(bytes)).sheets[0]?.rows.slice(1) ?? [];
}

/** Something in lists that the sample company leaves empty: what a few requests of the API make. */
export async function fillLists(apiKey: string): Promise<void> {
  const { app } = await testServer();
  const post = async (path: string, payload: object) => {
    const { status, body } = await callApi(apiKey, 'POST', path, payload);
    assert.equal(status, 201, `${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const customer = (await post('/v1/customers', { display_name: 'Silent Works' })).id;
  const lines = [{ item_name: 'Work', description: '', quantity: '2', unit_price: '7.50' }];
  await post('/v1/invoices', { customer_id: customer, lines, issue: true });
  await post('/v1/items', { name: 'A chair', unit_price: '12.50' });
  await post('/v1/estimates', { customer_id: customer, lines });
  await post('/v1/credit-memos', {
    customer_id: customer,
    lines: [{ description: 'Sorry', amount: 500 }],
    issue: true,
  });
  const rhythm = { unit: 'month', starts_on: '2099-01-01' };
  await post('/v1/schedules', { kind: 'invoice', customer_id: customer, lines, ...rhythm });
  await post(`/v1/customers/${customer}/tasks`, { title: 'Ask for an address', due_on: '2026-01-01' });
  const check = { customer_id: customer, kind: 'check', amount: 900, applications: [], send_receipt: false };
  await post('/v1/deposits', { payment_ids: [(await post('/v1/payments', check)).id] });
  const file = await app.fastify.inject({
    method: 'POST',
    url: '/v1/imports?kind=customers&file_name=a.csv',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'text/csv' },
    payload: 'Display name\nSomebody new\n',
  });
  assert.equal(file.statusCode, 201, file.body);
}
