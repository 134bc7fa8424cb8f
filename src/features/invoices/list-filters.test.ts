import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
const ids: Record<string, string> = {};
const set = (id: string | undefined, assignment: ReturnType<typeof sql>) =>
  books.tx((tx) =>
    tx.run(
      sql`update invoices set ${assignment} where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
  const customerId = await given.customer(books, { displayName: 'Harbor' });
  for (const number of ['A-1', 'A-2', 'A-3', 'A-4']) {
    const dates = { invoiceDate: '2026-02-01', dueDate: '2026-02-20' };
    ids[number] = await given.invoice(books, customerId, 100n, { number, ...dates });
  }
  const pay = (number: string) => ({
    customerId,
    amount: 100n,
    applications: [{ invoiceId: ids[number] ?? '', amount: 100n }],
  });
  await given.charge(books, pay('A-1'));
  await given.payment(books, pay('A-2'));
  await set(ids['A-3'], sql`po_number = 'PO-4500/7'`);
  await set(ids['A-4'], sql`po_number = 'acme 9'`);
});
const numbers = async (query: string): Promise<string[]> => {
  const { status, body } = await callApi(key, 'GET', `/v1/invoices?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data.map(({ number }: { number: string }) => number);
};

test('what is under way and what is paid are lists of their own, in every order', async () => {
  for (const sort of ['number', 'due_date', '-total', '-invoice_date']) {
    const sorted = async (status: string) => (await numbers(`status=${status}&sort=${sort}`)).sort();
    assert.deepEqual(await sorted('pending'), ['A-1'], sort);
    assert.deepEqual(await sorted('paid'), ['A-2'], sort);
    assert.deepEqual(await sorted('open'), ['A-1', 'A-3', 'A-4'], sort);
  }
  await set(ids['A-2'], sql`written_off = 1, applied = 99`);
  assert.deepEqual(await numbers('status=paid'), [], 'what is written off in part is not paid');
});

test('an invoice is found by the beginning of its PO number', async () => {
  assert.deepEqual(await numbers('q=PO-4500'), ['A-3']);
  assert.deepEqual(await numbers('q=po-45'), ['A-3']);
  assert.deepEqual(await numbers('q=acme'), ['A-4']);
  assert.deepEqual(await numbers('q=4500'), []);
});

test('a PO number is looked up by its index, whatever the row-level walls let be known', async () => {
  const plan = await books.tx(async (tx) => {
    await tx.run(sql`set local enable_seqscan = off`);
    return tx.rows<{ 'QUERY PLAN': string }>(sql`explain select id from invoices
      where organization_id = ${books.organizationId} and po_number collate "C" >= 'PO'
        and po_number collate "C" < 'PP' limit 500`);
  });
  assert.match(JSON.stringify(plan), /invoices_po_number/);
});
