import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { csvOf, given } from '../../../test/support/imports.ts';

const balances = sql<{ number: string; balance: string }>`select number, balance_due::text as balance
  from invoices order by number`;

const twoInvoices = csvOf([
  {
    Customer: 'Harbor Dental',
    'Invoice ID': 'E-1',
    Number: 'N-1',
    Date: '2026-03-12',
    'Due date': '2026-04-11',
    Amount: '100.00',
  },
  {
    Customer: 'Quay Law',
    'Invoice ID': 'E-2',
    Number: 'N-2',
    Date: '2026-03-13',
    'Due date': '2026-04-12',
    Amount: '250.00',
  },
]);

describe('the same file again', () => {
  it('changes nothing, with external ids or by number alone', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    for (const edit of [
      {},
      { mapping: { 0: 'customerName', 2: 'number', 3: 'invoiceDate', 4: 'dueDate', 5: 'lineAmount' } },
    ]) {
      await own.bringIn('invoices', twoInvoices, edit);
      const before = await own.query(sql`select count(*)::int as n from events where type like 'invoice.%'`);
      const again = await own.bringIn('invoices', twoInvoices, edit);
      assert.deepEqual([again.createdCount, again.updatedCount, again.unchangedCount], [0, 0, 2]);
      assert.deepEqual(
        await own.query(sql`select count(*)::int as n from events where type like 'invoice.%'`),
        before,
      );
    }
    await own.isSound();
  });

  it('revises what changed: reversed, posted anew, lines replaced, revision counted', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    await own.bringIn('invoices', twoInvoices);
    const again = await own.bringIn(
      'invoices',
      twoInvoices.replace('N-1', 'N-9').replace('100.00', '120.50'),
    );
    assert.deepEqual([again.updatedCount, again.unchangedCount, again.rowsRejected], [1, 1, 0]);
    assert.deepEqual(await own.query(balances), [
      { number: 'N-2', balance: '25000' },
      { number: 'N-9', balance: '12050' },
    ]);
    const entries =
      await own.query(sql`select kind, e.revision from journal_entries e join invoices i on i.id = e.source_id
      where i.number = 'N-9' order by e.revision, kind desc`);
    assert.deepEqual(entries, [
      { kind: 'invoice_voided', revision: 0 },
      { kind: 'invoice_issued', revision: 0 },
      { kind: 'invoice_issued', revision: 1 },
    ]);
    await own.isSound();
  });

  it('refuses rows of invoices that are void or paid above the new total, and numbers of others', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental', 'Quay Law');
    await own.bringIn('invoices', twoInvoices);
    await own.pay('N-1', 9000n);
    await own.void('N-2');
    const again = await own.bringIn(
      'invoices',
      twoInvoices.replace('100.00', '80.00').replace('250.00', '251.00'),
    );
    assert.deepEqual([again.updatedCount, again.rowsRejected], [0, 2]);
    const reasons = await own.reasons(again.id);
    assert.match(
      reasons[0] ?? '',
      /^2: Invoice N-1 has \$90\.00 paid or under way, above the new total of \$80\.00/,
    );
    assert.match(reasons[1] ?? '', /^3: Invoice N-2 is void/);
    const taken = await own.bringIn('invoices', twoInvoices.replace('E-1', 'E-7'));
    assert.match(
      (await own.reasons(taken.id))[0] ?? '',
      /"N-1" is taken by an invoice with the external ID "E-1"/,
    );
    await own.isSound();
  });

  it('records what was paid before, once', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental');
    const file = (paid: string) =>
      csvOf([
        {
          Customer: 'Harbor Dental',
          Number: 'P-1',
          Date: '2026-03-12',
          'Due date': '2026-04-11',
          Total: '100.00',
          'Amount paid': paid,
        },
      ]);
    await own.bringIn('invoices', file('40.00'));
    const again = await own.bringIn('invoices', file('40.00'));
    assert.equal(again.unchangedCount, 1);
    const more = await own.bringIn('invoices', file('100.00'));
    assert.equal(more.updatedCount, 1);
    const payments = await own.query(
      sql`select amount::text, kind, source, send_receipt from payments order by amount`,
    );
    const made = { kind: 'other', source: 'import', sendReceipt: false };
    assert.deepEqual(payments, [
      { amount: '4000', ...made },
      { amount: '6000', ...made },
    ]);
    assert.deepEqual(await own.query(balances), [{ number: 'P-1', balance: '0' }]);
    await own.isSound();
  });

  it('updates customers, and leaves what the file leaves blank', async () => {
    const own = await given.organization();
    await own.bringIn(
      'customers',
      csvOf([
        { 'External ID': '1', 'Display name': 'Ann', Email: 'ann@example.com', Phone: '1' },
        { 'External ID': '2', 'Display name': 'Bo', Email: 'bo@example.com', Phone: '2' },
      ]),
    );
    await own.customers('Cy');
    const batch = await own.bringIn(
      'customers',
      csvOf([
        { 'External ID': '1', 'Display name': 'Anna', Email: '', Phone: '1' },
        { 'External ID': '2', 'Display name': 'Bo', Email: 'bo@example.com', Phone: '' },
        { 'External ID': '3', 'Display name': 'CY', Email: '', Phone: '' },
        { 'External ID': '4', 'Display name': 'bo', Email: '', Phone: '' },
      ]),
    );
    assert.deepEqual(
      [batch.updatedCount, batch.unchangedCount, batch.createdCount, batch.rowsRejected],
      [2, 1, 0, 1],
    );
    assert.deepEqual(await own.reasons(batch.id), [
      '5: Line 3 of the file has the same name. Leave one of them.',
    ]);
    const rows = await own.query(
      sql`select external_id, display_name, email from customers order by external_id`,
    );
    assert.deepEqual(rows, [
      { externalId: '1', displayName: 'Anna', email: 'ann@example.com' },
      { externalId: '2', displayName: 'Bo', email: 'bo@example.com' },
      { externalId: '3', displayName: 'CY', email: null },
    ]);
  });
});
