import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { documentOfReceipt, receiptFile } from '#features/payments/receipt-document.ts';
import { receiptKindOf, returnWords } from '#features/payments/receipt-rules.ts';
import type { Refusal } from '#lib/errors.ts';
import { bankAccount, given, later, news } from '../../../test/support/given.ts';
import { ben, kindsOf, mailsOf, tell, tellReturn } from '../../../test/support/receipts.ts';

describe('receipts', () => {
  test('a card payment: one receipt to the payer with copies, one copy to the organization, however often told', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.charge(books, { ...money, payerEmail: 'payer@example.com' });
    await tell(books, paymentId);
    assert.deepEqual(
      await kindsOf(books),
      [],
      'nothing is told of a payment that nobody knows the outcome of',
    );
    await given.outcome(books, paymentId, news('approved'));
    await Promise.all([tell(books, paymentId), tell(books, paymentId), tell(books, paymentId)]);
    await given.outcome(books, paymentId, news('settling'), news('settled'));
    await tell(books, paymentId);
    const [receipt, copy, ...more] = await mailsOf(books);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [receipt?.kind, receipt?.toEmails, receipt?.ccEmails],
      ['receipt', ['payer@example.com'], ['books@example.com']],
    );
    assert.match(receipt?.subject ?? '', /^Payment received: \$40\.00/);
    for (const fact of ['$40.00', '$60.00', 'B-1', 'Visa •••• 4242', 'Hello Ben'])
      assert.ok(receipt?.text.includes(fact), fact);
    assert.deepEqual(
      [copy?.kind, copy?.toEmails],
      ['receipt_copy', ['office@fern.example', 'boss@fern.example']],
    );
    assert.match(copy?.subject ?? '', /^Payment received: \$40\.00 from Customer \d+$/);
  });

  test('a bank payment says processing and never received, then cleared, in that order and once each', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.charge(books, { ...money, kind: 'bank_account' });
    for (const word of ['submitted', 'accepted', 'collected'] as const) {
      await given.outcome(books, paymentId, news(word));
      await tell(books, paymentId);
    }
    const [processing, copy] = await mailsOf(books);
    assert.equal(processing?.kind, 'payment_processing');
    assert.doesNotMatch(`${processing?.subject} ${processing?.text} ${copy?.text}`, /received|receipt for/i);
    assert.match(copy?.text ?? '', /not in your books until it clears/);
    await given.outcome(books, paymentId, news('settled', bankAccount));
    await Promise.all([tell(books, paymentId), tell(books, paymentId)]);
    assert.deepEqual(await kindsOf(books), ['payment_processing', 'receipt_copy', 'payment_cleared']);
    assert.match((await mailsOf(books))[2]?.text ?? '', /has cleared/);
  });

  test('news out of order says only what is so: a bank payment that settled first gets its receipt, no “processing”', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.charge(books, { ...money, kind: 'bank_account' });
    await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
    await tell(books, paymentId);
    await tell(books, paymentId);
    assert.deepEqual(await kindsOf(books), ['receipt', 'receipt_copy']);
  });

  test('a check that staff recorded has its receipt', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.payment(books, { ...money, reference: '1042' });
    await tell(books, paymentId);
    const [receipt] = await mailsOf(books);
    assert.deepEqual(receipt?.toEmails, ['ben@example.com']);
    assert.ok(receipt?.text.includes('Check 1042'));
  });

  test('the switches: of the customer, of this payment, of the organization, and an address', async () => {
    const cases = [
      {
        customer: { sendReceipts: true },
        payment: { sendReceipt: true },
        kinds: ['receipt', 'receipt_copy'],
      },
      { customer: { sendReceipts: false }, payment: { sendReceipt: true }, kinds: ['receipt_copy'] },
      { customer: { sendReceipts: false }, payment: { sendReceipt: false }, kinds: ['receipt_copy'] },
      { customer: {}, payment: { sendReceipt: false }, kinds: ['receipt_copy'] },
      { customer: { email: null }, payment: {}, kinds: ['receipt_copy'] },
      { customer: {}, payment: {}, kinds: ['receipt'], quietOrganization: true },
      { customer: {}, payment: { source: 'import' as const }, kinds: [] },
    ];
    for (const each of cases) {
      const { books, money } = await ben(each.customer);
      if (each.quietOrganization) {
        await books.tx((tx) =>
          tx.run(
            sql`update organizations set email_organization_receipts = false
              where id = ${books.organizationId}`,
          ),
        );
      }
      const { paymentId } = await given.payment(books, { ...money, ...each.payment });
      await tell(books, paymentId);
      assert.deepEqual(await kindsOf(books), each.kinds, JSON.stringify(each));
    }
  });

  test('hundreds of invoices in one payment make a mail that no program cuts off', async () => {
    const { books, customerId } = await ben();
    const applications: { invoiceId: string; amount: bigint }[] = [];
    for (let i = 0; i < 60; i += 1)
      applications.push({ invoiceId: await given.invoice(books, customerId, 100n), amount: 100n });
    const { paymentId } = await given.payment(books, {
      customerId,
      amount: 6_000n,
      applications,
      sendReceipt: true,
    });
    await tell(books, paymentId);
    const [receipt] = await mailsOf(books);
    assert.match(receipt?.text ?? '', /And 20 more invoices/);
    assert.ok(Buffer.byteLength(receipt?.html ?? '') < 100_000);
  });

  test('only what has gone through, or is on its way, is told', () => {
    const payment = { kind: 'card' as const, source: 'portal', sendReceipt: true };
    for (const state of ['pending', 'unknown', 'declined', 'voided', 'returned'] as const) {
      assert.equal(receiptKindOf({ ...payment, state }, false), undefined, state);
    }
  });
});

