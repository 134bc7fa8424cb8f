import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { workThrough } from '#features/imports/work-through.ts';
import { crashing, csvOf, given, type Own } from '../../../test/support/imports.ts';

/**
 * `count` invoices of `lines` rows each; scattered, the second row of each comes after the first row of
 * all.
 */
function invoices(count: number, lines = 1, scattered = false): string {
  const row = (n: number, line: number) => ({
    Customer: 'Harbor Dental',
    'External ID': `E-${n}`,
    Number: `N-${n}`,
    Date: '2026-03-12',
    'Due date': '2026-04-11',
    Item: `Item ${line}`,
    Amount: '10.00',
  });
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const each = Array.from({ length: lines }, (_, line) => line);
  return csvOf(
    scattered
      ? each.flatMap((line) => numbers.map((n) => row(n, line)))
      : numbers.flatMap((n) => each.map((line) => row(n, line))),
  );
}

const facts = sql<{
  invoices: number;
  lines: number;
  entries: number;
  events: number;
  changes: number;
}>`select
  (select count(*)::int from invoices) as invoices, (select count(*)::int from invoice_lines) as lines,
  (select count(*)::int from journal_entries) as entries,
  (select count(*)::int from import_changes) as changes,
  (select count(*)::int from events where type = 'invoice.issued') as events`;

async function withCustomer(): Promise<Own> {
  const own = await given.organization();
  await own.customers('Harbor Dental');
  return own;
}

