import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { countEmailConflicts, listEmailConflicts } from '#features/reports/queries.ts';
import { newId } from '#lib/ids.ts';
import { type Books, given } from '../../../test/support/given.ts';

/** Old customers who owe nothing and have no address. */
const crowd = (books: Books, size: number) =>
  books.tx((tx) =>
    tx.run(sql`insert into customers (organization_id, id, display_name, created_at, updated_at)
      select ${books.organizationId}, c.id, 'Old ' || c.id, ${books.now}, ${books.now}
      from unnest(${Array.from({ length: size }, () => newId('customer'))}::text[]) as c(id)`),
  );

/** Two in conflict: one who owes, and a head office two levels above the branch that does. */
async function owing(books: Books) {
  const alder = await given.customer(books, { displayName: 'Alder' });
  const top = await given.customer(books, { displayName: 'Head office' });
  const below = { parentId: top, billWithParent: true };
  const area = await given.customer(books, { displayName: 'Area', ...below });
  const branch = await given.customer(books, { displayName: 'Branch', ...below, parentId: area });
  const reached = await given.customer(books, { displayName: 'Reached', email: 'r@example.com' });
  const child = await given.customer(books, { displayName: 'Child', ...below, parentId: reached });
  for (const id of [alder, branch, reached, child]) await given.invoice(books, id, 100n);
}

type Plan = { 'Node Type': string; 'Actual Loops': number; Plans?: Plan[] };
const recursions = (plan: Plan): number =>
  (plan['Node Type'] === 'Recursive Union' ? plan['Actual Loops'] : 0) +
  (plan.Plans ?? []).reduce((sum, each) => sum + recursions(each), 0);

/** The count, and how often a query went down a family for it. */
const counted = (books: Books) =>
  books.tx(async (tx) => {
    let loops = 0;
    const explained: Tx = {
      ...tx,
      list: async (query) => {
        const rows = await tx.rows<Record<string, [{ Plan: Plan }]>>(
          sql`explain (analyze, format json) ${query}`,
        );
        for (const each of rows) for (const [top] of Object.values(each)) loops += recursions(top.Plan);
        return tx.list(query);
      },
    };
    return { count: await countEmailConflicts(explained, books.organizationId, 100), loops };
  });

for (const [size, words] of [
  [50, 'where few have no address'],
  [1_100, 'where many have none and few owe'],
] as const)
  test(`the count of the dashboard goes down families alone, not every customer: ${words}`, async () => {
    const books = await given.organization();
    await owing(books);
    await crowd(books, size);
    const { count, loops } = await counted(books);
    assert.equal(count, 2);
    assert.ok(loops <= 1, `${loops} recursions`);
    const page = { organizationId: books.organizationId, view: 'open' as const, limit: 25 };
    const { data } = await books.tx((tx) => listEmailConflicts(tx, page));
    assert.deepEqual(
      data.map((row) => row.display_name),
      ['Alder', 'Head office'],
    );
  });
