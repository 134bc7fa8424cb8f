import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { createEstimate } from '#features/estimates/create-estimate.ts';
import { workThrough } from '#features/imports/work-through.ts';
import { changeItems } from '#features/items/write-items.ts';
import { addTaxRate } from '#features/taxes/tax-rates.ts';
import { crashing, csvOf, given, now, type Own } from '../../../test/support/imports.ts';

type Item = { name: string; price: string; taxable: boolean; rates: string[]; active: boolean };
const items = sql<Item>`select i.name, i.unit_price as price, i.taxable, i.deactivated_at is null as active,
  array(select t.name from unnest(i.tax_rate_ids) with ordinality o(id, at) join tax_rates t on t.id = o.id order by at)
    as rates from items i order by lower(i.name) collate "C"`;
const plain = { price: '0', taxable: false, rates: [], active: true };

async function withRates(...names: string[]): Promise<Own> {
  const own = await given.organization();
  for (const name of names) {
    const rate = { name, percent: '8.25', inclusive: false, compound: false };
    await own.db.transaction(own.actor, (tx) =>
      addTaxRate(tx, own.actor, { organizationId: own.id, rate }, now),
    );
  }
  return own;
}

async function change(own: Own, name: string, patch: object): Promise<void> {
  const [row] = await own.query<{ id: string }>(sql`select id from items where name = ${name}`);
  const patches = [{ id: row?.id ?? '', ...patch }];
  const later = new Date(now.getTime() + 1000);
  await own.db.transaction(own.actor, (tx) =>
    changeItems(tx, own.actor, { organizationId: own.id, patches }, later),
  );
}

const invoiceOver = (item: string, number = 'N-1'): string =>
  csvOf([
    {
      Customer: 'Harbor Dental',
      Number: number,
      Date: '2026-03-12',
      'Due date': '2026-04-11',
      Item: item,
      Amount: '10.00',
    },
  ]);