describe('work in chunks', () => {
  for (const scattered of [false, true]) {
    it(`keeps invoices whole, ${scattered ? 'wherever their lines stand' : 'where a chunk ends'}`, async () => {
      const own = await withCustomer();
      const seen: number[] = [];
      const id = await own.upload('invoices', invoices(10, 3, scattered));
      const batch = await own.commit(id, { chunkSize: 4, onProgress: ({ rowsDone }) => seen.push(rowsDone) });
      assert.deepEqual([batch.createdCount, batch.rowsRejected, batch.rowsDone], [10, 0, 30]);
      assert.deepEqual(seen, [12, 24, 30, 30]);
      const sizes = await own.query(
        sql`select distinct count(*)::int as n from invoice_lines group by invoice_id`,
      );
      assert.deepEqual(sizes, [{ n: 3 }]);
      await own.isSound();
    });
  }

  it('goes on where it died: killed between two writes, nothing is there twice or missing', async () => {
    const own = await withCustomer();
    const id = await own.upload('invoices', invoices(20));
    const one = { organizationId: own.id, importId: id };
    await assert.rejects(
      own.commit(id, {
        chunkSize: 6,
        onProgress: ({ rowsDone }) => {
          if (rowsDone === 12) throw new Error('killed');
        },
      }),
      /killed/,
    );
    assert.equal((await own.read(id)).state, 'importing');
    await assert.rejects(workThrough(crashing(own.db, 1), one, { chunkSize: 6 }), /killed/);
    const stopped = await own.read(id);
    assert.deepEqual([stopped.rowsDone, stopped.createdCount], [12, 12]);
    assert.match(stopped.error ?? '', /to be tried again: killed/);
    const batch = await workThrough(own.db, one, { chunkSize: 6 });
    assert.deepEqual([batch.state, batch.createdCount, batch.error], ['imported', 20, null]);
    assert.deepEqual(await own.query(facts), [
      { invoices: 20, lines: 20, entries: 20, events: 20, changes: 20 },
    ]);
    await workThrough(own.db, one);
    assert.equal((await own.query(sql`select 1 from events where type = 'import.imported'`)).length, 1);
    await own.isSound();
  });

  it('of two who ask for the import at once one is refused, and two workers do the work once', async () => {
    const own = await withCustomer();
    const id = await own.upload('invoices', invoices(20));
    const asked = await Promise.allSettled([
      own.commit(id, { chunkSize: 3 }),
      own.commit(id, { chunkSize: 3 }),
    ]);
    assert.deepEqual(asked.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const again = await own.upload('invoices', invoices(30).replaceAll('E-', 'F-').replaceAll('N-', 'M-'));
    const one = { organizationId: own.id, importId: again };
    await own.start(again);
    await Promise.all([1, 2, 3].map(() => workThrough(own.db, one, { chunkSize: 4 })));
    assert.equal((await own.read(again)).createdCount, 30);
    assert.deepEqual(await own.query(facts), [
      { invoices: 50, lines: 50, entries: 50, events: 50, changes: 50 },
    ]);
  });

  it('two files with the same invoices at once: each invoice is there once', async () => {
    const own = await withCustomer();
    const ids = [await own.upload('invoices', invoices(40)), await own.upload('invoices', invoices(40))];
    const [one, two] = await Promise.all(ids.map((id) => own.commit(id, { chunkSize: 8 })));
    assert.equal((one?.createdCount ?? 0) + (two?.createdCount ?? 0), 40);
    assert.equal((one?.unchangedCount ?? 0) + (two?.unchangedCount ?? 0), 40);
    await own.isSound();
  });

  it('a dry run changes nothing but what it says of the file, and its second run says the same', async () => {
    const own = await withCustomer();
    const id = await own.upload(
      'invoices',
      `${invoices(5)}Nobody,E-9,N-9,2026-03-12,2026-04-11,Item,10.00\r\n`,
    );
    const first = await own.check(id, { chunkSize: 2 });
    const second = await own.check(id);
    assert.deepEqual(
      [first.state, first.createdCount, first.rowsRejected, first.rowsDone],
      ['checked', 5, 1, 6],
    );
    assert.deepEqual([second.createdCount, second.rowsRejected], [5, 1]);
    assert.deepEqual(await own.query(facts), [{ invoices: 0, lines: 0, entries: 0, events: 0, changes: 0 }]);
    assert.deepEqual(await own.query(sql`select 1 from items`), []);
    assert.equal((await own.reasons(id)).length, 1);
  });

  it('shows row by row what would happen, and later what happened', async () => {
    const own = await withCustomer();
    const text = `${invoices(3, 2)}Nobody,E-9,N-9,2026-03-12,2026-04-11,Item,10.00\r\n`;
    const id = await own.upload('invoices', text);
    const before = await own.rows(id, { limit: 3 });
    assert.equal(before.has_more, true);
    assert.deepEqual(
      before.data.map(({ line, action, summary }) => [line, action, summary]),
      [2, 3, 4].map((line) => [
        line,
        'create',
        `N-${Math.floor(line / 2)} for Harbor Dental, $20.00, due 2026-04-11`,
      ]),
    );
    await own.commit(id);
    const after = await own.rows(id);
    assert.deepEqual(
      after.data.map(({ action }) => action),
      [...Array(6).fill('create'), 'reject'],
    );
    assert.deepEqual(
      (await own.rows(id, { only: 'rejected' })).data.map(({ line, problems }) => [
        line,
        problems[0]?.reason,
      ]),
      [[8, 'No customer is called "Nobody". Bring in the customer first, or correct the name.']],
    );
    const again = await own.upload('invoices', text);
    assert.deepEqual(
      (await own.rows(again, { limit: 2 })).data.map(({ action }) => action),
      ['unchanged', 'unchanged'],
    );
  });
});

describe('rows that cannot come in', () => {
  it('names the candidates of an e-mail that several customers share', async () => {
    const own = await given.organization();
    await own.bringIn(
      'customers',
      csvOf([
        { 'External ID': '1', 'Display name': 'Harbor Dental', Email: 'pay@harbor.example' },
        { 'External ID': '2', 'Display name': 'Harbor Labs', Email: 'Pay@Harbor.example' },
        { 'External ID': '3', 'Display name': 'Quay', Email: 'quay@law.example' },
      ]),
    );
    const invoice = { Number: 'N-1', Date: '2026-03-12', 'Due date': '2026-04-11', Total: '10.00' };
    const batch = await own.bringIn(
      'invoices',
      csvOf([
        { 'Customer email': 'pay@harbor.example', ...invoice },
        { 'Customer email': 'QUAY@law.example', ...invoice, Number: 'N-2' },
      ]),
    );
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [1, 1]);
    assert.deepEqual(await own.reasons(batch.id), [
      '2: 2 customers have this e-mail: Harbor Dental (1), Harbor Labs (2). ' +
        'Name the customer by ID or by display name.',
    ]);
  });

  it('says of an external id under two numbers where the first one stands', async () => {
    const own = await withCustomer();
    const batch = await own.bringIn('invoices', invoices(3).replace('E-3', 'E-1'));
    assert.deepEqual([batch.createdCount, batch.rowsRejected], [2, 1]);
    assert.deepEqual(await own.reasons(batch.id), [
      '4: Line 2 of the file has the same external ID under another number. Leave one of them.',
    ]);
  });

  it('holds a number back that stands on more rows than an invoice may have', async () => {
    const own = await withCustomer();
    const batch = await own.bringIn(
      'invoices',
      invoices(1, 2001) + invoices(2).split('\r\n').slice(2).join('\r\n'),
    );
    assert.deepEqual([batch.createdCount, batch.rowsRejected, batch.rowsDone], [1, 2001, 2002]);
    assert.match((await own.reasons(batch.id))[0] ?? '', /More than 2000 rows have this number/);
  });

  it('takes the customer’s terms where the file gives no due date, and no foreign currency', async () => {
    const own = await given.organization();
    await own.bringIn(
      'customers',
      csvOf([
        { 'Display name': 'Harbor Dental', 'Terms days': '45' },
        { 'Display name': 'Quay', 'Terms days': '' },
      ]),
    );
    const batch = await own.bringIn(
      'invoices',
      csvOf([
        { Customer: 'Harbor Dental', Number: 'N-1', Date: '2026-03-01', Currency: 'USD', Total: '10.00' },
        { Customer: 'Quay', Number: 'N-2', Date: '2026-03-01', Currency: '', Total: '10.00' },
        { Customer: 'Quay', Number: 'N-3', Date: '2026-03-01', Currency: 'EUR', Total: '10.00' },
      ]),
    );
    assert.deepEqual(await own.query(sql`select due_date from invoices order by number`), [
      { dueDate: '2026-04-15' },
      { dueDate: '2026-03-31' },
    ]);
    assert.match(
      (await own.reasons(batch.id))[0] ?? '',
      /^4: The invoice is in EUR, but this organization bills in USD/,
    );
  });
});
