import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { extractText } from 'unpdf';
import { postEntries } from '#features/ledger/post-entries.ts';
import { credit, debit } from '#features/ledger/rules.ts';
import { reportOf } from '#features/reports/catalogue.ts';
import { readFilter } from '#features/reports/filter-fields.ts';
import { readDesk } from '#features/reports/read-report.ts';
import { type Format, reportFile } from '#features/reports/report-files.ts';
import { makeReportPage } from '#features/reports/report-page.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given } from '../../../test/support/given.ts';

const report = reportOf('aging');
const page = (books: Books, asked: Record<string, string>) =>
  books.tx(async (tx) => {
    const desk = await readDesk(tx, books.organizationId, { now: books.now });
    return makeReportPage(tx, { report, desk, filter: readFilter(report.fields, asked) });
  });
async function file(books: Books, format: Format, asked: Record<string, string>) {
  const desk = await books.tx((tx) => readDesk(tx, books.organizationId, { now: books.now }));
  const filter = readFilter(report.fields, asked);
  return buffer(reportFile(books.db, books.actor, { report, desk, filter }, format));
}
const receivable = (books: Books, day: string) =>
  books.tx((tx) =>
    tx.row<{
      sum: bigint;
    }>(sql`select coalesce(sum(l.debit - l.credit), 0)::bigint as sum from journal_lines l
      join journal_entries e on e.organization_id = l.organization_id and e.id = l.entry_id
      where l.organization_id = ${books.organizationId} and l.account = 'accounts_receivable'
        and e.entry_date <= ${day}`),
  );

/** Two customers; one pays in part on 2 March, after which it owes less. */
async function trade() {
  const books = await given.organization();
  const ana = await given.customer(books, { displayName: '=HYPERLINK("x") Ana' });
  const ben = await given.customer(books, { displayName: 'Ben' });
  const dates = (invoiceDate: string, dueDate: string) => ({ invoiceDate, dueDate });
  const old = await given.invoice(books, ana, 100_00n, dates('2025-11-01', '2025-11-20')); // 91+ on 2 March: 102
  await given.invoice(books, ana, 50_00n, dates('2026-01-05', '2026-01-31')); // exactly 30 days
  await given.invoice(books, ana, 7_00n, dates('2026-01-05', '2026-01-30')); // 31 days
  await given.invoice(books, ben, 20_00n, dates('2025-12-01', '2025-12-02')); // exactly 90 days
  await given.invoice(books, ben, 3_00n, dates('2026-02-20', '2026-03-02')); // due that day: current
  await given.payment(books, {
    customerId: ana,
    amount: 40_00n,
    receivedOn: '2026-03-02',
    applications: [{ invoiceId: old, amount: 40_00n }],
  });
  return { books, ana, ben };
}

describe('aging', () => {
  test('puts each invoice where its days belong, edges included', async () => {
    const { books } = await trade();
    const { rows, totals, count } = await page(books, {});
    assert.deepEqual(
      rows.map(({ cells }) => cells),
      [
        ['=HYPERLINK("x") Ana', 3, null, 50_00, 7_00, null, 60_00, 117_00],
        ['Ben', 2, 3_00, null, null, 20_00, null, 23_00],
      ],
    );
    assert.deepEqual(totals, [{ currency: 'USD', cells: [null, 5, 300, 5000, 700, 2000, 6000, 14000] }]);
    assert.equal(count, 2);
  });

  test('of a past day does not know of what was paid later, and sums to the receivable account', async () => {
    const { books, ana } = await trade();
    const before = await page(books, { as_of: '2026-03-01', by: 'invoice', customer_id: ana });
    assert.deepEqual(
      before.rows.map(({ cells }) => [cells[4], cells[5]]),
      [
        [101, 100_00],
        [30, 7_00],
        [29, 50_00],
      ],
    );
    for (const day of ['2025-10-31', '2025-11-01', '2025-12-31', '2026-03-01', '2026-03-02', '2026-04-30'])
      for (const by of ['customer', 'invoice']) {
        const { totals } = await page(books, { as_of: day, by });
        assert.equal(
          BigInt(totals[0]?.cells.at(-1) ?? 0),
          (await receivable(books, day))?.sum,
          `${day} ${by}`,
        );
      }
  });

  test('adds up each currency by itself', async () => {
    const { books, ben } = await trade();
    const invoiceId = await given.invoice(books, ben, 1n, {
      invoiceDate: '2026-03-01',
      dueDate: '2026-04-01',
    });
    const lines = [
      ...debit('accounts_receivable', 500n, { customerId: ben, invoiceId }),
      ...credit('sales', 500n, { customerId: ben, invoiceId }),
    ];
    const about = {
      kind: 'invoice_issued',
      sourceId: invoiceId,
      revision: 9,
      entryDate: '2026-03-01',
    } as const;
    await books.tx((tx) =>
      postEntries(tx, books.organizationId, [{ ...about, currency: 'JPY', lines }], books.now),
    );
    const { totals } = await page(books, {});
    assert.deepEqual(
      totals.map(({ currency, cells }) => [currency, cells.at(-1)]),
      [
        ['JPY', 500],
        ['USD', 14001],
      ],
    );
  });

  test('refuses a filter by its name, all at once', () => {
    assert.throws(
      () => readFilter(report.fields, { as_of: '2026-02-30', by: 'moon', colour: 'red' }),
      (refusal: Refusal) => {
        assert.deepEqual(Object.keys(refusal.details.fields ?? {}).sort(), ['as_of', 'by', 'colour']);
        return refusal.code === 'invalid_request';
      },
    );
  });

  test('as CSV guards what a spreadsheet would run', async () => {
    const { books } = await trade();
    const lines = (await file(books, 'csv', {})).toString().split('\r\n');
    assert.equal(lines[0], '\ufeffCustomer,Invoices,Current,1–30,31–60,61–90,91+,Total,Currency');
    assert.equal(lines[1], `"'=HYPERLINK(""x"") Ana",3,,50.00,7.00,,60.00,117.00,USD`);
  });

  test('as a spreadsheet has numbers, dates and no formula', async () => {
    const { books } = await trade();
    const { sheets } = await readXlsx(await file(books, 'xlsx', { by: 'invoice' }));
    const rows = sheets[0]?.rows ?? [];
    assert.deepEqual(rows[0], ['Invoice', 'Customer', 'Date', 'Due', 'Days', 'Owed', 'Currency']);
    const [, customer, , due, days, owed] = rows[1] ?? [];
    assert.equal(customer, '=HYPERLINK("x") Ana');
    assert.deepEqual(
      [due instanceof Date && due.toISOString().slice(0, 10), days, owed],
      ['2025-11-20', 102, 60],
    );
    assert.equal(
      [...(sheets[0]?.cells?.values() ?? [])].filter((cell) => cell.formula !== undefined).length,
      0,
    );
  });

  test('on paper says what was asked and what it adds up to', async () => {
    const { books } = await trade();
    const { text } = await extractText(new Uint8Array(await file(books, 'pdf', {})), { mergePages: true });
    for (const words of ['Aging', 'As of Mar 2, 2026', 'Ben', '$117.00', 'Total', '$140.00'])
      assert.ok(text.includes(words), `${words} in ${text}`);
  });
});
