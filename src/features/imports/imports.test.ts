import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { csvOf, given } from '../../../test/support/imports.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

type Balance = { number: string; balance: string };
const balances = sql<Balance>`select number, balance_due::text as balance from invoices order by number`;

describe('files that people send', () => {
  it('brings in customers and invoices from our own templates', async () => {
    const own = await given.organization();
    const customers = await own.bringIn('customers', own.template('customers'));
    const batch = await own.bringIn('invoices', own.template('invoices'));
    assert.deepEqual(
      [customers.createdCount, batch.state, batch.createdCount, batch.rowsRejected],
      [1, 'imported', 1, 0],
    );
    assert.deepEqual(await own.query(balances), [{ number: 'INV-2001', balance: '62342' }]);
    await own.isSound();
  });

  it('takes the usual customer template, with first and last name and Active Y or N', async () => {
    const own = await given.organization();
    const batch = await own.bringIn(
      'customers',
      csvOf([
        {
          FirstName: 'Ana',
          LastName: 'Reyes',
          BusinessName: '',
          DisplayName: '',
          Email: 'ana@reyes.example',
          CcEmails: '',
          BillingAddress1: '1 Quay',
          BillingZip: '04101',
          BillingCountry: 'US',
          CustomerType: 'Clinic',
          Active: 'Y',
          Notes: '',
        },
        {
          FirstName: 'Bo',
          LastName: 'Lund',
          BusinessName: 'Lund AS',
          DisplayName: '',
          Email: '#REF!',
          CcEmails: '',
          BillingAddress1: '',
          BillingZip: '',
          BillingCountry: '',
          CustomerType: '',
          Active: 'N',
          Notes: '',
        },
        {
          FirstName: 'Cy',
          LastName: 'Lee',
          BusinessName: 'Lee, "Lee" & Co \\ Sons',
          DisplayName: '',
          Email: '',
          CcEmails: '',
          BillingAddress1: '',
          BillingZip: '',
          BillingCountry: '',
          CustomerType: '',
          Active: 'N',
          Notes: 'line\n\ttwo',
        },
      ]),
    );
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [2, 1]);
    assert.match((await own.reasons(batch.id))[0] ?? '', /^3: .*#REF!/);
    const rows = await own.query(
      sql`select display_name, deactivated_at is null as active, notes from customers order by display_name`,
    );
    assert.deepEqual(rows, [
      { displayName: 'Ana Reyes', active: true, notes: null },
      { displayName: 'Lee, "Lee" & Co \\ Sons', active: false, notes: 'line\n\ttwo' },
    ]);
  });

  it('takes the invoice template: a row a line, grouped by number, amounts as given, our own customer id', async () => {
    const own = await given.organization();
    const [ana = ''] = await own.customers('Ana Reyes');
    const line = { CustomerId: ana, InvoiceNo: '500', InvoiceDate: '3/14/2026', DueDate: '4/14/2026' };
    const batch = await own.bringIn(
      'invoices',
      csvOf([
        {
          ...line,
          TaxRate: '10',
          ItemName: 'Cleaning',
          ItemDescription: 'Weekly',
          ItemRate: '50',
          ItemQuantity: '4',
          ItemAmount: '175',
          Taxable: 'Y',
        },
        {
          ...line,
          TaxRate: '10',
          ItemName: 'Soap',
          ItemDescription: '',
          ItemRate: '12.5',
          ItemQuantity: '2',
          ItemAmount: '25',
          Taxable: 'N',
        },
      ]),
    );
    assert.deepEqual([batch.createdCount, batch.rowsRejected, batch.rowsDone], [1, 0, 2]);
    assert.deepEqual(await own.query(balances), [{ number: '500', balance: '21750' }]);
    const items = await own.query<{ name: string }>(sql`select name from items order by name`);
    assert.deepEqual(
      items.map(({ name }) => name),
      ['Cleaning', 'Soap'],
    );
    await own.isSound();
  });

  for (const [name, kind, names] of [
    ['quickbooks-online-invoices.csv', 'invoices', ['Reyes, Ana', 'Harbor Dental', 'Quay Law']],
    ['quickbooks-report-open-invoices.csv', 'invoices', ['Harbor Dental', 'Quay Law']],
    ['old-mac-debit-credit.csv', 'invoices', ['Orchard Co']],
    ['excel-separator-line.csv', 'invoices', ['A', 'B']],
    ['item-amounts-invoices.csv', 'invoices', []],
    ['excel-unicode-customers.txt', 'customers', []],
    ['quoted-newlines-customers.csv', 'customers', []],
    ['windows-1252-customers.csv', 'customers', []],
  ] as const) {
    it(`brings in ${name}: each row comes in or says why not, as the dry run foretold`, async () => {
      const own = await given.organization();
      await own.customers(...names);
      const id = await own.upload(kind, fixture(name));
      const { questions } = await own.read(id);
      await own.map(id, {
        formats: Object.fromEntries(questions.map(({ field, choices }) => [field, choices[0]?.value ?? ''])),
      });
      const checked = await own.check(id, { chunkSize: 2 });
      const foretold = await own.reasons(id);
      const seen = await own.rows(id);
      const batch = await own.commit(id, { chunkSize: 2 });
      assert.equal(batch.state, 'imported');
      assert.deepEqual(
        [batch.createdCount, batch.rowsRejected],
        [checked.createdCount, checked.rowsRejected],
      );
      assert.deepEqual(await own.reasons(id), foretold);
      assert.equal(seen.data.filter(({ action }) => action === 'reject').length, batch.rowsRejected);
      assert.equal(seen.data.length, batch.rowsTotal);
      await own.isSound();
    });
  }

  it('says of a file that cannot be read why, and keeps nothing of it', async () => {
    const own = await given.organization();
    for (const [bytes, reason] of [
      ['', /empty/],
      [Buffer.from('504b0304aabbcc', 'hex'), /Excel workbook/],
      ['Name\n', /no rows/],
      [`Name,Email\n${'Ann,a@b.example\n'.repeat(3000)}"Bo,b@c.example\n`, /line 3002 is not closed/],
    ] as const) {
      const batch = await own.read(await own.upload('customers', bytes));
      assert.deepEqual([batch.state, batch.rowsTotal], ['failed', 0]);
      assert.match(batch.error ?? '', reason);
    }
    assert.deepEqual(await own.query(sql`select 1 from import_rows`), []);
  });

  it('asks which way round dates are, and starts nothing before it is told', async () => {
    const own = await given.organization();
    await own.customers('Alpha', 'Beta');
    const id = await own.upload('invoices', fixture('ambiguous.csv'));
    const { questions } = await own.read(id);
    assert.deepEqual(questions.map(({ field }) => field).sort(), [
      'dueDate',
      'invoiceDate',
      'lineAmount',
      'taxRate',
    ]);
    await assert.rejects(own.commit(id), /Answer the question on the column/);
    await assert.rejects(own.check(id), /Answer the question on the column/);
    assert.deepEqual(
      (await own.rows(id)).data.map(({ action }) => action),
      ['unknown', 'unknown'],
    );
    await assert.rejects(own.map(id, { formats: { invoiceDate: 'YDM' } }), /Choose "MDY" or "DMY"/);
    await own.map(id, {
      formats: { invoiceDate: 'DMY', dueDate: 'DMY', lineAmount: '.', taxRate: 'fraction' },
    });
    const batch = await own.commit(id);
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [2, 0]);
    const dates = await own.query(sql`select invoice_date, total::text from invoices order by number`);
    assert.deepEqual(dates, [
      { invoiceDate: '2026-04-03', total: '132038' },
      { invoiceDate: '2026-02-01', total: '250000' },
    ]);
  });
});
