import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { workThrough } from '#features/imports/work-through.ts';
import { newId } from '#lib/ids.ts';
import { crashing, csvOf, given, now, type Own } from '../../../test/support/imports.ts';

const file = (amounts: readonly string[], paid = ''): string =>
  csvOf(
    amounts.map((amount, n) => ({
      Customer: 'Harbor Dental',
      'External ID': `E-${n}`,
      Number: `N-${n}`,
      Date: '2026-03-12',
      'Due date': '2026-04-11',
      Item: 'Cleaning',
      Total: amount,
      'Amount paid': paid,
    })),
  );

async function withCustomer(): Promise<Own> {
  const own = await given.organization();
  await own.customers('Harbor Dental');
  return own;
}

const open = sql<{
  number: string;
  total: string;
}>`select number, total::text from invoices where voided_at is null order by number`;

describe('an import of invoices, undone', () => {
  it('takes its invoices off the books and frees their numbers for a corrected file', async () => {
    const own = await withCustomer();
    const batch = await own.bringIn('invoices', file(['10.00', '20.00'], '5.00'));
    const undone = await own.undo(batch.id);
    assert.deepEqual([undone.state, undone.keptCount, undone.error, undone.rowsDone], ['undone', 0, null, 2]);
    assert.deepEqual(await own.query(open), []);
    const net = await own.query(
      sql`select account, sum(debit - credit)::int as net from journal_lines group by account order by 1`,
    );
    assert.deepEqual(
      net.map((row) => (row as { net: number }).net),
      [0, 0, 0],
    );
    assert.deepEqual(await own.query(sql`select state, applied::int from payments`), [
      { state: 'voided', applied: 0 },
      { state: 'voided', applied: 0 },
    ]);
    assert.deepEqual(await own.query(sql`select 1 from items`), []);
    await own.isSound();
    const again = await own.bringIn('invoices', file(['11.00', '21.00']));
    assert.deepEqual([again.createdCount, again.rowsRejected], [2, 0]);
    assert.deepEqual(await own.query(open), [
      { number: 'N-0', total: '1100' },
      { number: 'N-1', total: '2100' },
    ]);
    await own.isSound();
  });

  it('keeps what was paid, sent, revised or voided since, each with its reason', async () => {
    const own = await withCustomer();
    const batch = await own.bringIn('invoices', file(['10.00', '20.00', '30.00', '40.00', '50.00']));
    await own.pay('N-0', 1000n);
    await own.send('N-1');
    await own.bringIn(
      'invoices',
      file(['10.00', '20.00', '33.00', '40.00', '50.00']).replace(/.*N-0.*\r\n/, ''),
    );
    await own.void('N-3');
    const undone = await own.undo(batch.id, { chunkSize: 2 });
    assert.equal(undone.keptCount, 4);
    assert.match(undone.error ?? '', /^4 of 5 were kept/);
    assert.deepEqual(await own.reasons(batch.id), [
      '2: Kept: invoice N-0 was paid since. Refund or detach the payment first.',
      '3: Kept: invoice N-1 was sent since. Void it, if it must go.',
      '4: Kept: invoice N-2 was edited since.',
      '5: Kept: invoice N-3 was voided since.',
    ]);
    assert.deepEqual(
      (await own.query(open)).map(({ number }) => number),
      ['N-0', 'N-1', 'N-2'],
    );
    assert.deepEqual((await own.rows(batch.id, { only: 'rejected' })).data.length, 4);
    await own.isSound();
  });

  it('gives revised invoices back what they said', async () => {
    const own = await withCustomer();
    await own.bringIn('invoices', file(['10.00', '20.00']));
    await own.pay('N-1', 500n);
    const batch = await own.bringIn('invoices', file(['15.00', '25.00', '35.00'], '7.00'));
    assert.deepEqual([batch.updatedCount, batch.createdCount], [2, 1]);
    await own.undo(batch.id);
    assert.deepEqual(await own.query(open), [
      { number: 'N-0', total: '1000' },
      { number: 'N-1', total: '2000' },
    ]);
    assert.deepEqual(
      await own.query(sql`select applied::int from invoices where voided_at is null order by number`),
      [{ applied: 0 }, { applied: 500 }],
    );
    await own.isSound();
  });

  it('goes on where it died, and is asked for once', async () => {
    const own = await withCustomer();
    const batch = await own.bringIn('invoices', file(Array(9).fill('10.00')));
    await assert.rejects(
      own.undo(batch.id, {
        chunkSize: 2,
        onProgress: () => {
          throw new Error('killed');
        },
      }),
      /killed/,
    );
    const one = { organizationId: own.id, importId: batch.id };
    await assert.rejects(workThrough(crashing(own.db, 2), one, { chunkSize: 2 }), /killed/);
    await assert.rejects(own.undo(batch.id), /is undoing already/);
    assert.equal((await workThrough(own.db, one, { chunkSize: 2 })).state, 'undone');
    assert.deepEqual(await own.query(open), []);
    assert.equal((await own.query(sql`select 1 from journal_entries`)).length, 18);
    assert.equal((await own.query(sql`select 1 from events where type = 'import.undone'`)).length, 1);
    await own.isSound();
  });
});

