import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { addDays } from '#lib/dates.ts';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { testServer } from '../../../test/support/server.ts';

let books: Books;
let key = '';
let staff: ReturnType<typeof asking>;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
  staff = asking(key);
  const ana = await given.customer(books, { displayName: 'Ana' });
  const dates = { invoiceDate: '2026-01-05', dueDate: '2026-01-31' };
  await given.invoice(books, ana, 50_00n, dates);
  await given.invoice(books, ana, 7_50n, dates);
});

const asOf = 'as_of=2026-03-02';
const keysOf = async (token: string): Promise<string[]> =>
  (await asking(token).get('/v1/reports')).body.data.map(({ key: name }: { key: string }) => name);

test('a report is read as a page and as each kind of file, with the same sums', async () => {
  const page = (await staff.get(`/v1/reports/aging?${asOf}`)).body;
  assert.deepEqual(
    [page.title, page.asked, page.count, page.rows[0].cells],
    [
      'Aging',
      'As of Mar 2, 2026 · A row for each: Customer · Age by: Due date',
      1,
      ['Ana', 2, null, 57_50, null, null, null, 57_50],
    ],
  );
  assert.deepEqual(page.totals, [{ currency: 'USD', cells: [null, 2, 0, 57_50, 0, 0, 0, 57_50] }]);
  const csv = await staff.get(`/v1/reports/aging/csv?${asOf}`);
  assert.match(csv.body, /\r\nAna,2,,57\.50,,,,57\.50,USD\r\n/);
  assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(String(csv.headers['content-disposition']), /^attachment; filename="aging-[\d-]{10}\.csv";/);
  const { app } = await testServer();
  const raw = (format: string) =>
    app.fastify.inject({
      method: 'GET',
      url: `/v1/reports/aging/${format}?${asOf}`,
      headers: { authorization: `Bearer ${key}` },
    });
  const { sheets } = await readXlsx((await raw('xlsx')).rawPayload);
  assert.deepEqual(sheets[0]?.rows[1]?.slice(0, 4), ['Ana', 2, null, 57.5]);
  const pdf = await raw('pdf');
  assert.deepEqual(
    [pdf.statusCode, pdf.headers['content-type'], pdf.rawPayload.subarray(0, 5).toString()],
    [200, 'application/pdf', '%PDF-'],
  );
});

test('an unknown report, and a filter that is none of it, are refused by their names', async () => {
  for (const path of ['rain', 'rain/csv', 'rain/xlsx', 'rain/pdf'])
    assertRefused(await staff.get(`/v1/reports/${path}`), [404, undefined, /No report .*rain/]);
  const bad: [string, Parameters<typeof assertRefused>[1]][] = [
    ['aging?as_of=2026-02-30', [422, 'as_of', /a date such as 2026-03-31/]],
    ['aging?by=moon', [422, 'by', /one of customer, invoice/]],
    ['aging/csv?colour=red', [422, 'colour', /no filter of this report; it has as_of, by/]],
    ['sales?period=custom&from=2026-03-02', [422, 'to', /is needed for a period of your own/]],
    ['sales?period=custom&from=2026-03-02&to=2026-03-01', [422, 'to', /not be before the first day/]],
    ['email-reminders?within_days=91', [422, 'within_days', /whole number from 1 to 90/]],
    ['aging?customer_id=ana', [422, 'customer_id', /the id of a customer/]],
  ];
  for (const [path, refused] of bad) assertRefused(await staff.get(`/v1/reports/${path}`), refused);
});

test('each report is listed for, and read by, who may see what it tells', async () => {
  assert.equal((await keysOf(key)).length, 10);
  const billing = await staff.keyWith('invoices:read');
  assert.deepEqual(await keysOf(billing), ['aging', 'cash-forecast', 'sales', 'tax']);
  const payments = await staff.keyWith('payments:read');
  assert.deepEqual(await keysOf(payments), ['unapplied-cash', 'payments']);
  await assertNeeds(
    'payments:read',
    billing,
    ...['payments', 'payments/csv', 'payments/xlsx', 'payments/pdf', 'unapplied-cash'].map(
      (path): ['GET', string] => ['GET', `/v1/reports/${path}`],
    ),
  );
  await assertNeeds('events:read', payments, ['GET', '/v1/reports/activity']);
  assert.deepEqual(await keysOf(await staff.keyWith('settings:read')), []);
});

const monthly = {
  report: 'aging',
  filter: { by: 'invoice' },
  format: 'pdf',
  every: 'month',
  on_day: 31,
  recipients: ['books@example.com'],
};

test('a report by mail is started, listed with its days, and stopped', async () => {
  const made = await staff.post('/v1/report-mails', monthly);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { data } = (await staff.get('/v1/report-mails')).body;
  const { id, next_days: days, ...rest } = data[0];
  assert.equal(id, made.body.id);
  assert.deepEqual(rest, { object: 'report_mail', title: 'Aging', last_sent_for: null, ...monthly });
  assert.equal(days.length, 5);
  for (const day of days) assert.match(addDays(day, 1), /-01$/, `${day} is the last of its month`);
  const stopped = await staff.remove(`/v1/report-mails/${id}`);
  assert.deepEqual(stopped.body, { object: 'report_mail_stopped', id });
  assert.equal((await staff.remove(`/v1/report-mails/${id}`)).status, 200, 'stopped is stopped');
  assert.deepEqual((await staff.get('/v1/report-mails')).body.data, []);
});

test('what is wrong with a report by mail is said of its field', async () => {
  const bad: [object, Parameters<typeof assertRefused>[1]][] = [
    [{ every: 'week', on_day: 8 }, [422, 'on_day', /1 \(Monday\) to 7 \(Sunday\)/]],
    [{ on_day: 32 }, [422, 'on_day', /31/]],
    [{ every: 'hour' }, [422, 'every', /month/]],
    [{ format: 'docx' }, [422, 'format', /xlsx/]],
    [{ recipients: [] }, [422, 'recipients', /at least one address/]],
    [{ recipients: ['books'] }, [422, 'recipients.0', /mail/]],
    [{ filter: { colour: 'red' } }, [422, 'colour', /no filter of this report/]],
    [{ report: 'rain' }, [404, undefined, /No report/]],
  ];
  for (const [change, refused] of bad)
    assertRefused(await staff.post('/v1/report-mails', { ...monthly, ...change }), refused);
  assertRefused(await staff.remove(`/v1/report-mails/rpm_${'0'.repeat(22)}`), [
    404,
    undefined,
    /No report by/,
  ]);
});

test('who may not read a report does not have it sent either', async () => {
  const settings = await staff.keyWith('settings:read', 'settings:write');
  assertRefused(await asking(settings).post('/v1/report-mails', monthly), [
    403,
    undefined,
    /may not read a report may not have it sent/,
  ]);
  const reader = await staff.keyWith('settings:read', 'invoices:read');
  await assertNeeds('settings:write', reader, ['POST', '/v1/report-mails', monthly]);
  await assertNeeds('settings:read', await staff.keyWith('invoices:read'), ['GET', '/v1/report-mails']);
});
