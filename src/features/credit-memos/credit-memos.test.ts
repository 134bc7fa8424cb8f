import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { issueCreditMemo } from '#features/credit-memos/issue-credit-memo.ts';
import { getCreditMemo, readAvailableCredit } from '#features/credit-memos/queries.ts';
import { unapplyCredit } from '#features/credit-memos/unapply-credit.ts';
import { useCredit } from '#features/credit-memos/use-credit.ts';
import { voidCreditMemo } from '#features/credit-memos/void-credit-memo.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { Application } from '#features/payments/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { seeded } from '#lib/random.ts';
import { type Books, given, read } from '../../../test/support/given.ts';

const problems = async (books: Books) => (await checkLedger(books.db, books.organizationId)).problems;
const inOrder = async (books: Books) => assert.deepEqual(await problems(books), []);
const refused = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

async function memo(
  books: Books,
  customerId: string,
  amount: bigint,
  more: { tax?: bigint; issue?: boolean } = {},
) {
  const lines = [{ description: 'Returned goods', amount, tax: more.tax ?? 0n }];
  const { organizationId, actor, now } = books;
  const { creditMemoId } = await books.tx((tx) =>
    createCreditMemo(
      tx,
      actor,
      { organizationId, memo: { customerId, lines }, issue: more.issue ?? true },
      now,
    ),
  );
  return creditMemoId;
}
const apply = (books: Books, creditMemoId: string, ...applications: Application[]) =>
  books.tx((tx) =>
    applyCredit(
      tx,
      books.actor,
      { organizationId: books.organizationId, creditMemoId, applications },
      books.now,
    ),
  );
const unapply = (books: Books, creditMemoId: string, invoiceId: string) =>
  books.tx((tx) =>
    unapplyCredit(
      tx,
      books.actor,
      { organizationId: books.organizationId, creditMemoId, invoiceId },
      books.now,
    ),
  );
const voided = (books: Books, creditMemoId: string) =>
  books.tx((tx) =>
    voidCreditMemo(
      tx,
      books.actor,
      { organizationId: books.organizationId, creditMemoId, reason: 'By mistake' },
      books.now,
    ),
  );
const show = (books: Books, id: string) => books.tx((tx) => getCreditMemo(tx, books.organizationId, id));

test('a credit memo takes back a sale with its tax and pays an invoice; the books agree at every step', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 1000n);
  const creditMemoId = await memo(books, customerId, 600n, { tax: 50n });
  const { unapplied_credit, sales_returns, sales_tax_payable } = await read.ledger(books);
  assert.deepEqual([unapplied_credit, sales_returns, sales_tax_payable], [-650n, 600n, 50n]);
  await inOrder(books);
  await apply(books, creditMemoId, { invoiceId, amount: 400n });
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 600n);
  await inOrder(books);
  await given.payment(books, { customerId, amount: 600n, applications: [{ invoiceId, amount: 600n }] });
  assert.deepEqual(await read.events(books, invoiceId), [
    'invoice.issued',
    'invoice.credit_applied',
    'invoice.payment_applied',
    'invoice.paid',
  ]);
  await unapply(books, creditMemoId, invoiceId);
  const reopened = await read.invoice(books, invoiceId);
  assert.deepEqual([reopened.balanceDue, reopened.closedAt], [400n, null]);
  const shown = await show(books, creditMemoId);
  assert.deepEqual([shown.number, shown.state, shown.available], ['CM-1001', 'open', 650n]);
  assert.deepEqual(await read.events(books, creditMemoId), [
    'credit_memo.created',
    'credit_memo.issued',
    'credit_memo.applied',
    'credit_memo.unapplied',
  ]);
  await inOrder(books);
});

test('credit alone closes an invoice, which cannot be voided until the credit is off it', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const creditMemoId = await memo(books, customerId, 300n);
  await apply(books, creditMemoId, { invoiceId, amount: 300n });
  assert.ok((await read.invoice(books, invoiceId)).closedAt);
  assert.equal((await show(books, creditMemoId)).state, 'used');
  const withdraw = () =>
    books.tx((tx) =>
      voidInvoice(
        tx,
        books.actor,
        { organizationId: books.organizationId, invoiceId, reason: 'Wrong' },
        books.now,
      ),
    );
  await assert.rejects(withdraw(), refused('state_refused', /./));
  await assert.rejects(voided(books, creditMemoId), refused('state_refused', /used/));
  await unapply(books, creditMemoId, invoiceId);
  await withdraw();
  await voided(books, creditMemoId);
  assert.deepEqual(await read.ledger(books), {
    accounts_receivable: 0n,
    sales: 0n,
    sales_returns: 0n,
    unapplied_credit: 0n,
  });
  await inOrder(books);
});

