import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import { toDecimal } from '#lib/money.ts';
import { listFiles } from '#list-files.ts';
import { csvOf, fillLists, listed, listFileOf, sheetOf } from '../../../test/support/list-files.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const lists = [
  ['/v1/invoices/csv', '/v1/invoices/xlsx', 'status=open', 'Number'],
  ['/v1/customers/csv', '/v1/customers/xlsx', 'status=all', 'Display name'],
  ['/v1/payments/export', '/v1/payments/xlsx', 'status=all', 'Id'],
] as const;

let demo: Awaited<ReturnType<typeof testDemo>>;
before(async () => {
  demo = await testDemo({ customers: 5, invoices: 30 });
  await fillLists(demo.apiKey);
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
const decimal = (minor: unknown): string => toDecimal(BigInt(Number(minor ?? 0)), 'USD');
type Alike = { same: (row: Told) => Record<string, unknown>; filter: Record<string, string> };

/** What of a row the file and the API must say alike, and a filter that the list takes. */
const alike: Record<Exclude<ListName, 'invoice_lines' | 'payment_links'>, Alike> = {
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
  estimates: {
    filter: { status: 'draft' },
    same: (row) => ({ Number: row.number, Total: decimal(row.total) }),
  },
  credit_memos: {
    filter: { status: 'open' },
    same: (row) => ({ Number: row.number, Available: decimal(row.available) }),
  },
  items: { filter: { q: 'a' }, same: (row) => ({ Name: row.name, 'Unit price': row.unit_price }) },
  refunds: { filter: { state: 'failed' }, same: (row) => ({ Id: row.id, Amount: decimal(row.amount) }) },
  deposits: {
    filter: { status: 'hand' },
    same: (row) => ({ Id: row.id, 'In the bank': decimal(row.amount), 'Made on': row.made_on }),
  },
  chargebacks: {
    filter: { status: 'won' },
    same: (row) => ({ Reference: row.gateway_reference, Amount: decimal(row.amount) }),
  },
  schedules: {
    filter: { status: 'all', sort: '-amount' },
    same: (row) => ({ ID: row.id, Amount: decimal(row.amount), Currency: row.currency }),
  },
  payment_plans: { filter: { pending: 'true' }, same: (row) => ({ Id: row.id, Total: decimal(row.total) }) },
  autopays: { filter: { state: 'all' }, same: (row) => ({ Customer: row.customer_name, State: row.state }) },
  coming_charges: {
    filter: { days: '31' },
    same: (row) => ({ Invoice: row.number, Amount: decimal(row.amount) }),
  },
  autopay_declines: {
    filter: { view: 'final' },
    same: (row) => ({ Customer: row.customer_name, Amount: decimal(row.amount) }),
  },
  late_fees: {
    filter: { state: 'posted' },
    same: (row) => ({ Invoice: row.invoice_number, Amount: decimal(row.amount) }),
  },
  worklist: {
    filter: { min_amount: '1' },
    same: (row) => ({ Customer: row.customer_name, Amount: decimal(row.amount) }),
  },
  messages: { filter: { channel: 'email' }, same: (row) => ({ Id: row.id, Subject: row.subject }) },
  letters_to_print: { filter: {}, same: (row) => ({ Id: row.id, Subject: row.subject }) },
  email_conflicts: {
    filter: { view: 'ignored' },
    same: (row) => ({ Customer: row.display_name, Open: decimal(row.open_balance) }),
  },
  bounced_emails: { filter: {}, same: (row) => ({ Subject: row.subject, State: row.state }) },
  held_mail: { filter: {}, same: (row) => ({ Customer: row.display_name, Mails: String(row.mails) }) },
  paper_conflicts: {
    filter: {},
    same: (row) => ({ Customer: row.display_name, Open: decimal(row.open_balance) }),
  },
  tickets: {
    filter: { status: 'to_do' },
    same: (row) => ({ Number: String(row.number), Subject: row.subject }),
  },
  imports: { filter: {}, same: (row) => ({ Id: row.id, Rows: String(row.rows_total) }) },
  users: { filter: {}, same: (row) => ({ 'E-mail': row.email, State: row.state }) },
  audit_log: {
    filter: { area: 'imports', to: '2020-01-01' },
    same: (row) => ({ 'Entry id': row.id, Kind: row.kind, 'Time (UTC)': row.occurred_at }),
  },
};
/** Where there is something: an empty file would prove nothing there. */
const filled: readonly ListName[] = [
  'invoices',
  'customers',
  'payments',
  'estimates',
  'credit_memos',
  'items',
  'deposits',
  'schedules',
  'messages',
  'email_conflicts',
  'imports',
  'users',
  'worklist',
  'audit_log',
];

/** Asking for a file is itself an act, so a log is told before its file and compared from there on. */
const laterOn = (list: string, rows: Told[], told: Told[]): Told[] =>
  list === 'audit_log'
    ? rows.slice(rows.findIndex((row) => row['Entry id'] === told[0]?.['Entry id']))
    : rows;

for (const [name, { same, filter }] of Object.entries(alike))
  test(`the file of ${name} says what the list says, all of it and for a filter`, async () => {
    const list = name as ListName;
    for (const search of [{}, filter]) {
      const told = (await listed(demo.apiKey, listFiles[list].list.path, search)).map((row) => same(row));
      if (search !== filter)
        assert.ok(told.length > 0 || !filled.includes(list), 'there is something to tell');
      const rows = await csvOf(demo, { list, search });
      const headings = Object.keys(same({}));
      const said = rows.map((row) => Object.fromEntries(headings.map((each) => [each, row[each]])));
      assert.deepEqual(told.length === 0 ? said : laterOn(list, said, told), told);
    }
  });

test('the spreadsheet has the rows of the CSV, amounts as numbers and dates as days', async () => {
  const rows = await csvOf(demo, { list: 'invoices', search: { sort: 'number' } });
  const sheet = await sheetOf(demo, { list: 'invoices', search: { sort: 'number' } });
  const headings = Object.keys(rows[0] ?? {});
  const column = (name: string) => sheet.map((row) => row[headings.indexOf(name)]);
  assert.deepEqual(
    column('Total'),
    rows.map((row) => Number(row.Total)),
  );
  assert.deepEqual(
    column('Number'),
    rows.map((row) => row.Number),
  );
});

test('the lines of invoices come one a row, by the filter of the invoices', async () => {
  const search = { status: 'open', sort: 'number' };
  const lines: Told[] = [];
  for (const { id, number, currency } of await listed(demo.apiKey, '/v1/invoices', search)) {
    const { body } = await callApi(demo.apiKey, 'GET', `/v1/invoices/${id}`);
    body.lines.forEach((line: Told, at: number) => {
      lines.push({
        Invoice: number,
        Line: String(at + 1),
        Item: line.item_name,
        Quantity: line.quantity,
        Price: line.unit_price,
        Currency: currency,
        Amount: decimal(line.amount),
      });
    });
  }
  const rows = await csvOf(demo, { list: 'invoice_lines', search });
  const headings = Object.keys(lines[0] ?? {});
  assert.deepEqual(
    rows.map((row) => Object.fromEntries(headings.map((name) => [name, row[name]]))),
    lines,
  );
  const [one] = await listed(demo.apiKey, '/v1/invoices', search);
  const chosen = await csvOf(demo, { list: 'invoice_lines', search, ids: [String(one?.id)] });
  assert.deepEqual(
    chosen.map((row) => row.Invoice),
    lines.filter((line) => line.Invoice === one?.number).map((line) => line.Invoice),
  );
});

test('chosen rows alone, in the order of the list; where rows cannot be chosen that is said', async () => {
  for (const list of ['invoices', 'customers', 'payments'] as const) {
    const rows = (await listed(demo.apiKey, listFiles[list].list.path)).slice(1, 3);
    const ids = rows.map(({ id }) => String(id));
    const { same } = alike[list];
    const heading = Object.keys(same({}))[0] ?? '';
    assert.deepEqual(
      (await csvOf(demo, { list, ids: [...ids].reverse() })).map((row) => row[heading]),
      rows.map((row) => same(row)[heading]),
    );
  }
  const tried = await callApi(demo.apiKey, 'POST', '/v1/list-files', {
    list: 'deposits',
    format: 'csv',
    ids: ['dep_1'],
  });
  assert.deepEqual([tried.status, tried.body.error.param], [422, 'ids']);
});

test('who may not read a list has no file of it, nor sees that somebody has one', async () => {
  const keyWith = async (...scopes: string[]): Promise<string> =>
    (await callApi(demo.apiKey, 'POST', '/v1/api-keys', { name: scopes.join(), scopes })).body.token;
  const every = Object.entries(listFiles);
  const scopes = new Set(every.map(([, { list }]) => list.scope));
  for (const scope of scopes) {
    const key = await keyWith(scope);
    for (const [list, file] of every) {
      if (list === 'payment_links') continue;
      const { status, body } = await callApi(key, 'POST', '/v1/list-files', { list, format: 'csv' });
      assert.equal(status, file.list.scope === scope ? 202 : 403, `${list} with ${scope}`);
      // Only so many are made at once.
      if (status === 202) await callApi(key, 'POST', `/v1/list-files/${body.id}/cancel`);
    }
  }
  const { work } = await listFileOf(demo, { list: 'payments' });
  const [mine, other] = [await keyWith('payments:read'), await keyWith('customers:read')];
  const seen = async (key: string) => [
    (await callApi(key, 'GET', `/v1/list-files/${work.id}`)).status,
    (await callApi(key, 'GET', `/v1/downloads/${work.download.id}`)).status,
    (await callApi(key, 'GET', '/v1/list-files?limit=100')).body.data.some((row: Told) => row.id === work.id),
    (await callApi(key, 'POST', `/v1/list-files/${work.id}/cancel`)).status,
  ];
  assert.deepEqual(await seen(mine), [200, 200, true, 409]);
  assert.deepEqual(await seen(other), [403, 403, false, 403]);
  const stranger = await testDemo();
  assert.deepEqual(await seen(stranger.apiKey), [404, 404, false, 404]);
});

test('what the list would not take is refused when it is asked, by the filter’s name', async () => {
  const ask = (search: object) =>
    callApi(demo.apiKey, 'POST', '/v1/list-files', { list: 'invoices', format: 'csv', search });
  for (const search of [{ status: 'late' }, { colour: 'red' }, { limit: '5' }])
    assert.equal((await ask(search)).status, 422, JSON.stringify(search));
});

test('a name that a spreadsheet would run is text in the file', async () => {
  const name = '=HYPERLINK("http://evil.test")';
  const made = await callApi(demo.apiKey, 'POST', '/v1/customers', { display_name: name });
  assert.equal(made.status, 201);
  const ids = [made.body.id];
  const [row] = await csvOf(demo, { list: 'customers', ids });
  assert.equal(row?.['Display name'], `'${name}`);
  assert.equal((await sheetOf(demo, { list: 'customers', ids }))[0]?.[0], name, 'a text, and no formula');
});

test('one that was stopped is not made; a second worker makes none beside the first', async () => {
  const { jobs, parts } = await testServer();
  const ask = async () =>
    (await callApi(demo.apiKey, 'POST', '/v1/list-files', { list: 'invoices', format: 'csv' })).body.id;
  const work = (listFileId: string) =>
    jobs['write-list-file']?.({ organizationId: demo.organizationId, listFileId } as never);
  const stopped = await ask();
  assert.equal(
    (await callApi(demo.apiKey, 'POST', `/v1/list-files/${stopped}/cancel`)).body.state,
    'cancelled',
  );
  await work(stopped);
  const { body } = await callApi(demo.apiKey, 'GET', `/v1/list-files/${stopped}`);
  assert.deepEqual([body.state, body.download], ['cancelled', null]);
  const two = await ask();
  await Promise.all([work(two), work(two)]);
  await work(two);
  const files = await parts.db.pool.query(
    `select d.ready_at is not null as ready from list_files x
      join downloads d on d.organization_id = x.organization_id and d.id = x.download_id where x.id = $1`,
    [two],
  );
  assert.deepEqual(files.rows, [{ ready: true }]);
});
