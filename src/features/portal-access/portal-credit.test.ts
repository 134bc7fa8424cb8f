import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Books, given, read } from '../../../test/support/given.ts';
import { chooseInvoices, pay, payerOf } from '../../../test/support/portal-payer.ts';

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

async function credit(books: Books, customerId: string, amount: bigint): Promise<void> {
  const { organizationId, actor, now } = books;
  const lines = [{ description: 'Returned goods', amount, tax: 0n }];
  await books.tx((tx) =>
    createCreditMemo(tx, actor, { organizationId, memo: { customerId, lines }, issue: true }, now),
  );
}

test('credit is offered at the checkout and used first; the card is charged for the rest alone', async () => {
  const books = await given.organization();
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 12_500n);
  await credit(books, who.customerId, 5_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.match(who.browser.text, /You have \$50\.00 of credit/);
  await who.browser.submit('/portal/credit');
  assert.match(who.browser.text, /Your credit is used/);
  assert.match(who.browser.text, /Pay \$75\.00/);
  assert.doesNotMatch(who.browser.text, /of credit/);
  await pay(who, 'approve');
  assert.match(who.browser.title, /\$75\.00 paid/);
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n);
  await inOrder(books);
});

test('credit that covers all of it: paid, and nothing is charged; a second click changes nothing', async () => {
  const books = await given.organization();
  const who = await payerOf(books);
  const invoiceId = await given.invoice(books, who.customerId, 4_000n);
  await credit(books, who.customerId, 5_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.match(who.browser.text, /Use my credit of \$40\.00/);
  const csrf = /name="csrf" value="([^"]+)"/.exec(who.browser.html)?.[1] ?? assert.fail('no form');
  await who.browser.submit('/portal/credit');
  assert.match(who.browser.text, /Paid with your credit\. Nothing was charged/);
  assert.ok((await read.invoice(books, invoiceId)).closedAt);
  const again = new URLSearchParams({ csrf, pay: `${invoiceId}.4000`, credit: '4000' });
  await who.browser.post('/portal/credit', again);
  assert.match(who.browser.text, /changed meanwhile/);
  assert.deepEqual((await read.ledger(books)).unapplied_credit, -1_000n);
  await inOrder(books);
});
