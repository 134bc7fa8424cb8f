import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { issueInvoice } from '#features/invoices/issue-invoice.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { type Revision, readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Books, given, later, read } from '../../../test/support/given.ts';

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const line = (amount: bigint, itemName = 'Work') => ({
  itemName,
  description: '',
  quantity: '1',
  unitPrice: '0',
  amount,
  taxable: false,
  taxRate: '0',
});
const draft = (books: Books, customerId: string, amount: bigint) =>
  books.tx(
    async (tx) =>
      (
        await draftInvoice(
          tx,
          books.actor,
          {
            organizationId: books.organizationId,
            issue: false,
            invoice: { customerId, lines: [line(amount)] },
          },
          books.now,
        )
      ).invoiceId,
  );

/** What an invoice says, with other lines. */
async function saying(
  books: Books,
  invoiceId: string,
  ...lines: ReturnType<typeof line>[]
): Promise<Revision> {
  const [now] = await books.tx((tx) => readRevisable(tx, books.organizationId, { ids: [invoiceId] }, false));
  assert.ok(now);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return { invoiceId, document: { ...now, lines, subtotal: total, tax: 0n, total } };
}
const revise = (books: Books, ...revisions: Revision[]) =>
  books.tx((tx) =>
    reviseInvoices(tx, books.actor, { organizationId: books.organizationId, revisions }, books.now),
  );

test('a draft owes nothing and stands in no book until it is issued, once', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books);
  const invoiceId = await draft(books, customerId, 100n);
  assert.deepEqual(await read.ledger(books), {});
  await assert.rejects(
    given.payment(books, { customerId, amount: 1n, applications: [{ invoiceId, amount: 1n }] }),
    { code: 'state_refused' },
  );
  const issue = () => books.tx((tx) => issueInvoice(tx, actor, { organizationId, invoiceId }, now));
  const results = await Promise.allSettled([issue(), issue(), issue()]);
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.deepEqual(await read.ledger(books), { accounts_receivable: 100n, sales: -100n });
  await inOrder(books);
});

test('an invoice is dated by the wall clock of its organization and due by the customer’s terms, else by its own', async () => {
  const books = await given.organization({ timeZone: 'Pacific/Auckland' });
  const own = await given.customer(books, { termsDays: 10 });
  const evening = { ...books, now: new Date('2026-03-02T11:30:00Z') };
  const dates = async (customerId: string) => {
    const id = await given.invoice(evening, customerId, 5n);
    const { invoiceDate, dueDate } = await books.tx((tx) => readInvoice(tx, books.organizationId, id));
    return [invoiceDate, dueDate];
  };
  assert.deepEqual(await dates(own), ['2026-03-03', '2026-03-13']);
  assert.deepEqual(await dates(await given.customer(books)), ['2026-03-03', '2026-04-02']);
});

test('an invoice over nothing is paid when it is issued, and can still be voided', async () => {
  const books = await given.organization();
  const { organizationId, actor } = books;
  const { invoiceId } = await given.debtor(books, 0n);
  assert.ok((await read.invoice(books, invoiceId)).closedAt);
  await books.tx((tx) => voidInvoice(tx, actor, { organizationId, invoiceId, reason: 'Nothing' }, later(60)));
  await inOrder(books);
});

test('a void draft was never in the books, and keeps its number', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books);
  const invoiceId = await draft(books, customerId, 100n);
  await books.tx((tx) => voidInvoice(tx, actor, { organizationId, invoiceId, reason: 'Mistake' }, now));
  assert.deepEqual(await read.ledger(books), {});
  const { number } = await books.tx((tx) => readInvoice(tx, organizationId, invoiceId));
  await assert.rejects(given.invoice(books, customerId, 1n, { number }), { code: 'conflict' });
  await inOrder(books);
});

test('a revised invoice is in the books as it says now, and cannot fall below what was paid', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  await given.payment(books, { customerId, amount: 60n, applications: [{ invoiceId, amount: 60n }] });
  const results = [
    await revise(books, await saying(books, invoiceId, line(59n))),
    await revise(books, await saying(books, invoiceId, line(70n))),
    await revise(books, await saying(books, invoiceId, line(60n))),
  ];
  assert.deepEqual(
    results.map(([verdict]) => verdict?.ok),
    [false, true, true],
  );
  const invoice = await read.invoice(books, invoiceId);
  assert.deepEqual([invoice.balanceDue, (await read.ledger(books)).sales], [0n, -60n]);
  assert.ok(invoice.closedAt);
  await inOrder(books);
});

test('two revisions of one invoice in a batch are one, which says what the later does', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const verdicts = await revise(
    books,
    await saying(books, invoiceId, line(70n)),
    await saying(books, invoiceId, line(80n)),
  );
  assert.deepEqual(
    verdicts.map(({ ok }) => ok),
    [true, true],
  );
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 80n);
  assert.equal((await read.events(books, invoiceId)).filter((type) => type === 'invoice.revised').length, 1);
  await inOrder(books);
});

test('a revision that waits for another sees its lines, and is not lost', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const [original, other] = [
    await saying(books, invoiceId, line(100n)),
    await saying(books, invoiceId, line(100n, 'Other work')),
  ];
  let second: ReturnType<typeof revise> | undefined;
  await books.tx(async (tx) => {
    await reviseInvoices(
      tx,
      books.actor,
      { organizationId: books.organizationId, revisions: [other] },
      books.now,
    );
    // Back to what it was: it waits for the lock, and must not find that nothing has changed.
    second = revise(books, original);
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  const [verdict] = (await second) ?? [];
  assert.ok(verdict?.ok && verdict.changed);
  assert.deepEqual(
    verdict.before.lines.map(({ itemName }) => itemName),
    ['Other work'],
  );
  const [now] = await books.tx((tx) => readRevisable(tx, books.organizationId, { ids: [invoiceId] }, false));
  assert.deepEqual(
    now?.lines.map(({ itemName }) => itemName),
    ['Work'],
  );
  await inOrder(books);
});

test('a revision and a payment at the same moment leave no more paid than is owed', async () => {
  for (let round = 0; round < 8; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const smaller = await saying(books, invoiceId, line(40n));
    const [revised, paid] = await Promise.allSettled([
      revise(books, smaller),
      given.payment(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] }),
    ]);
    const wasRevised = revised.status === 'fulfilled' && revised.value[0]?.ok;
    assert.notEqual(wasRevised, paid.status === 'fulfilled');
    await inOrder(books);
  }
});