describe('an import of items', () => {
  it('brings our template in, and the same file again changes nothing', async () => {
    const own = await given.organization();
    const first = await own.bringIn('items', own.template('items'));
    assert.deepEqual([first.state, first.createdCount, first.rowsRejected], ['imported', 2, 0]);
    assert.deepEqual(await own.query(items), [
      { ...plain, name: 'Consulting', price: '125.5', taxable: true },
      { ...plain, name: 'Travel', price: '80' },
    ]);
    const again = await own.bringIn('items', own.template('items'));
    assert.deepEqual([again.createdCount, again.updatedCount, again.unchangedCount], [0, 0, 2]);
    const events = await own.query(
      sql`select count(*)::int as n from events where type in ('item.added', 'item.changed')`,
    );
    assert.deepEqual(events, [{ n: 2 }]);
  });

  it('takes the headings and the prices of other programs', async () => {
    const own = await given.organization();
    const id = await own.upload(
      'items',
      'Product/Service;Sales Description;Sales Price / Rate;Taxable;Status\nMähen;Mit Rand;"1.045,50";yes;Inactive\n',
    );
    const { mapping } = await own.read(id);
    assert.deepEqual(mapping, { 0: 'name', 1: 'description', 2: 'unitPrice', 3: 'taxable', 4: 'active' });
    await own.commit(id);
    assert.deepEqual(await own.query(items), [
      { ...plain, name: 'Mähen', price: '1045.5', taxable: true, active: false },
    ]);
  });

  it('knows an item by its name, changes only what the row says, and foretells each change', async () => {
    const own = await withRates('City', 'County');
    await own.bringIn('items', csvOf([{ Name: 'Mowing', Description: 'With edges', Price: '45.50' }]));
    const id = await own.upload(
      'items',
      csvOf([
        { Name: 'MOWING', Price: '48', 'Tax rates': 'county; City', Active: '' },
        { Name: 'Hedge', Price: '', 'Tax rates': '', Active: 'N' },
      ]),
    );
    const rows = (await own.rows(id)).data;
    assert.deepEqual(
      rows.map(({ action, summary }) => [action, summary]),
      [
        ['update', 'MOWING, 48 USD'],
        ['create', 'Hedge'],
      ],
    );
    assert.deepEqual(rows[0]?.changes, [
      { field: 'Name', before: 'Mowing', after: 'MOWING' },
      { field: 'Price of one', before: '45.5', after: '48' },
      { field: 'Taxable', before: 'no', after: 'yes' },
      { field: 'Tax rates', before: '', after: 'County; City' },
    ]);
    const batch = await own.commit(id);
    assert.deepEqual([batch.createdCount, batch.updatedCount], [1, 1]);
    assert.deepEqual(await own.query(items), [
      { ...plain, name: 'Hedge', active: false },
      { ...plain, name: 'MOWING', price: '48', taxable: true, rates: ['County', 'City'] },
    ]);
    assert.deepEqual(await own.query(sql`select description from items where name = 'MOWING'`), [
      { description: 'With edges' },
    ]);
  });

  it('a price with other zeros is no change; what is not taxable has no rates', async () => {
    const own = await withRates('City');
    await own.bringIn('items', csvOf([{ Name: 'Mowing', Price: '45.5', 'Tax rates': 'City' }]));
    await change(own, 'Mowing', { unitPrice: '45.500' });
    const same = await own.bringIn('items', csvOf([{ Name: 'Mowing', Price: '45.50', 'Tax rates': 'CITY' }]));
    assert.deepEqual([same.unchangedCount, same.updatedCount], [1, 0]);
    await own.bringIn('items', csvOf([{ Name: 'Mowing', Taxable: 'N' }]));
    assert.deepEqual(await own.query(items), [{ ...plain, name: 'Mowing', price: '45.500' }]);
  });

  it('says of each row that cannot come in what is wrong, and brings the others in', async () => {
    const own = await withRates('City');
    const row = { Name: 'A', Price: '1.00', Currency: 'USD', Taxable: 'Y', 'Tax rates': 'City' };
    const batch = await own.bringIn(
      'items',
      csvOf([
        row,
        { ...row, Name: '' },
        { ...row, Name: 'B', Price: 'many' },
        { ...row, Name: 'C', Currency: 'EUR' },
        { ...row, Name: 'D', 'Tax rates': 'City; Moon' },
        { ...row, Name: 'E', Taxable: 'N' },
        { ...row, Name: 'x'.repeat(201) },
        { ...row, Name: 'a', Price: '2.00' },
        { ...row, Name: 'F', Taxable: 'maybe' },
      ]),
    );
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [1, 8]);
    const reasons = await own.reasons(batch.id);
    for (const [at, reason] of [
      [0, /^3: The item has no name\. Fill it in/],
      [1, /^4: "many" is not a number/],
      [2, /^5: The price is in EUR, but this organization bills in USD/],
      [3, /^6: No tax rate in use is called "Moon"\. Add it/],
      [4, /^7: The row says that the item is not taxable/],
      [5, /^8: The text has 201 characters/],
      [6, /^9: Line 2 of the file has the same name/],
      [7, /^10: "maybe" is neither yes nor no/],
    ] as const) {
      assert.match(reasons[at] ?? '', reason);
    }
  });

  it('is stopped by a crash and goes on, each item once', async () => {
    const own = await given.organization();
    const id = await own.upload('items', csvOf([...'abcdefg'].map((Name) => ({ Name, Price: '1.00' }))));
    await own.start(id);
    const db = crashing(own.db, 3);
    const one = { organizationId: own.id, importId: id };
    await assert.rejects(workThrough(db, one, { chunkSize: 2 }), /killed/);
    const batch = await workThrough(own.db, one, { chunkSize: 2 });
    assert.deepEqual([batch.state, batch.createdCount, batch.rowsDone], ['imported', 7, 7]);
    assert.equal((await own.query(items)).length, 7);
  });
});

