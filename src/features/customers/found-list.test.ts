import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type CustomerFilter, listCustomers } from '#features/customers/queries.ts';
import { dateIn } from '#lib/dates.ts';
import { type Books, given } from '../../../test/support/given.ts';

const list = (books: Books, filter: Partial<CustomerFilter>) => {
  const page = {
    organizationId: books.organizationId,
    currency: books.currency,
    today: dateIn('UTC', books.now),
  };
  const all = { status: 'all', sort: 'display_name', limit: 100, ...filter } as const;
  return books.tx((tx) => listCustomers(tx, page, all));
};

/** Every name, a page at a time. */
async function namesOf(books: Books, filter: Partial<CustomerFilter>): Promise<string[]> {
  const names: string[] = [];
  for (let startingAfter: string | undefined; ; ) {
    const { data, has_more } = await list(books, { ...filter, startingAfter });
    names.push(...data.map(({ display_name }) => display_name));
    startingAfter = data.at(-1)?.id;
    if (!has_more) return names;
    assert.equal(data.length, filter.limit);
  }
}

test('names that begin with what is sought come first, and no page leaves one out or shows it twice', async () => {
  const books = await given.organization();
  for (const displayName of [
    'Zeder & Cedar',
    'cedar Works',
    'Acme Cedar',
    'Cedar Alley',
    'Birch',
    'Cedarholm',
  ])
    await given.customer(books, { displayName });
  const expected = ['Cedar Alley', 'cedar Works', 'Cedarholm', 'Acme Cedar', 'Zeder & Cedar'];
  for (const limit of [1, 2, 3, 4, 5, 6])
    assert.deepEqual(await namesOf(books, { q: ' CEDAR', limit }), expected, `pages of ${limit}`);
  assert.deepEqual(await namesOf(books, { q: 'cedar w', limit: 2 }), ['cedar Works']);
  assert.deepEqual(await namesOf(books, { q: 'cedar', limit: 2, status: 'inactive' }), []);
});

test('a page of names that begin so is a run of the index, whatever comes before them', async () => {
  const books = await given.organization();
  const plans: string[] = [];
  await books.tx(async (tx) => {
    await tx.run(sql`set local enable_seqscan = off`);
    await tx.run(sql`set local enable_bitmapscan = off`);
    const explaining = {
      ...tx,
      list: async <Row>(statement: Parameters<typeof tx.list<Row>>[0]): Promise<Row[]> => {
        plans.push(JSON.stringify(await tx.list(sql`explain ${statement}`)));
        return [];
      },
    } as typeof tx;
    const page = { organizationId: books.organizationId, currency: 'USD', today: '2026-01-01' };
    await listCustomers(explaining, page, { q: 'cedar', status: 'active', sort: 'display_name', limit: 25 });
  });
  assert.match(plans[0] ?? '', /customers_display_name.*Index Cond: .*name_key >= 'cedar'/, plans[0]);
});
