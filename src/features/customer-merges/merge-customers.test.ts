import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { mergeCustomers } from '#features/customer-merges/merge-customers.ts';
import { hangers, papers, singles, stays } from '#features/customer-merges/moved-papers.ts';
import { undoMerge } from '#features/customer-merges/undo-merge.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { findStatement } from '#features/statements/queries.ts';
import { type Books, bankAccount, given, later, news } from '../../../test/support/given.ts';

const today = '2026-03-02';
const day = 86_400;

const merge = async (books: Books, loserId: string, winnerId: string) =>
  (
    await books.tx((tx) =>
      mergeCustomers(
        tx,
        books.actor,
        { organizationId: books.organizationId, loserId, winnerId, today },
        books.now,
      ),
    )
  ).mergeId;
const undo = (books: Books, mergeId: string, after = 0) =>
  books.tx((tx) =>
    undoMerge(tx, books.actor, { organizationId: books.organizationId, mergeId, today }, later(after)),
  );
const clean = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const owner = async (books: Books, table: string, id: string) =>
  (
    await books.tx((tx) =>
      tx.row<{ customerId: string }>(sql`select customer_id from ${sql.table(table)}
        where organization_id = ${books.organizationId} and id = ${id}`),
    )
  )?.customerId;
const refused = (code: string, says: RegExp) => (error: { code?: string; message: string }) =>
  error.code === code && says.test(error.message);

const credit = (books: Books, customerId: string) =>
  books.tx((tx) =>
    createCreditMemo(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        memo: {
          customerId,
          reason: 'Goodwill',
          lines: [{ itemName: 'Work', description: '', amount: 500n, tax: 0n }],
        },
        issue: true,
      } as never,
      books.now,
    ),
  );

test('a merge moves what the loser owes, has paid and has left, and the books follow; undo brings back what moved', async () => {
  const books = await given.organization();
  const { customerId: loser, invoiceId } = await given.debtor(books, 10_000n);
  const winner = await given.customer(books);
  const { paymentId } = await given.payment(books, {
    customerId: loser,
    amount: 6000n,
    applications: [{ invoiceId, amount: 4000n }],
  });
  await credit(books, loser);
  const method = await given.storedMethod(books, loser);
  const child = await given.customer(books, { parentId: loser });
  await clean(books);
  const mergeId = await merge(books, loser, winner);
  await clean(books);
  for (const [table, id] of [
    ['invoices', invoiceId],
    ['payments', paymentId],
    ['payment_methods', method],
  ] as const)
    assert.equal(await owner(books, table, id), winner, table);
  const since = await given.invoice(books, winner, 700n);
  const { paymentId: own } = await given.payment(books, {
    customerId: winner,
    amount: 1000n,
    applications: [{ invoiceId, amount: 1000n }],
  });
  await clean(books);
  await undo(books, mergeId, 29 * day);
  await clean(books);
  assert.equal(await owner(books, 'invoices', invoiceId), loser);
  assert.equal(await owner(books, 'payments', paymentId), loser);
  assert.deepEqual(
    [await owner(books, 'invoices', since), await owner(books, 'payments', own)],
    [winner, winner],
  );
  const rows = await books.tx((tx) =>
    tx.rows<{ id: string; parentId: string | null; active: boolean }>(sql`select id, parent_id,
      deactivated_at is null as active from customers where organization_id = ${books.organizationId}`),
  );
  assert.equal(rows.find(({ id }) => id === child)?.parentId, loser);
  assert.equal(rows.find(({ id }) => id === loser)?.active, true);
});

