import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { issueInvoice } from '#features/invoices/issue-invoice.ts';
import { changeNumbering, type NumberingChanges, readNumbering } from '#features/invoices/numbering.ts';
import { isPlaceholder } from '#features/invoices/numbering-rules.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { deleteDraft } from '#features/invoices/rewrite-draft.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { type Books, given } from '../../../test/support/given.ts';

const refused = { code: 'invalid_request' };
const line = { itemName: 'A', description: '', quantity: '1', unitPrice: '5', taxable: false, taxRate: '0' };

async function numbered(changes: NumberingChanges) {
  const books = await given.organization();
  const customerId = await given.customer(books);
  await number(books, changes);
  return { books, customerId };
}
const number = (books: Books, changes: NumberingChanges) =>
  books.tx((tx) =>
    changeNumbering(tx, books.actor, { organizationId: books.organizationId, changes }, books.now),
  );
const draft = async (books: Books, customerId: string, own: { number?: string; issue?: boolean } = {}) => {
  const { issue = false, ...rest } = own;
  const input = {
    organizationId: books.organizationId,
    invoice: { customerId, lines: [line], ...rest },
    issue,
  };
  return (await books.tx((tx) => draftInvoice(tx, books.actor, input, books.now))).invoiceId;
};
const issue = (books: Books, invoiceId: string) =>
  books.tx((tx) =>
    issueInvoice(tx, books.actor, { organizationId: books.organizationId, invoiceId }, books.now),
  );
const numbersOf = async (books: Books) =>
  (
    await books.tx((tx) =>
      tx.rows<{
        number: string;
      }>(sql`select number from invoices where organization_id = ${books.organizationId}
        and issued_at is not null order by number`),
    )
  ).map((row) => row.number);
const gapsOf = async (books: Books) =>
  (await books.tx((tx) => readNumbering(tx, books.organizationId))).gaps.map(({ first, last }) => [
    first,
    last,
  ]);

test('twenty invoices issued at once have twenty numbers without a gap, whatever was drafted and deleted', async () => {
  const { books, customerId } = await numbered({ mode: 'gapless', prefix: 'R-', width: 4, next: 7n });
  const drafts: string[] = [];
  for (let i = 0; i < 22; i += 1) drafts.push(await draft(books, customerId));
  const [first = '', second = '', ...rest] = drafts;
  const organizationId = books.organizationId;
  for (const invoiceId of [first, second])
    await books.tx((tx) => deleteDraft(tx, books.actor, { organizationId, invoiceId }, books.now));
  await Promise.all(rest.map((id) => issue(books, id)));
  const expected = Array.from({ length: 20 }, (_, i) => `R-${String(7 + i).padStart(4, '0')}`);
  assert.deepEqual(await numbersOf(books), expected);
  assert.deepEqual(await gapsOf(books), []);
});

test('an issue that fails gives its number back', async () => {
  const { books, customerId } = await numbered({ mode: 'gapless', prefix: 'R-', next: 1n });
  const [one, two] = [await draft(books, customerId), await draft(books, customerId)];
  const fails = books.tx(async (tx) => {
    await issueInvoice(tx, books.actor, { organizationId: books.organizationId, invoiceId: one }, books.now);
    throw new Error('the power went');
  });
  await assert.rejects(fails, /the power went/);
  await issue(books, two);
  assert.deepEqual(await numbersOf(books), ['R-1']);
});

test('without gaps a draft has no number, nobody chooses one, and none is left out', async () => {
  const { books, customerId } = await numbered({ mode: 'gapless', prefix: 'R-', next: 5n });
  const id = await draft(books, customerId);
  const row = await books.tx((tx) => readInvoice(tx, books.organizationId, id));
  assert.ok(isPlaceholder(row.number), row.number);
  await assert.rejects(draft(books, customerId, { number: 'R-99' }), refused);
  await assert.rejects(number(books, { next: 6n }), refused);
  await assert.rejects(number(books, { next: 4n }), refused);
  const voiding = { organizationId: books.organizationId, invoiceId: id, reason: 'x' };
  await assert.rejects(
    books.tx((tx) => voidInvoice(tx, books.actor, voiding, books.now)),
    { code: 'state_refused' },
  );
});

test('a void invoice keeps its number, an issued one cannot be deleted, and what is missing is told', async () => {
  const { books, customerId } = await numbered({ prefix: 'R-', width: 3, next: 1n });
  const about = { organizationId: books.organizationId };
  for (let i = 0; i < 5; i += 1) {
    const invoiceId = await draft(books, customerId);
    const input = { ...about, invoiceId };
    if (i === 1 || i === 2) await books.tx((tx) => deleteDraft(tx, books.actor, input, books.now));
    else await issue(books, invoiceId);
    if (i !== 3) continue;
    await books.tx((tx) => voidInvoice(tx, books.actor, { ...input, reason: 'Wrong' }, books.now));
    await assert.rejects(
      books.tx((tx) => deleteDraft(tx, books.actor, input, books.now)),
      { code: 'state_refused' },
    );
  }
  assert.deepEqual(await numbersOf(books), ['R-001', 'R-004', 'R-005']);
  assert.deepEqual(await gapsOf(books), [['R-002', 'R-003']]);
});
