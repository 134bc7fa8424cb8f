import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
let customerId = '';
let invoiceId = '';
before(async () => {
  staff = asking((await testDemo()).apiKey);
  customerId = (await staff.post('/v1/customers', { display_name: 'Keeper' })).body.id;
  const body = { customer_id: customerId, issue: true, lines: [{ amount: 100 }] };
  invoiceId = (await staff.post('/v1/invoices', body)).body.id;
});

const bytes = { 'content-type': 'application/octet-stream' };
const pdf = Buffer.from('%PDF-1.7 signed');
const add = (query: string, body: unknown = pdf, headers: Record<string, string> = bytes) =>
  staff.post(`/v1/files?${query}`, body, headers);
const list = async (query: string) => (await staff.get(`/v1/files?${query}`)).body.data;

test('a file is kept with its customer or an invoice, handed over as it came, shown, and removed', async () => {
  const kept = await add(`customer_id=${customerId}&file_name=Terms%20%E2%82%AC.pdf`);
  assert.equal(kept.status, 201);
  const { id, created_at: _at, ...rest } = kept.body;
  assert.deepEqual(rest, {
    object: 'file',
    customer_id: customerId,
    invoice_id: null,
    file_name: 'Terms €.pdf',
    content_type: 'application/pdf',
    size_bytes: pdf.length,
    customer_sees: false,
    goes_with_mail: false,
    added_by: null,
  });
  const note = (
    await add(`invoice_id=${invoiceId}&file_name=hours.csv&customer_sees=yes`, Buffer.from('a,b'))
  ).body;
  assert.deepEqual([note.customer_id, note.invoice_id, note.customer_sees], [customerId, invoiceId, true]);
  assert.deepEqual(
    [await list(`customer_id=${customerId}`), await list(`invoice_id=${invoiceId}`)].map((files) =>
      files.map((file: { id: string }) => file.id),
    ),
    [[id], [note.id]],
    'those of an invoice are listed with it alone',
  );

  const { headers, body } = await staff.get(`/v1/files/${id}/content`);
  assert.equal(body, pdf.toString());
  assert.deepEqual(
    ['content-type', 'content-disposition', 'x-content-type-options', 'content-security-policy'].map(
      (name) => headers[name],
    ),
    [
      'application/pdf',
      `attachment; filename="Terms _.pdf"; filename*=UTF-8''Terms%20%E2%82%AC.pdf`,
      'nosniff',
      "default-src 'none'; sandbox",
    ],
    'never opened in place, whatever it is',
  );

  assert.equal((await staff.patch(`/v1/files/${id}`, { customer_sees: true })).body.customer_sees, true);
  assert.deepEqual((await staff.remove(`/v1/files/${id}`)).body, { object: 'file', id, removed: true });
  assertRefused(await staff.get(`/v1/files/${id}/content`), [404, undefined, /No file/]);
  assert.deepEqual(await list(`customer_id=${customerId}`), []);
});

test('the same upload twice is one file; under the same key another file is refused', async () => {
  const key = { ...bytes, 'idempotency-key': newId('request') };
  const query = `customer_id=${customerId}&file_name=once.pdf`;
  const [first, second] = [await add(query, pdf, key), await add(query, pdf, key)];
  assert.equal(first.body.id, second.body.id);
  assertRefused(await add(query, Buffer.from('%PDF-1.7 other'), key), [422, 'Idempotency-Key', /new key/]);
  await staff.remove(`/v1/files/${first.body.id}`);
});

test('what cannot be kept is said of its field, with the remedy', async () => {
  const at = `customer_id=${customerId}`;
  const nobody = `cus_${'0'.repeat(22)}`;
  const name = (file: string) => `${at}&file_name=${file}`;
  const bad: [Parameters<typeof add>, Parameters<typeof assertRefused>[1]][] = [
    [['file_name=a.pdf'], [422, 'customer_id', /a customer_id or an invoice_id, one of them/]],
    [[`${name('a.pdf')}&invoice_id=${invoiceId}`], [422, 'customer_id', /one of them/]],
    [[at], [422, 'file_name', /file_name/]],
    [[`${name('a.pdf')}&customer_sees=maybe`], [422, 'customer_sees', /yes/]],
    [[name('a.exe')], [422, 'file_name', /Files may be PDF, PNG/]],
    [[name('a.png')], [422, 'file_name', /something else than its name says/]],
    [
      [name('a.txt'), Buffer.from([0, 1, 2])],
      [422, 'file_name', /not text/],
    ],
    [
      [name('a.pdf'), Buffer.alloc(0)],
      [422, 'file_name', /empty\. Choose another/],
    ],
    [
      [name('a.pdf'), { file: 'x' }, {}],
      [422, 'body', /the content type application\/octet-stream/],
    ],
    [[`customer_id=${nobody}&file_name=a.pdf`], [404, undefined, /No customer/]],
  ];
  for (const [asked, refused] of bad) assertRefused(await add(...asked), refused);
  const large = Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024 + 2000)]);
  assertRefused(await add(name('a.pdf'), large), [413, undefined, /larger/]);
  assert.deepEqual(await list(at), []);
  const gone = `/v1/files/fil_${'0'.repeat(22)}`;
  assertRefused(await staff.patch(gone, { customer_sees: true }), [404, undefined, /No file/]);
  assertRefused(await staff.remove(gone), [404, undefined, /No file/]);
});

test('who may only read customers reads their files, and changes none', async () => {
  const { id } = (await add(`customer_id=${customerId}&file_name=kept.pdf`)).body;
  const reader = await staff.keyWith('customers:read');
  assert.equal((await asking(reader).get(`/v1/files/${id}/content`)).status, 200);
  await assertNeeds(
    'customers:write',
    reader,
    ['POST', `/v1/files?customer_id=${customerId}&file_name=b.pdf`],
    ['PATCH', `/v1/files/${id}`, { customer_sees: true }],
    ['DELETE', `/v1/files/${id}`],
  );
  const biller = await staff.keyWith('invoices:read');
  await assertNeeds('customers:read', biller, ['GET', `/v1/files/${id}/content`]);
});