test('a merge is refused in words while a charge is unanswered, after 30 days it stays, and twice it is not undone', async () => {
  const books = await given.organization();
  const { customerId: loser, invoiceId } = await given.debtor(books, 5000n);
  const winner = await given.customer(books);
  const { paymentId } = await given.charge(books, {
    customerId: loser,
    amount: 5000n,
    kind: 'bank_account',
    applications: [{ invoiceId, amount: 5000n }],
  });
  await assert.rejects(merge(books, loser, winner), refused('state_refused', /with the gateway/));
  await given.outcome(books, paymentId, news('submitted', bankAccount));
  const mergeId = await merge(books, loser, winner);
  await given.outcome(books, paymentId, news('accepted'), news('collected'));
  await clean(books);
  await given.outcome(books, paymentId, news('returned'));
  await clean(books);
  await assert.rejects(undo(books, mergeId, 31 * day), refused('state_refused', /30 days/));
  await undo(books, mergeId);
  await assert.rejects(undo(books, mergeId), refused('state_refused', /already/));
  await clean(books);
  await assert.rejects(merge(books, loser, loser), refused('state_refused', /itself/));
});

test('nobody writes to a merged record: whoever tries is told which one to use', async () => {
  const books = await given.organization();
  const loser = await given.customer(books);
  const winner = await given.customer(books, { displayName: 'Winner & Co' });
  await merge(books, loser, winner);
  await assert.rejects(given.invoice(books, loser, 100n), /merged into Winner & Co/);
  await assert.rejects(given.payment(books, { customerId: loser, amount: 100n }), /merged into Winner & Co/);
  const third = await given.customer(books);
  await assert.rejects(merge(books, third, loser), refused('state_refused', /Choose that one/));
});

test('a link to all that a merged record owes shows the record it is now, and it cannot be made active', async () => {
  const books = await given.organization();
  const loser = await given.customer(books);
  const winner = await given.customer(books);
  await merge(books, loser, winner);
  const found = await books.tx((tx) => findStatement(tx, loser));
  assert.deepEqual([found?.id, found?.shownId], [loser, winner]);
  const activate = books.tx((tx) =>
    updateCustomers(
      tx,
      books.actor,
      { organizationId: books.organizationId, patches: [{ id: loser, active: true }] },
      books.now,
    ),
  );
  await assert.rejects(activate, refused('state_refused', /Undo the merge/));
});

test('payments that race a merge end up with one customer, and the books agree', async () => {
  for (let round = 0; round < 4; round += 1) {
    const books = await given.organization();
    const { customerId: loser, invoiceId } = await given.debtor(books, 10_000n);
    const winner = await given.customer(books);
    const pay = () =>
      given.payment(books, {
        customerId: loser,
        amount: 1000n,
        applications: [{ invoiceId, amount: 1000n }],
      });
    const ask = () =>
      given.charge(books, { customerId: loser, amount: 500n, applications: [{ invoiceId, amount: 500n }] });
    // On account: no invoice is looked at, so only the database stands between it and the loser.
    const keep = () => given.payment(books, { customerId: loser, amount: 300n });
    const merging = merge(books, loser, winner);
    const others = [keep(), pay(), ask(), keep(), pay(), keep()];
    const results = await Promise.allSettled([...others, merging]);
    const merged = results.at(-1)?.status === 'fulfilled';
    for (const result of results)
      if (result.status === 'rejected')
        assert.match(String(result.reason), /merged into|with the gateway|no invoice .* of this customer/);
    await clean(books);
    if (!merged) continue;
    const left = await books.tx((tx) =>
      tx.row<{
        n: number;
      }>(sql`select (select count(*) from payments where organization_id = ${books.organizationId}
        and customer_id = ${loser})::int + (select count(*) from invoices
        where organization_id = ${books.organizationId} and customer_id = ${loser})::int as n`),
    );
    assert.equal(left?.n, 0, 'nothing is left behind with the loser');
  }
});

test('every table that names a customer has its place in a merge', async () => {
  const { db } = await given.organization();
  const { rows } = await db.pool.query<{ name: string }>(`select c.relname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`);
  const placed = [...papers, ...Object.keys(hangers), ...Object.keys(singles), ...Object.keys(stays)];
  assert.deepEqual(
    rows.map(({ name }) => name),
    [...placed].sort(),
    'put a new table into moved-papers.ts: does a merge move its rows?',
  );
});
