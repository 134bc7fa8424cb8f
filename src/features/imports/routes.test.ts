import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { importFile } from '#features/imports/cli.ts';
import { templateCsv } from '#features/imports/templates.ts';
import { csvOf, given } from '../../../test/support/imports.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

/** Upload as a browser does: the file is the body. */
async function upload(
  key: string,
  file: string | Buffer,
  headers: Record<string, string> = {},
  kind = 'customers',
) {
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method: 'POST',
    url: `/v1/imports?kind=${kind}&file_name=people.csv`,
    payload: file,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv', ...headers },
  });
  return { status: reply.statusCode, body: reply.json() };
}

/** What the worker would do now. */
async function work(organizationId: string, importId: string): Promise<void> {
  const { jobs } = await testServer();
  await jobs['work-import']?.({ organizationId, importId } as never);
}

const people = csvOf([
  { 'Display name': 'Zoe, "Zo"', Email: 'zoe@zo.example' },
  { 'Display name': '', Email: 'nobody@zo.example' },
  { 'Display name': '=Yan', Email: 'not an address' },
]);

describe('imports over HTTP', () => {
  it('upload, edit, check, rows, import, problems as a file, undo', async () => {
    const demo = await testDemo();
    const { status, body } = await upload(demo.apiKey, people);
    assert.equal(status, 201);
    assert.deepEqual(
      [body.state, body.rows_total, body.mapping, body.samples.length, body.missing],
      ['mapping', 3, { 0: 'displayName', 1: 'email' }, 3, []],
    );
    const url = `/v1/imports/${body.id}`;
    const bad = await callApi(demo.apiKey, 'PATCH', url, { mapping: { 0: 'email' } });
    assert.deepEqual([bad.status, bad.body.error.param], [422, 'mapping']);
    assert.equal(
      (await callApi(demo.apiKey, 'PATCH', url, { mapping: { 0: 'displayName', 1: 'email' } })).status,
      200,
    );
    const checking = await callApi(demo.apiKey, 'POST', `${url}/check`);
    assert.deepEqual([checking.status, checking.body.state], [202, 'checking']);
    await work(demo.organizationId, body.id);
    const checked = (await callApi(demo.apiKey, 'GET', url)).body;
    assert.deepEqual([checked.state, checked.created_count, checked.rows_rejected], ['checked', 1, 2]);
    const rows = await callApi(demo.apiKey, 'GET', `${url}/rows?limit=2`);
    assert.deepEqual(
      rows.body.data.map((row: { action: string }) => row.action),
      ['create', 'reject'],
    );
    assert.equal(rows.body.has_more, true);
    assert.equal((await callApi(demo.apiKey, 'POST', `${url}/import`)).status, 202);
    assert.equal((await callApi(demo.apiKey, 'POST', `${url}/import`)).status, 409);
    await work(demo.organizationId, body.id);
    assert.equal((await callApi(demo.apiKey, 'GET', url)).body.state, 'imported');
    const problems = await callApi(demo.apiKey, 'GET', `${url}/problems.csv`);
    assert.match(String(problems.headers['content-disposition']), /people-problems\.csv/);
    const lines = String(problems.body).split('\r\n');
    assert.equal(lines[0], '\ufeffDisplay name,Email,Line,Column,Value,Reason');
    assert.match(lines[2] ?? '', /^'=Yan,not an address,4,Email,/);
    const fixed = String(problems.body).replace('not an address', 'yan@zo.example');
    assert.equal((await upload(demo.apiKey, fixed)).body.rows_total, 2);
    assert.equal((await callApi(demo.apiKey, 'POST', `${url}/undo`)).status, 202);
    await work(demo.organizationId, body.id);
    assert.equal((await callApi(demo.apiKey, 'GET', url)).body.state, 'undone');
    const list = await callApi(demo.apiKey, 'GET', '/v1/imports');
    assert.equal(list.body.data.length, 2);
  });

  it('the same key uploads once, and another file under it is refused', async () => {
    const demo = await testDemo();
    const key = { 'idempotency-key': 'one' };
    const first = await upload(demo.apiKey, people, key);
    assert.equal((await upload(demo.apiKey, people, key)).body.id, first.body.id);
    assert.equal(
      (await upload(demo.apiKey, `${people}Xi,xi@zo.example\r\n`, key)).body.error.code,
      'idempotency_key_reused',
    );
  });

  it('items come in, are seen in their list, and go again', async () => {
    const demo = await testDemo();
    const file = csvOf([
      { Name: 'Stump grinding', Price: '120.00' },
      { Name: '', Price: '1.00' },
    ]);
    const { status, body } = await upload(demo.apiKey, file, {}, 'items');
    assert.deepEqual([status, body.kind, body.mapping], [201, 'items', { 0: 'name', 1: 'unitPrice' }]);
    const url = `/v1/imports/${body.id}`;
    const send = await callApi(demo.apiKey, 'PATCH', url, { send_invoices: true });
    assert.deepEqual([send.status, send.body.error.message], [422, 'A file of items has nothing to send.']);
    await callApi(demo.apiKey, 'POST', `${url}/import`);
    await work(demo.organizationId, body.id);
    const names = async () =>
      (await callApi(demo.apiKey, 'GET', '/v1/items?q=stump')).body.data.map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(await names(), ['Stump grinding']);
    const problems = await callApi(demo.apiKey, 'GET', `${url}/problems.csv`);
    assert.match(String(problems.body), /\r\n,1\.00,3,Name,,The item has no name/);
    await callApi(demo.apiKey, 'POST', `${url}/undo`);
    await work(demo.organizationId, body.id);
    assert.deepEqual(await names(), []);
  });

  it('a workbook is an import that failed; a body that is no file is refused', async () => {
    const demo = await testDemo();
    const failed = await upload(demo.apiKey, Buffer.from('504b0304aabb', 'hex'));
    assert.deepEqual([failed.status, failed.body.state], [201, 'failed']);
    assert.match(failed.body.error, /Save As > CSV UTF-8/);
    const url = `/v1/imports/${failed.body.id}`;
    assert.equal((await callApi(demo.apiKey, 'POST', `${url}/import`)).status, 409);
    assert.equal(
      (await callApi(demo.apiKey, 'POST', '/v1/imports?kind=customers&file_name=a.csv', { a: 1 })).status,
      422,
    );
    assert.equal((await upload('wrong', people)).status, 401);
  });

  it('gives out templates, and another organization’s problems to nobody', async () => {
    const [demo, stranger] = [await testDemo(), await testDemo()];
    const template = await callApi(demo.apiKey, 'GET', '/v1/import-templates/invoices.csv');
    assert.equal(template.body, templateCsv('invoices'));
    const ofItems = await callApi(demo.apiKey, 'GET', '/v1/import-templates/items.csv');
    assert.match(
      String(ofItems.body),
      /^Name,Description,Price of one,Currency,Taxable,Tax rates,Active\r\n/,
    );
    assert.equal((await callApi(demo.apiKey, 'GET', '/v1/import-templates/payments.csv')).status, 404);
    const { body } = await upload(demo.apiKey, people);
    assert.equal((await callApi(stranger.apiKey, 'GET', `/v1/imports/${body.id}/problems.csv`)).status, 404);
    assert.equal((await callApi('wrong', 'GET', `/v1/imports/${body.id}/problems.csv`)).status, 401);
  });
});

describe('owed import', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'owed-import-'));
  const save = (text: string): string => {
    const file = path.join(folder, 'file.csv');
    writeFileSync(file, text);
    return file;
  };
  const invoices = csvOf([
    {
      Kunde: 'Harbor Dental',
      'Invoice number': 'N-1',
      'Invoice date': '03/04/2026',
      Total: '10.00',
      Ref: 'x',
    },
  ]);

  it('checks and brings in a file, and tells the options that answer its questions', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental');
    const input = { organizationId: own.id, kind: 'invoices' as const, path: save(invoices) };
    await assert.rejects(
      importFile(own.db, input),
      /--format invoiceDate=MDY {3}month, day, year: 03\/04\/2026 is Mar 4, 2026/,
    );
    const dry = await importFile(own.db, { ...input, dryRun: true, formats: { date: 'DMY' } });
    assert.deepEqual([dry.state, dry.created, dry.rejected], ['checked', 1, 0]);
    const seen: string[] = [];
    const done = await importFile(own.db, {
      ...input,
      formats: { invoiceDate: 'DMY' },
      mapping: { Ref: 'poNumber' },
      onProgress: ({ state }) => seen.push(state),
    });
    assert.deepEqual([done.state, done.created, done.mapping.Ref], ['imported', 1, 'poNumber']);
    assert.deepEqual(seen, ['importing', 'imported']);
    assert.deepEqual(await own.query(sql`select invoice_date, po_number from invoices`), [
      { invoiceDate: '2026-04-03', poNumber: 'x' },
    ]);
    rmSync(folder, { recursive: true });
  });

  it('brings items in', async () => {
    const own = await given.organization();
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'owed-import-')), 'items.csv');
    writeFileSync(file, 'Code,Price\nMowing,45.00\n,1.00\n');
    const input = { organizationId: own.id, kind: 'items' as const, path: file };
    await assert.rejects(importFile(own.db, input), /No column gives the name of the item\. Pass --map/);
    const done = await importFile(own.db, { ...input, mapping: { Code: 'name' } });
    assert.deepEqual([done.created, done.rejected, done.problems[0]?.line], [1, 1, 3]);
  });

  it('says which column is missing, and of a bad file why', async () => {
    const own = await given.organization();
    const input = { organizationId: own.id, kind: 'invoices' as const };
    await assert.rejects(importFile(own.db, { ...input, path: '/nowhere.csv' }), /ENOENT/);
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'owed-import-')), 'a.csv');
    writeFileSync(file, 'Foo,Bar\n1,2\n');
    await assert.rejects(
      importFile(own.db, { ...input, path: file }),
      /No column gives the customer\. Pass --map "COLUMN=FIELD"/,
    );
    await assert.rejects(
      importFile(own.db, { ...input, path: file, mapping: { Baz: 'number' } }),
      /no column "Baz"/,
    );
    writeFileSync(file, '');
    await assert.rejects(importFile(own.db, { ...input, path: file }), /The file is empty/);
  });
});