describe('an import of customers, undone', () => {
  const people = csvOf(
    ['Ann', 'Bo', 'Cy', 'Di'].map((name) => ({ 'External ID': name, 'Display name': name, Phone: '1' })),
  );
  const names = sql<{
    name: string;
    active: boolean;
  }>`select regexp_replace(display_name, 'undone .*', 'undone)') as name,
    deactivated_at is null as active from customers order by 1`;

  it('deletes the unused, ends those with old papers, keeps those in use or edited', async () => {
    const own = await given.organization();
    const batch = await own.bringIn('customers', people);
    const invoice = (name: string) =>
      csvOf([{ Customer: name, Number: name, Date: '2026-03-12', 'Due date': '2026-04-11', Total: '10.00' }]);
    await own.bringIn('invoices', invoice('Bo'));
    await own.undo((await own.bringIn('invoices', invoice('Cy'))).id);
    const [di] = await own.query<{ id: string }>(sql`select id from customers where display_name = 'Di'`);
    await own.db.transaction(own.actor, (tx) =>
      updateCustomers(
        tx,
        own.actor,
        { organizationId: own.id, patches: [{ id: di?.id ?? '', phone: '2' }] },
        new Date(now.getTime() + 1000),
      ),
    );
    const undone = await own.undo(batch.id);
    assert.equal(undone.keptCount, 2);
    assert.deepEqual(await own.query(names), [
      { name: 'Bo', active: true },
      { name: 'Cy (undone)', active: false },
      { name: 'Di', active: true },
    ]);
    assert.deepEqual(await own.reasons(batch.id), [
      '3: Kept: customer Bo has invoices, payments or portal users since.',
      '5: Kept: customer Di was edited since.',
    ]);
    const again = await own.bringIn('customers', people);
    assert.deepEqual([again.createdCount, again.updatedCount, again.unchangedCount], [2, 1, 1]);
  });

  it('keeps whom a payment link still asks for money, and deletes the others beside them', async () => {
    const own = await given.organization();
    const batch = await own.bringIn('customers', people);
    await own.db.transaction(own.actor, (tx) =>
      tx.run(sql`
        insert into payment_links (organization_id, id, customer_id, description, is_fixed, currency, created_at,
          expires_at, withdrawn_at)
        select organization_id, 'plk' || substr(id, 4), id, 'Deposit', false, 'USD', now(), now(),
          case display_name when 'Bo' then now() end
        from customers where display_name in ('Ann', 'Bo')`),
    );
    await own.undo(batch.id);
    assert.deepEqual(await own.query(names), [
      { name: 'Ann', active: true },
      { name: 'Bo (undone)', active: false },
    ]);
  });

  it('gives changed customers back what they were', async () => {
    const own = await given.organization();
    await own.bringIn('customers', people);
    const before = await own.query(sql`select display_name, external_id, phone from customers order by 1`);
    const batch = await own.bringIn(
      'customers',
      people.replaceAll(',1\r\n', ',9\r\n').replace('Ann,Ann', 'Ann,Anna'),
    );
    assert.equal(batch.updatedCount, 4);
    await own.undo(batch.id);
    assert.deepEqual(
      await own.query(sql`select display_name, external_id, phone from customers order by 1`),
      before,
    );
  });
});

it('nobody sees or moves a batch of another organization', async () => {
  const [own, stranger] = [await given.organization(), await given.organization()];
  const batch = await own.bringIn('customers', csvOf([{ 'Display name': 'Ann' }]));
  await assert.rejects(stranger.read(batch.id), /No import/);
  await assert.rejects(stranger.undo(batch.id), /No import/);
  await assert.rejects(stranger.rows(batch.id), /No import/);
  await assert.rejects(stranger.read(newId('importBatch')), /No import/);
  assert.deepEqual(
    await stranger.query(sql`select 1 from import_rows union all select 1 from import_changes`),
    [],
  );
});
