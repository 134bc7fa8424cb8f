import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { toDecimal } from '#lib/money.ts';
import type { InvoiceDraft } from './draft-rules.ts';
import type { Path } from './fixtures/bring-in.ts';
import { bringIn, fixture, planOf } from './fixtures/bring-in.ts';
import type { RowProblems } from './group-rules.ts';
import { interpretInvoiceRow } from './invoice-rules.ts';
import { readCsv } from './read-csv.ts';
import type { ImportPlan } from './row-rules.ts';

type Expected = {
  name: string;
  path?: Partial<Path>;
  file: [encoding: string, delimiter: string, headerLineNo: number];
  questions?: string[];
  /** Each invoice: `number customer date due: subtotal + tax = total`, what is paid, the number of lines. */
  drafts: string[];
  /** Each rejected row as its line, and what its problems must say. */
  rejected: [lineNo: number, ...reasons: RegExp[]][];
};

const invoiceFiles: Expected[] = [
  {
    name: 'quickbooks-online-invoices.csv',
    file: ['utf-8', ',', 1],
    drafts: [
      '1042 Reyes, Ana 2026-03-09 2026-04-08: 582.00 + 41.42 = 623.42 in 2',
      '1043 Harbor Dental 2026-03-25 2026-04-24: 2250.00 + 0.00 = 2250.00 in 2',
    ],
    rejected: [
      [6, /-90\.00, below zero.*credit memo/],
      [7, /amount is 100\.00, but 3 × 33\.33 comes to 99\.99/],
    ],
  },
  {
    name: 'xero-sales-invoices.csv',
    file: ['utf-8', ',', 1],
    questions: ['invoiceDate date'],
    path: { answers: { invoiceDate: 'DMY' } },
    drafts: [
      'INV-0007 Ridge Café 2026-03-05 2026-03-19: 264.00 + 52.80 = 316.80 in 2 GBP',
      'INV-0008 Moor Mill 2026-03-06 2026-03-20: 50.00 + 0.00 = 50.00 in 1 GBP',
    ],
    rejected: [
      [5, /tax is 9\.00, but the rates come to 10\.00/, /total is 60\.00, but the lines come to 50\.00/],
    ],
  },
  {
    name: 'german-semicolons.csv',
    file: ['utf-8', ';', 1],
    questions: ['invoiceDate date', 'unitPrice decimal'],
    path: { currency: 'EUR', answers: { invoiceDate: 'DMY', unitPrice: ',' } },
    drafts: [
      'R-2026-1 10001 2026-03-01 2026-03-31: 2500.00 + 175.00 = 2675.00 in 1 EUR',
      'R-2026-2 10002 2026-03-02 2026-04-01: 764.00 + 145.16 = 909.16 in 1 EUR',
    ],
    rejected: [[4, /95\.50.*writes decimals with a comma/]],
  },
  {
    name: 'ambiguous.csv',
    file: ['utf-8', ',', 1],
    questions: ['invoiceDate date', 'dueDate date', 'lineAmount decimal', 'taxRate tax_rate'],
    path: { answers: { invoiceDate: 'DMY', dueDate: 'DMY', lineAmount: '.', taxRate: 'fraction' } },
    drafts: [
      'A-1 Alpha 2026-04-03 2026-06-05: 1234.00 + 86.38 = 1320.38 in 1',
      'A-2 Beta 2026-02-01 2026-03-02: 2500.00 + 0.00 = 2500.00 in 1',
    ],
    rejected: [],
  },
  {
    name: 'ambiguous.csv',
    file: ['utf-8', ',', 1],
    questions: ['invoiceDate date', 'dueDate date', 'lineAmount decimal', 'taxRate tax_rate'],
    path: { answers: { invoiceDate: 'MDY', dueDate: 'MDY', lineAmount: ',', taxRate: 'percent' } },
    drafts: ['A-2 Beta 2026-01-02 2026-02-03: 2.50 + 0.00 = 2.50 in 1'],
    rejected: [[2, /"1,234" has more decimals than USD has/]],
  },
  {
    name: 'item-amounts-invoices.csv',
    file: ['utf-8', ',', 1],
    questions: ['lineAmount decimal'],
    path: { answers: { lineAmount: '.' } },
    drafts: ['500 1001 2026-03-01 2026-03-31: 200.00 + 14.44 = 214.44 in 2'],
    rejected: [
      [4, /layout needs it filled in/],
      [5, /error #REF!/],
      [6, /shortened this number to 1\.2E\+05/],
      [7, /taxable line has no tax rate/],
      [8, /"maybe" is neither yes nor no/],
      [9, /line 8 of the same invoice has a problem/],
      [10, /2026-03-17 is before the invoice date/, /more decimals than USD/],
      [11, /12 cells, but the header has 11.*quotation marks/],
      [12, /"2\/30\/2026" is not a day/],
    ],
  },
  {
    name: 'quickbooks-report-open-invoices.csv',
    file: ['utf-8', ',', 5],
    drafts: [
      '900 Quay Law 2026-02-14 2026-03-16: 1200.00 + 0.00 = 1200.00 paid 500.00 in 1',
      '901 Harbor Dental 2026-02-27 2026-03-29: 80.00 + 0.00 = 80.00 paid 0.00 in 1',
    ],
    rejected: [
      [8, /balance due is 95\.00, but the invoice's total is 80\.00/],
      [9, /no number/, /"TOTAL" is not a date/, /names no customer/],
    ],
  },
  {
    name: 'old-mac-debit-credit.csv',
    file: ['utf-8', '|', 1],
    drafts: ['77 Orchard Co 2026-03-12 2026-04-11: 1200.00 + 0.00 = 1200.00 in 2'],
    rejected: [[4, /debit of 10\.00 as well as a credit/]],
  },
  {
    name: 'excel-separator-line.csv',
    file: ['utf-8', ';', 2],
    drafts: [
      '1 A 2026-03-01 2026-03-31: 10.50 + 0.00 = 10.50 paid 0.00 in 1',
      '2 B 2026-03-02 2026-04-01: 20.25 + 0.00 = 20.25 paid 20.25 in 1',
    ],
    rejected: [],
  },
];

function describe(draft: InvoiceDraft, home: string): string {
  const { currency, customerRef: ref } = draft;
  const [subtotal, tax, total] = [draft.subtotal, draft.tax, draft.total].map((amount) =>
    toDecimal(amount, currency),
  );
  const paid = draft.amountPaid === undefined ? '' : ` paid ${toDecimal(draft.amountPaid, currency)}`;
  const sums = `${subtotal} + ${tax} = ${total}${paid} in ${draft.lines.length}`;
  const who = `${draft.number} ${ref.externalId ?? ref.displayName}`;
  const abroad = currency === home ? '' : ` ${currency}`;
  return `${who} ${draft.invoiceDate} ${draft.dueDate}: ${sums}${abroad}`;
}

function checkRejected(rejected: readonly RowProblems[], expected: Expected['rejected']): void {
  assert.deepEqual(
    rejected.map(({ lineNo }) => lineNo),
    expected.map(([lineNo]) => lineNo),
  );
  rejected.forEach(({ problems }, at) => {
    const [lineNo = 0, ...reasons] = expected[at] ?? [];
    assert.equal(problems.length, reasons.length, `line ${lineNo}: ${JSON.stringify(problems)}`);
    for (const [which, reason] of reasons.entries()) {
      assert.match(problems[which]?.reason ?? '', reason, `line ${lineNo}`);
    }
  });
}

for (const expected of invoiceFiles) {
  const answers = Object.values(expected.path?.answers ?? {}).join(' ');
  test(`invoices come in from ${expected.name}${answers && `, answered ${answers}`}`, async () => {
    const file = await fixture(expected.name);
    assert.deepEqual([file.encoding, file.delimiter, file.headerLineNo], expected.file);
    const path = { kind: 'invoices' as const, currency: 'USD', answers: {}, ...expected.path };
    const found = await bringIn(file, path);
    assert.deepEqual(found.questions, expected.questions ?? []);
    assert.deepEqual(
      found.drafts.map((draft) => describe(draft, 'USD')),
      expected.drafts,
    );
    checkRejected(found.rejected, expected.rejected);
  });
}

const customers = { kind: 'customers' as const, currency: 'USD', answers: {} };

test('customers come in from a spreadsheet saved as Unicode text', async () => {
  const found = await bringIn(await fixture('excel-unicode-customers.txt'), customers);
  assert.deepEqual([found.file.encoding, found.file.delimiter], ['utf-16le', '\t']);
  const names = found.customers.map(({ displayName, billingAddress }) => [
    displayName,
    billingAddress?.line1,
    billingAddress?.country,
  ]);
  assert.deepEqual(names, [
    ['Müller & Co', 'Hauptstraße 5', 'DE'],
    ['東京商事', '1-2-3 Marunouchi\nChiyoda', 'JP'],
  ]);
  checkRejected(found.rejected, [[5, /"not an address" is not an e-mail address/]]);
});

test('customers come in from a file of quoted newlines, blank rows and trailing commas', async () => {
  const found = await bringIn(await fixture('quoted-newlines-customers.csv'), customers);
  assert.equal(found.file.headerLineNo, 2);
  const [king, shop] = found.customers;
  assert.deepEqual(
    [king?.displayName, king?.businessName, king?.termsDays],
    ['Ada "The Count" King', 'King, Lovelace & Co', 45],
  );
  assert.deepEqual([king?.email, king?.ccEmails], ['ada@king.example', ['office@king.example']]);
  assert.deepEqual([king?.phone, king?.notes], ['+1 (617) 555-0101', 'Calls on\nMondays, never Fridays']);
  assert.deepEqual(king?.billingAddress, {
    line1: '12 Analytical Way\r\nSuite 4',
    city: 'Boston',
    region: 'MA',
    postal_code: '02134',
    country: 'US',
  });
  assert.deepEqual([shop?.phone, shop?.notes, shop?.termsDays], ['+1 978 555 0199', '=closed on Sundays', 0]);
  checkRejected(found.rejected, [
    [9, /"Narnia" is not a country/, /"whenever" are not a number of days/],
    [10, /has no name/],
  ]);
});

test('customers come in from Windows-1252', async () => {
  const found = await bringIn(await fixture('windows-1252-customers.csv'), customers);
  assert.equal(found.file.encoding, 'windows-1252');
  assert.deepEqual(
    found.customers.map(({ displayName, notes, active }) => [displayName, notes, active]),
    [
      ['Café Noël', 'Paye 30 € d’avance – toujours', true],
      ['Peña y Niños', undefined, false],
    ],
  );
});

test('a hundred thousand rows are read and interpreted in flat memory', async (t) => {
  const rowCount = 100_000;
  const source = function* (): Generator<Buffer> {
    yield Buffer.from(
      'Customer ID,Invoice No,Invoice Date,Due Date,Tax Rate,Item,Description,Rate,Qty,Amount,Taxable\r\n',
    );
    for (let at = 0; at < rowCount; at += 500) {
      let text = '';
      for (let row = at; row < at + 500; row += 1) {
        const day = (row % 28) + 1;
        text += `C-${row % 1000},INV-${row},03/${day}/2026,04/${day}/2026,8.25,Consulting,`;
        text += '"Work, on site",125.50,2,251.00,Y\r\n';
      }
      yield Buffer.from(text);
    }
  };
  global.gc?.();
  const [before, cpu] = [process.memoryUsage().rss, process.cpuUsage()];
  const file = await readCsv(Readable.from(source()));
  let plan: ImportPlan | undefined;
  let count = 0;
  let total = 0n;
  for await (const batch of file.batches) {
    plan ??= planOf(file, batch);
    for (const row of batch) {
      const outcome = interpretInvoiceRow(plan, row);
      total += outcome.ok ? (outcome.value.line?.amount ?? 0n) : 0n;
      count += 1;
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round(count / ((user + system) / 1e6));
  const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  t.diagnostic(
    `${rate} rows a second of CPU, ${grown} MiB more resident, peak ${process.resourceUsage().maxRSS >> 10} MiB`,
  );
  assert.deepEqual([count, total], [rowCount, BigInt(rowCount) * 25_100n]);
  assert.ok(grown < 200, `memory grew by ${grown} MiB`);
});