describe('an import of items, undone', () => {
  it('takes away what it made and writes back what it changed; the corrected file then comes in', async () => {
    const own = await withRates('City', 'County');
    const mowing = { Name: 'Mowing', Description: 'With edges', Price: '45.00', 'Tax rates': 'County' };
    await own.bringIn('items', csvOf([mowing]));
    const before = await own.query(sql`select name, description, unit_price, taxable, tax_rate_ids,
      deactivated_at is null as active from items`);
    const file = csvOf([
      { Name: 'mowing', Description: 'Without', Price: '48.00', 'Tax rates': 'City', Active: 'N' },
      { Name: 'Hedge', Description: '', Price: '60.00', 'Tax rates': '', Active: '' },
    ]);
    const batch = await own.bringIn('items', file);
    // What comes back may name a rate that is not in use by now.
    await own.query(sql`update tax_rates set deactivated_at = now() where name = 'County'`);
    const undone = await own.undo(batch.id, { chunkSize: 1 });
    assert.deepEqual([undone.state, undone.keptCount, undone.error], ['undone', 0, null]);
    assert.deepEqual(
      await own.query(sql`select name, description, unit_price, taxable, tax_rate_ids,
        deactivated_at is null as active from items`),
      before,
    );
    assert.deepEqual(
      await own.query(sql`select data ->> 'name' as name from events where type = 'item.removed'`),
      [{ name: 'Hedge' }],
    );
    const again = await own.bringIn('items', file);
    assert.deepEqual([again.createdCount, again.updatedCount, again.rowsRejected], [1, 1, 0]);
  });

  it('keeps what was edited since or is on an invoice, and says why; a void invoice holds nothing', async () => {
    const own = await given.organization();
    const [customerId = ''] = await own.customers('Harbor Dental');
    const batch = await own.bringIn(
      'items',
      csvOf(['Edited', 'Sold', 'Unsold', 'Void', 'Quoted'].map((Name) => ({ Name, Price: '1.00' }))),
    );
    await change(own, 'Edited', { unitPrice: '2' });
    await own.bringIn('invoices', invoiceOver('Sold'));
    await own.bringIn('invoices', invoiceOver('Void', 'N-2'));
    await own.void('N-2');
    const line = {
      itemName: 'Quoted',
      description: '',
      quantity: '1',
      unitPrice: '5',
      taxable: false,
      taxRate: '0',
    };
    const estimate = { customerId, lines: [line], depositAtOnce: false };
    await own.db.transaction(own.actor, (tx) =>
      createEstimate(tx, own.actor, { organizationId: own.id, estimate }, now),
    );
    const undone = await own.undo(batch.id);
    assert.deepEqual([undone.state, undone.keptCount], ['undone', 3]);
    assert.deepEqual(await own.reasons(batch.id), [
      '2: Kept: item Edited was edited since.',
      '3: Kept: item Sold is on invoices or estimates.',
      '6: Kept: item Quoted is on invoices or estimates.',
    ]);
    assert.deepEqual(
      (await own.query(items)).map(({ name, price }) => [name, price]),
      [
        ['Edited', '2'],
        ['Quoted', '1'],
        ['Sold', '1'],
      ],
    );
  });

  it('keeps a changed item whose old name another has taken', async () => {
    const own = await given.organization();
    await own.bringIn('items', csvOf([{ Name: 'straße', Price: '1.00' }]));
    const batch = await own.bringIn('items', csvOf([{ Name: 'STRAßE', Price: '2.00' }]));
    assert.equal(batch.updatedCount, 1);
    await own.query(sql`update items set name = 'Elsewhere'`);
    await own.bringIn('items', csvOf([{ Name: 'Straße', Price: '3.00' }]));
    const undone = await own.undo(batch.id);
    assert.equal(undone.keptCount, 1);
    assert.deepEqual(await own.reasons(batch.id), [
      '2: Kept: item Elsewhere cannot get its old name back: another item has it now.',
    ]);
  });

  it('an undone import of invoices leaves the items that somebody has edited', async () => {
    const own = await given.organization();
    await own.customers('Harbor Dental');
    const batch = await own.bringIn('invoices', invoiceOver('Cleaning'));
    await own.bringIn('items', csvOf([{ Name: 'Cleaning', Price: '99.00' }]));
    await own.undo(batch.id);
    assert.deepEqual(
      (await own.query(items)).map(({ name, price }) => [name, price]),
      [['Cleaning', '99']],
    );
  });
});

describe('the preview of what is here already', () => {
  it('says field by field what an update changes, of customers and of invoices too', async () => {
    const own = await given.organization();
    const person = { 'External ID': 'C-1', 'Display name': 'Harbor Dental', City: 'Portland', Active: 'Y' };
    await own.bringIn('customers', csvOf([person]));
    const people = await own.upload(
      'customers',
      csvOf([{ ...person, City: 'Bath', Active: 'N', Phone: '1' }]),
    );
    assert.deepEqual((await own.rows(people)).data[0]?.changes, [
      { field: 'Phone', before: '', after: '1' },
      { field: 'Billing address', before: 'Portland', after: 'Bath' },
      { field: 'Active', before: 'yes', after: 'no' },
    ]);
    await own.bringIn('invoices', invoiceOver('Cleaning'));
    const papers = await own.upload('invoices', invoiceOver('Cleaning').replace('10.00', '12.00'));
    assert.deepEqual((await own.rows(papers)).data[0]?.changes, [
      { field: 'Total', before: '$10.00', after: '$12.00' },
      { field: 'Lines', before: '1 line', after: '1 line, changed' },
    ]);
    await own.commit(papers);
    assert.deepEqual((await own.rows(papers)).data[0]?.changes, []);
  });
});
