import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { unapplyPayment } from '#features/payments/unapply-payment.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf } from '../../../test/support/mails.ts';
import { liveBooks, reactToAll, reviseTo, setCustomer, setRule } from '../../../test/support/messenger.ts';

async function sentInvoice(amount = 10_000n) {
  const books = await liveBooks();
  await setRule(books, sql`new_invoice_when = 'never'`);
  const customerId = await given.customer(books, { email: 'ana@example.com' });
  const invoiceId = await given.invoice(books, customerId, amount, { number: 'A-1' });
  return { books, customerId, invoiceId };
}
const ofKind = async (books: Books, kind: string) =>
  (await mailsOf(books)).filter((mail) => mail.kind === kind);
const pay = (books: Books, customerId: string, invoiceId: string, amount: bigint) =>
  given.payment(books, { customerId, amount, applications: [{ invoiceId, amount }] });

const credit = (
  books: Books,
  given: { customerId: string; invoiceId: string; amount: bigint },
  now = books.now,
) =>
  books.tx(async (tx) => {
    const { organizationId, actor } = books;
    const { customerId, ...application } = given;
    const memo = { customerId, lines: [{ description: 'Returned', amount: given.amount, tax: 0n }] };
    const { creditMemoId } = await createCreditMemo(tx, actor, { organizationId, memo, issue: true }, now);
    await applyCredit(tx, actor, { organizationId, creditMemoId, applications: [application] }, now);
  });

describe('an invoice that says something else', () => {
  test('is told of once a revision, with what it says now', async () => {
    const { books, invoiceId } = await sentInvoice();
    await mailInvoice(books, invoiceId);
    await reviseTo(books, invoiceId, { amount: 9_000n });
    await reactToAll(books, invoiceId);
    await reactToAll(books, invoiceId);
    await reviseTo(books, invoiceId, { dueDate: '2026-06-30' });
    await Promise.all([reactToAll(books, invoiceId), reactToAll(books, invoiceId)]);
    const told = await ofKind(books, 'invoice_updated');
    assert.equal(told.length, 2);
    assert.match(told[0]?.text ?? '', /\$90\.00/);
    assert.match(told[1]?.text ?? '', /Jun 30, 2026/);
    assert.equal(told[0]?.subject, 'Invoice A-1 has changed');
  });

  test('two changes before anyone looks are one message', async () => {
    const { books, invoiceId } = await sentInvoice();
    await mailInvoice(books, invoiceId);
    await reviseTo(books, invoiceId, { amount: 9_000n });
    await reviseTo(books, invoiceId, { amount: 8_000n });
    await reactToAll(books, invoiceId);
    const told = await ofKind(books, 'invoice_updated');
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? '', /\$80\.00/);
  });

  test('a note of the books alone is no news, and neither is a change of what nobody was sent', async () => {
    const { books, invoiceId, customerId } = await sentInvoice();
    await mailInvoice(books, invoiceId);
    await reviseTo(books, invoiceId, { memo: 'For our accountant' });
    await reactToAll(books, invoiceId);
    const unsent = await given.invoice(books, customerId, 500n);
    await reviseTo(books, unsent, { amount: 400n });
    await reactToAll(books, unsent);
    assert.deepEqual(await ofKind(books, 'invoice_updated'), []);
  });
});

describe('an invoice that is paid', () => {
  test('is thanked for, also when the money came another way, once each time it is paid', async () => {
    const { books, customerId, invoiceId } = await sentInvoice();
    const { paymentId } = await pay(books, customerId, invoiceId, 10_000n);
    await Promise.all([reactToAll(books, invoiceId), reactToAll(books, invoiceId)]);
    assert.equal((await ofKind(books, 'paid_invoice')).length, 1);
    const { organizationId, actor, now } = books;
    await books.tx((tx) => unapplyPayment(tx, actor, { organizationId, paymentId, invoiceId }, now));
    await pay(books, customerId, invoiceId, 10_000n);
    await reactToAll(books, invoiceId);
    const told = await ofKind(books, 'paid_invoice');
    assert.equal(told.length, 2);
    assert.match(told[0]?.html ?? '', /View this invoice/);
    assert.doesNotMatch(told[0]?.html ?? '', /Pay this invoice/);
    assert.match(
      told[0]?.text ?? '',
      /paid\s+in full\. We received \$100\.00 on \w+ \d+, \d{4} by\s+check\.\s+Thank you\./,
    );
  });

  test('a part of it, a credit that closes it, and a customer who wants no such mail are passed over', async () => {
    const { books, customerId, invoiceId } = await sentInvoice();
    await pay(books, customerId, invoiceId, 4_000n);
    await credit(books, { customerId, invoiceId, amount: 6_000n });
    await reactToAll(books, invoiceId);
    const quiet = await given.customer(books, { email: 'quiet@example.com' });
    await setCustomer(books, quiet, sql`message_cells = array['new_invoice.email']`);
    const theirs = await given.invoice(books, quiet, 100n);
    await pay(books, quiet, theirs, 100n);
    await reactToAll(books, theirs);
    assert.deepEqual(await ofKind(books, 'paid_invoice'), []);
  });

  test('names no payment where a credit has closed it since', async () => {
    const { books, customerId, invoiceId } = await sentInvoice();
    const { organizationId, actor, now } = books;
    await pay(books, customerId, invoiceId, 5_000n);
    const { paymentId } = await pay(books, customerId, invoiceId, 5_000n);
    await books.tx((tx) => unapplyPayment(tx, actor, { organizationId, paymentId, invoiceId }, now));
    await credit(books, { customerId, invoiceId, amount: 5_000n }, later(60, now));
    await reactToAll(books, invoiceId);
    const told = await ofKind(books, 'paid_invoice');
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? '', /paid\s+in full/);
    assert.doesNotMatch(told[0]?.text ?? '', /We received|\$50\.00/);
  });

  test('what is open again before anyone looks is not thanked for', async () => {
    const { books, customerId, invoiceId } = await sentInvoice();
    const { paymentId } = await pay(books, customerId, invoiceId, 10_000n);
    const { organizationId, actor, now } = books;
    await books.tx((tx) => unapplyPayment(tx, actor, { organizationId, paymentId, invoiceId }, now));
    await reactToAll(books, invoiceId);
    assert.deepEqual(await ofKind(books, 'paid_invoice'), []);
  });
});
