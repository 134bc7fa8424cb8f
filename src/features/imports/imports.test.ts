import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { csvOf, given } from '../../../test/support/imports.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

type Balance = { number: string; balance: string };
const balances = sql<Balance>`select number, balance_due::text as balance from invoices order by number`;

const twoInvoices = csvOf([
  { Customer: 'Harbor Dental', 'Invoice ID': 'E-1', Number: 'N-1', Date: '2026-03-12', 'Due date': '2026-04-11', Amount: '100.00' },
  { Customer: 'Quay Law', 'Invoice ID': 'E-2', Number: 'N-2', Date: '2026-03-13', 'Due date': '2026-04-12', Amount: '250.00' },
]);

describe('files that people send', () => {
  it('brings in customers and invoices from our own templates', async () => {
    const own = await given.organization();
    const customers = await own.bringIn('customers', own.template('customers'));
    const batch = await own.bringIn('invoices', own.template('invoices'));
    assert.deepEqual([customers.createdCount, batch.state, batch.createdCount, batch.rowsRejected], [1, 'imported', 1, 0]);
    assert.deepEqual(await own.query(balances), [{ number: 'INV-2001', balance: '62342' }]);
    await own.isSound();
  });

  it('takes the usual customer template, with first and last name and Active Y or N', async () => {
    const own = await given.organization();
    const batch = await own.bringIn('customers', csvOf([
      { FirstName: 'Ana', LastName: 'Reyes', BusinessName: '', DisplayName: '', Email: 'ana@reyes.example', CcEmails: '',
        BillingAddress1: '1 Quay', BillingZip: '04101', BillingCountry: 'US', CustomerType: 'Clinic', Active: 'Y', Notes: '' },
      { FirstName: 'Bo', LastName: 'Lund', BusinessName: 'Lund AS', DisplayName: '', Email: '#REF!', CcEmails: '',
        BillingAddress1: '', BillingZip: '', BillingCountry: '', CustomerType: '', Active: 'N', Notes: '' },
      { FirstName: 'Cy', LastName: 'Lee', BusinessName: 'Lee, "Lee" & Co \\ Sons', DisplayName: '', Email: '', CcEmails: '',
        BillingAddress1: '', BillingZip: '', BillingCountry: '', CustomerType: '', Active: 'N', Notes: "line\n\ttwo" },
    ]));
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [2, 1]);
    assert.match((await own.reasons(batch.id))[0] ?? '', /^3: .*#REF!/);
    const rows = await own.query(sql`select display_name, deactivated_at is null as active, notes from customers order by display_name`);
    assert.deepEqual(rows, [
      { displayName: 'Ana Reyes', active: true, notes: null },
      { displayName: 'Lee, "Lee" & Co \\ Sons', active: false, notes: 'line\n\ttwo' },
    ]);
  });

  it('takes the invoice template with one row a line: grouped by number, amounts as given, by our own customer id', async () => {
    const own = await given.organization();
    const [ana = ''] = await own.customers('Ana Reyes');
    const line = { CustomerId: ana, InvoiceNo: '500', InvoiceDate: '3/14/2026', DueDate: '4/14/2026' };
    const batch = await own.bringIn('invoices', csvOf([
      { ...line, TaxRate: '10', ItemName: 'Cleaning', ItemDescription: 'Weekly', ItemRate: '50', ItemQuantity: '4', ItemAmount: '175', Taxable: 'Y' },
      { ...line, TaxRate: '10', ItemName: 'Soap', ItemDescription: '', ItemRate: '12.5', ItemQuantity: '2', ItemAmount: '25', Taxable: 'N' },
    ]));
    assert.deepEqual([batch.createdCount, batch.rowsRejected, batch.rowsDone], [1, 0, 2]);
    assert.deepEqual(await own.query(balances), [{ number: '500', balance: '21750' }]);
    const items = await own.query<{ name: string }>(sql`select name from items order by name`);
    assert.deepEqual(items.map(({ name }) => name), ['Cleaning', 'Soap']);
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
    it(`brings in ${name}: each row comes in or says why not, the dry run foretells it, and the books are sound`, async () => {
      const own = await given.organization();
      await own.customers(...names);
      const id = await own.upload(kind, fixture(name));
      const { questions } = await own.read(id);
      await own.map(id, { formats: Object.fromEntries(questions.map(({ field, choices }) => [field, choices[0]?.value ?? ''])) });
      const checked = await own.check(id, { chunkSize: 2 });
      const foretold = await own.reasons(id);
      const seen = await own.rows(id);
      const batch = await own.commit(id, { chunkSize: 2 });
      assert.equal(batch.state, 'imported');
      assert.deepEqual([batch.createdCount, batch.rowsRejected], [checked.createdCount, checked.rowsRejected]);
      assert.deepEqual(await own.reasons(id), foretold);
      assert.equal(seen.data.filter(({ action }) => action === 'reject').length, batch.rowsRejected);
      assert.equal(seen.data.length, batch.rowsTotal);
      await own.isSound();
    });
  }

  it('says of a file that cannot be read why, and keeps nothing of it', async () => {
    const own = await given.organization();
    for (const [bytes, reason] of [
      ['', /empty/], [Buffer.from('504b0304aabbcc', 'hex'), /Excel workbook/], ['Name\n', /no rows/],
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
    assert.deepEqual(questions.map(({ field }) => field).sort(), ['dueDate', 'invoiceDate', 'lineAmount', 'taxRate']);
    await assert.rejects(own.commit(id), /Answer the question on the column/);
    await assert.rejects(own.check(id), /Answer the question on the column/);
    assert.deepEqual((await own.rows(id)).data.map(({ action }) => action), ['unknown', 'unknown']);
    await assert.rejects(own.map(id, { formats: { invoiceDate: 'YDM' } }), /Choose "MDY" or "DMY"/);
    await own.map(id, { formats: { invoiceDate: 'DMY', dueDate: 'DMY', lineAmount: '.', taxRate: 'fraction' } });
    const batch = await own.commit(id);
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [2, 0]);
    const dates = await own.query(sql`select invoice_date, total::text from invoices order by number`);
    assert.deepEqual(dates, [{ invoiceDate: '2026-04-03', total: '132038' }, { invoiceDate: '2026-02-01', total: '250000' }]);
  });
});

describe('the same file again', () => {
  it('changes nothing, with external ids or by number alone', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    for (const edit of [{}, { mapping: { 0: 'customerName', 2: 'number', 3: 'invoiceDate', 4: 'dueDate', 5: 'lineAmount' } }]) {
      await own.bringIn('invoices', twoInvoices, edit);
      const before = await own.query(sql`select count(*)::int as n from events where type like 'invoice.%'`);
      const again = await own.bringIn('invoices', twoInvoices, edit);
      assert.deepEqual([again.createdCount, again.updatedCount, again.unchangedCount], [0, 0, 2]);
      assert.deepEqual(await own.query(sql`select count(*)::int as n from events where type like 'invoice.%'`), before);
    }
    await own.isSound();
  });

  it('revises what changed: reversed, posted anew, lines replaced, revision counted', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    await own.bringIn('invoices', twoInvoices);
    const again = await own.bringIn('invoices', twoInvoices.replace('N-1', 'N-9').replace('100.00', '120.50'));
    assert.deepEqual([again.updatedCount, again.unchangedCount, again.rowsRejected], [1, 1, 0]);
    assert.deepEqual(await own.query(balances), [{ number: 'N-2', balance: '25000' }, { number: 'N-9', balance: '12050' }]);
    const entries = await own.query(sql`select kind, e.revision from journal_entries e join invoices i on i.id = e.source_id
      where i.number = 'N-9' order by e.revision, kind desc`);
    assert.deepEqual(entries, [{ kind: 'invoice_voided', revision: 0 }, { kind: 'invoice_issued', revision: 0 },
      { kind: 'invoice_issued', revision: 1 }]);
    await own.isSound();
  });

  it('refuses rows whose invoice is paid above the new total, void, or whose number is another’s', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    await own.bringIn('invoices', twoInvoices);
    await own.pay('N-1', 9000n);
    await own.void('N-2');
    const again = await own.bringIn('invoices', twoInvoices.replace('100.00', '80.00').replace('250.00', '251.00'));
    assert.deepEqual([again.updatedCount, again.rowsRejected], [0, 2]);
    const reasons = await own.reasons(again.id);
    assert.match(reasons[0] ?? '', /^2: Invoice N-1 has \$90\.00 paid or under way, more than the new total of \$80\.00/);
    assert.match(reasons[1] ?? '', /^3: Invoice N-2 is void/);
    const taken = await own.bringIn('invoices', twoInvoices.replace('E-1', 'E-7'));
    assert.match((await own.reasons(taken.id))[0] ?? '', /"N-1" is taken by an invoice with the external ID "E-1"/);
    await own.isSound();
  });

  it('records what was paid before, once', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental');
    const file = (paid: string) => csvOf([{ Customer: 'Harbor Dental', Number: 'P-1', Date: '2026-03-12',
      'Due date': '2026-04-11', Total: '100.00', 'Amount paid': paid }]);
    await own.bringIn('invoices', file('40.00'));
    const again = await own.bringIn('invoices', file('40.00'));
    assert.equal(again.unchangedCount, 1);
    const more = await own.bringIn('invoices', file('100.00'));
    assert.equal(more.updatedCount, 1);
    const payments = await own.query(sql`select amount::text, kind, source, send_receipt from payments order by amount`);
    const made = { kind: 'other', source: 'import', sendReceipt: false };
    assert.deepEqual(payments, [{ amount: '4000', ...made }, { amount: '6000', ...made }]);
    assert.deepEqual(await own.query(balances), [{ number: 'P-1', balance: '0' }]);
    await own.isSound();
  });

  it('updates customers, and leaves what the file leaves blank', async () => {
    const own = await given.organization();
    await own.bringIn('customers', csvOf([
      { 'External ID': '1', 'Display name': 'Ann', Email: 'ann@example.com', Phone: '1' },
      { 'External ID': '2', 'Display name': 'Bo', Email: 'bo@example.com', Phone: '2' }]));
    await own.customers('Cy');
    const batch = await own.bringIn('customers', csvOf([
      { 'External ID': '1', 'Display name': 'Anna', Email: '', Phone: '1' },
      { 'External ID': '2', 'Display name': 'Bo', Email: 'bo@example.com', Phone: '' },
      { 'External ID': '3', 'Display name': 'CY', Email: '', Phone: '' },
      { 'External ID': '4', 'Display name': 'bo', Email: '', Phone: '' }]));
    assert.deepEqual([batch.updatedCount, batch.unchangedCount, batch.createdCount, batch.rowsRejected], [2, 1, 0, 1]);
    assert.deepEqual(await own.reasons(batch.id), ['5: Line 3 of the file has the same name. Leave one of them.']);
    const rows = await own.query(sql`select external_id, display_name, email from customers order by external_id`);
    assert.deepEqual(rows, [
      { externalId: '1', displayName: 'Anna', email: 'ann@example.com' },
      { externalId: '2', displayName: 'Bo', email: 'bo@example.com' },
      { externalId: '3', displayName: 'CY', email: null }]);
  });
});