test('a draft gives no credit; a void one, a used one and a stranger’s invoice take none', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const draft = await memo(books, customerId, 100n, { issue: false });
  const available = () => books.tx((tx) => readAvailableCredit(tx, books.organizationId, customerId));
  await assert.rejects(apply(books, draft, { invoiceId, amount: 1n }), refused('state_refused', /draft/));
  assert.equal(await available(), 0n);
  await inOrder(books);
  await books.tx((tx) =>
    issueCreditMemo(
      tx,
      books.actor,
      { organizationId: books.organizationId, creditMemoId: draft },
      books.now,
    ),
  );
  assert.equal(await available(), 100n);
  await assert.rejects(
    apply(books, draft, { invoiceId, amount: 101n }),
    refused('amount_too_large', /left of this credit/),
  );
  const stranger = await given.debtor(books, 300n);
  await assert.rejects(
    apply(books, draft, { invoiceId: stranger.invoiceId, amount: 1n }),
    refused('not_found', /no invoice/),
  );
  await given.charge(books, { customerId, amount: 300n, applications: [{ invoiceId, amount: 300n }] });
  await assert.rejects(
    apply(books, draft, { invoiceId, amount: 1n }),
    refused('amount_too_large', /being processed/),
  );
  await voided(books, draft);
  await assert.rejects(apply(books, draft, { invoiceId, amount: 1n }), refused('state_refused', /void/));
  await inOrder(books);
});

test('at the checkout credit goes first, the oldest memo first, and the rest is told; changed credit is refused', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const second = await given.invoice(books, customerId, 300n);
  const first = await memo(books, customerId, 250n);
  await memo(books, customerId, 100n);
  const lines = [
    { invoiceId, amount: 300n },
    { invoiceId: second, amount: 200n },
  ];
  const take = (expected: bigint) =>
    books.tx((tx) => useCredit(tx, actor, { organizationId, customerId, lines, expected }, now));
  await assert.rejects(take(500n), refused('state_refused', /changed/));
  const both = await Promise.allSettled([take(350n), take(350n)]);
  const won = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  assert.deepEqual(won, [{ rest: [{ invoiceId: second, amount: 150n }], used: 350n }]);
  assert.equal((await show(books, first)).state, 'used');
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n);
  assert.equal((await read.invoice(books, second)).balanceDue, 250n);
  await inOrder(books);
});

test('credit and money for the last dollar of an invoice, at one moment: it is paid once', async () => {
  for (let round = 0; round < 8; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const one = await memo(books, customerId, 100n);
    const two = await memo(books, customerId, 100n);
    const applications = [{ invoiceId, amount: 100n }];
    const results = await Promise.allSettled([
      apply(books, one, ...applications),
      apply(books, two, ...applications),
      given.payment(books, { customerId, amount: 100n, applications }),
      given.charge(books, { customerId, amount: 100n, applications }),
    ]);
    const lost = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    assert.equal(lost.length, 3);
    for (const reason of lost) refused('amount_too_large', /can be paid|being processed/)(reason);
    await inOrder(books);
  }
});

test('memos written at the same moment have numbers of their own', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const ids = await Promise.all(Array.from({ length: 6 }, () => memo(books, customerId, 10n)));
  const numbers = await Promise.all(ids.map(async (id) => (await show(books, id)).number));
  assert.equal(new Set(numbers).size, 6);
});

test('applied and taken off at random, credit and what is due add up', async () => {
  for (let seed = 0; seed < 5; seed += 1) {
    const random = seeded(seed);
    const books = await given.organization();
    const customerId = await given.customer(books);
    const invoices = [
      await given.invoice(books, customerId, 400n),
      await given.invoice(books, customerId, 250n),
    ];
    const memos = [await memo(books, customerId, 300n), await memo(books, customerId, 200n, { tax: 17n })];
    for (let step = 0; step < 15; step += 1) {
      const [creditMemoId, invoiceId] = [
        memos[random.int(0, 1)] as string,
        invoices[random.int(0, 1)] as string,
      ];
      const move = random.chance(0.6)
        ? apply(books, creditMemoId, { invoiceId, amount: BigInt(random.int(1, 200)) })
        : unapply(books, creditMemoId, invoiceId);
      await move.catch((error: unknown) => assert.ok(error instanceof Refusal, String(error)));
      assert.deepEqual(await problems(books), [], `seed ${seed}, step ${step}`);
    }
  }
});

test('a lie about credit is found, on either side', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const creditMemoId = await memo(books, customerId, 200n);
  await apply(books, creditMemoId, { invoiceId, amount: 120n });
  const { organizationId } = books;
  await books.tx((tx) =>
    tx.run(sql`update credit_applications set amount = 100 where organization_id = ${organizationId}`),
  );
  const found = (await problems(books)).join('\n');
  assert.match(found, new RegExp(`${invoiceId}: credited 120, credits say 100`));
  assert.match(found, new RegExp(`${creditMemoId}: applied 120, applications say 100`));
  await books.tx((tx) =>
    tx.run(sql`update credit_applications set amount = 120 where organization_id = ${organizationId}`),
  );
  await inOrder(books);
  await books.tx((tx) =>
    tx.run(
      sql`update credit_memos set total = 210, subtotal = 210 where organization_id = ${organizationId}`,
    ),
  );
  const unbacked = (await problems(books)).join('\n');
  assert.match(unbacked, new RegExp(`${customerId}: unapplied credit: ledger 80, credit memos 90`));
  assert.match(unbacked, new RegExp(`${creditMemoId}: subtotal 210 and tax 0, lines say 200 and 0`));
});