describe('a bank payment that comes back', () => {
  test('payer and organization are told once that it came back, why, and what is open again', async () => {
    const { books, invoiceId, money } = await ben({ sendReceipts: false });
    const { paymentId } = await given.charge(books, { ...money, kind: 'bank_account' });
    await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
    await tellReturn(books, paymentId);
    assert.deepEqual(await kindsOf(books), []);
    await given.outcome(books, paymentId, news('returned'));
    await Promise.all([tellReturn(books, paymentId), tellReturn(books, paymentId)]);
    const [notice, copy, ...more] = await mailsOf(books);
    assert.equal(more.length, 0);
    assert.deepEqual([notice?.kind, notice?.toEmails], ['return_notice', ['ben@example.com']]);
    for (const fact of [
      '$40.00',
      'not enough money in the account (R01)',
      'B-1',
      '$100.00',
      `/i/${invoiceId}/`,
    ]) {
      assert.ok(notice?.text.replace(/\s+/g, ' ').includes(fact), fact);
    }
    assert.deepEqual([copy?.kind, copy?.toEmails[0]], ['return_copy', 'office@fern.example']);
    await tell(books, paymentId);
    assert.equal((await mailsOf(books)).length, 2, 'a returned payment has no receipt');
  });

  test('a code that we have no words for is named', () => {
    assert.equal(returnWords({ returnCode: 'R99', returnWords: null }), 'return code R99');
    assert.equal(returnWords({ returnCode: null, returnWords: null }), 'the bank gave no reason');
  });
});

describe('the receipt as a document', () => {
  test('a bank payment is no receipt until it has cleared, and a returned one has none', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.charge(books, { ...money, kind: 'bank_account' });
    const document = () => books.tx((tx) => documentOfReceipt(tx, books.organizationId, paymentId));
    await assert.rejects(document, (error: Refusal) => error.code === 'state_refused');
    await given.outcome(books, paymentId, news('submitted'));
    assert.equal((await document()).status, 'processing');
    assert.equal((await document()).applications[0]?.balanceDue.amount, 6_000n);
    await given.outcome(books, paymentId, news('settled', bankAccount));
    assert.equal((await document()).status, 'received');
    await given.outcome(books, paymentId, news('returned'));
    await assert.rejects(document, (error: Refusal) => /returned/.test(error.message));
  });

  test('says the same after a later payment as on its own day, byte for byte', async () => {
    const { books, customerId, invoiceId, money } = await ben();
    const { paymentId } = await given.payment(books, { ...money, amount: 5_000n });
    const file = () =>
      receiptFile({ db: books.db }, books.actor, { organizationId: books.organizationId, paymentId });
    const first = await (await file()).render();
    await given.payment(
      { ...books, now: later(3600) },
      {
        customerId,
        amount: 6_000n,
        applications: [{ invoiceId, amount: 6_000n }],
      },
    );
    assert.ok(first.equals(await (await file()).render()));
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(first)), { mergePages: true });
    for (const fact of ['$50.00', '$40.00', '$60.00', '$10.00', 'B-1']) assert.ok(text.includes(fact), fact);
  });

  test('another organization’s payment has no receipt for us', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.payment(books, money);
    const stranger = await given.organization();
    await assert.rejects(
      stranger.tx((tx) => documentOfReceipt(tx, stranger.organizationId, paymentId)),
      (error: Refusal) => error.code === 'not_found',
    );
  });
});

test('what a child owes that bills with its parent: the receipt goes to the parent, by the parent’s settings', async () => {
  const books = await given.organization();
  const parentId = await given.customer(books, { email: 'head@example.com', firstName: 'Hanna' });
  const childId = await given.customer(books, { email: 'branch@example.com', displayName: 'Harbor branch' });
  const set = (assignment: ReturnType<typeof sql>, id: string) =>
    books.tx((tx) => tx.run(sql`update customers set ${assignment} where id = ${id}`));
  const pay = async () => {
    const { paymentId } = await given.charge(books, {
      customerId: childId,
      amount: 4_000n,
      sendReceipt: true,
    });
    await given.outcome(books, paymentId, news('approved'));
    await tell(books, paymentId);
    return (await mailsOf(books)).filter(({ kind }) => kind === 'receipt');
  };
  await set(sql`parent_id = ${parentId}`, childId);
  assert.deepEqual((await pay()).at(-1)?.toEmails, ['branch@example.com'], 'billed by itself');
  await set(sql`bill_with_parent = true`, childId);
  const receipt = (await pay()).at(-1);
  assert.deepEqual(receipt?.toEmails, ['head@example.com']);
  assert.match(receipt?.text ?? '', /Hello Hanna.*Harbor branch/s);
  await set(sql`send_receipts = false`, parentId);
  assert.equal((await pay()).length, 2, 'the parent wants none');
});
