import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDeposit } from '#features/deposits/make-deposit.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, card, given, news, read } from '../../../test/support/given.ts';
import {
  approvedPayment,
  askRefund,
  askRefunds,
  askVoid,
  readGivenBack,
  readRefundRow,
  refundNews,
  settledPayment,
} from '../../../test/support/refunds.ts';

const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
const refusedWith = (code: Refusal['code'], words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, words);
  return true;
};

test('a refund is held against the payment when asked for, and in the books once it has left', async () => {
  const books = await given.organization();
  const { paymentId, invoiceIds } = await settledPayment(books, { parts: [100n] });
  const refundId = await askRefund(books, { paymentId, principal: 40n });
  assert.equal((await readGivenBack(books, paymentId)).refunded, 40n);
  assert.equal((await read.ledger(books)).gateway_clearing, 100n);
  await refundNews(books, refundId, 'submitted');
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.gateway_clearing, ledger.refunds], [60n, 40n]);
  await refundNews(books, refundId, 'settled', 'submitted', 'unknown');
  assert.equal((await readRefundRow(books, refundId)).state, 'settled');
  const invoice = await read.invoice(books, invoiceIds[0] as string);
  assert.deepEqual([invoice.balanceDue, invoice.closedAt !== null], [0n, true], 'a refund reopens nothing');
  await inOrder(books);
});

test('what the gateway captured at once is refunded while approved, not voided, and settles all the same', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 100n,
    applications: [{ invoiceId, amount: 100n }],
  });
  await given.outcome(books, paymentId, {
    outcome: 'approved',
    reference: 'ch_now',
    method: card,
    refundAtOnce: true,
  });
  await assert.rejects(askVoid(books, paymentId), refusedWith('state_refused', /captured it already/));
  await refundNews(books, await askRefund(books, { paymentId, principal: 40n }), 'settled');
  await given.outcome(books, paymentId, news('settled'));
  await refundNews(books, await askRefund(books, { paymentId, principal: 60n }), 'settled');
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.gateway_clearing, ledger.refunds, ledger.accounts_receivable], [0n, 100n, 0n]);
  await inOrder(books);
});

test('many partial refunds up to the payment, and not a cent more', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [60n, 40n] });
  for (const principal of [30n, 50n, 20n])
    await refundNews(books, await askRefund(books, { paymentId, principal }), 'settled');
  await assert.rejects(
    askRefund(books, { paymentId, principal: 1n }),
    refusedWith('state_refused', /given back/),
  );
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.gateway_clearing, ledger.refunds, ledger.accounts_receivable], [0n, 100n, 0n]);
  await inOrder(books);
});

test('a refund that fails, early or late, is out of the books and can be made again', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [100n], over: 20n });
  const early = await askRefund(books, { paymentId });
  await refundNews(books, early, 'unknown', 'failed');
  assert.deepEqual(
    [(await readGivenBack(books, paymentId)).refunded, (await readRefundRow(books, early)).nextLookupAt],
    [0n, null],
  );
  const late = await askRefund(books, { paymentId });
  await refundNews(books, late, 'submitted', 'settled', 'failed', 'settled');
  assert.equal((await readRefundRow(books, late)).state, 'failed');
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.gateway_clearing, ledger.refunds, ledger.unapplied_cash], [120n, 0n, -20n]);
  await refundNews(books, await askRefund(books, { paymentId }), 'settled');
  await inOrder(books);
});

test('inclusive returns the fee’s share, exclusive keeps it', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [100n], fee: 3n });
  const half = await askRefund(books, { paymentId, principal: 50n });
  assert.deepEqual(
    [(await readRefundRow(books, half)).amount, (await readRefundRow(books, half)).feeAmount],
    [52n, 2n],
  );
  const rest = await askRefund(books, { paymentId, principal: 50n, feeHandling: 'exclusive' });
  assert.equal((await readRefundRow(books, rest)).amount, 50n);
  await refundNews(books, half, 'settled');
  await refundNews(books, rest, 'settled');
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.surcharge_income, ledger.refunds, ledger.gateway_clearing], [-1n, 100n, 1n]);
  await inOrder(books);
});

test('the split over invoices is kept, and no invoice gives back more than it was paid', async () => {
  const books = await given.organization();
  const { paymentId, invoiceIds } = await settledPayment(books, { parts: [60n, 40n] });
  const [first, second] = invoiceIds as [string, string];
  await askRefund(books, { paymentId, lines: [{ invoiceId: second, amount: 40n }] });
  await assert.rejects(
    askRefund(books, { paymentId, lines: [{ invoiceId: second, amount: 1n }] }),
    refusedWith('amount_too_large', /this invoice/),
  );
  const other = await given.debtor(books, 10n);
  await assert.rejects(
    askRefund(books, { paymentId, lines: [{ invoiceId: other.invoiceId, amount: 1n }] }),
    refusedWith('not_found', /not applied/),
  );
  await askRefund(books, { paymentId, lines: [{ invoiceId: first, amount: 60n }] });
  assert.deepEqual(
    await read.events(books, second).then((all) => all.includes('invoice.payment_refunded')),
    true,
  );
  await inOrder(books);
});

test('what was received by hand is given back by hand, at once', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { paymentId } = await given.payment(books, {
    customerId,
    amount: 130n,
    applications: [{ invoiceId, amount: 100n }],
  });
  const refundId = await askRefund(books, { paymentId, principal: 50n, reference: '1042' });
  assert.deepEqual(
    [(await readRefundRow(books, refundId)).state, (await readRefundRow(books, refundId)).fromUnapplied],
    ['settled', 30n],
  );
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.undeposited_funds, ledger.unapplied_cash, ledger.refunds], [80n, 0n, 20n]);
  await inOrder(books);
});

test('given back before its deposit it comes out of what is in hand, after it out of the bank', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const { paymentId } = await given.payment(books, { customerId, amount: 100n });
  await askRefund(books, { paymentId, principal: 30n });
  const deposit = { organizationId: books.organizationId, currency: 'USD', depositedOn: '2026-03-02' };
  await books.tx((tx) => makeDeposit(tx, books.actor, { ...deposit, paymentIds: [paymentId] }, books.now));
  await askRefund(books, { paymentId, principal: 20n });
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.undeposited_funds, ledger.bank, ledger.unapplied_cash], [0n, 50n, -50n]);
  await inOrder(books);
});

test('what was mistyped is struck: out of the books on its own day, its invoice open; once deposited it is not', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const pay = () =>
    given.payment(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  const mistyped = await pay();
  await askVoid(books, mistyped.paymentId, 'another customer’s check');
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 100n);
  assert.equal((await read.ledger(books)).undeposited_funds, 0n);
  await assert.rejects(askVoid(books, mistyped.paymentId), refusedWith('state_refused', /is void/));
  const deposited = await pay();
  const deposit = { organizationId: books.organizationId, currency: 'USD', depositedOn: '2026-03-02' };
  await books.tx((tx) =>
    makeDeposit(tx, books.actor, { ...deposit, paymentIds: [deposited.paymentId] }, books.now),
  );
  await assert.rejects(askVoid(books, deposited.paymentId), refusedWith('state_refused', /deposit/));
  await inOrder(books);
});

test('only settled money is refunded, and the refusal says what can be done', async () => {
  const books = await given.organization();
  const approved = await approvedPayment(books, { parts: [100n] });
  await assert.rejects(askRefund(books, approved), refusedWith('state_refused', /void/));
  await given.outcome(books, approved.paymentId, news('settling'));
  await assert.rejects(askRefund(books, approved), refusedWith('state_refused', /being settled/));
  const debit = await approvedPayment(books, { parts: [100n], kind: 'bank_account' });
  await given.outcome(books, debit.paymentId, news('accepted'));
  await assert.rejects(askRefund(books, debit), refusedWith('state_refused', /under way/));
  const unknown = { paymentId: newId('payment') };
  await assert.rejects(askRefund(books, unknown), refusedWith('not_found', /no payment/));
});

test('in a batch each refund is decided after the ones before it', async () => {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [100n], over: 10n });
  const requestKey = newId('request');
  const verdicts = await askRefunds(
    books,
    { paymentId, principal: 70n, requestKey },
    { paymentId, principal: 50n },
    { paymentId, principal: 70n, requestKey },
    { paymentId, principal: 40n },
    { paymentId, principal: 60n, requestKey },
  );
  assert.deepEqual(
    verdicts.map((verdict) => (verdict.ok ? (verdict.replayed ? 'again' : 'new') : verdict.code)),
    ['new', 'amount_too_large', 'again', 'new', 'idempotency_key_reused'],
  );
  await inOrder(books);
});

test('a bank debit that comes back after part of it was refunded leaves books that balance, and a person is told', async () => {
  const books = await given.organization();
  const { paymentId, invoiceIds } = await settledPayment(books, {
    parts: [100n],
    over: 30n,
    fee: 5n,
    kind: 'bank_account',
  });
  const split = { fromUnapplied: 20n, lines: [{ invoiceId: invoiceIds[0] as string, amount: 50n }] };
  await refundNews(books, await askRefund(books, { paymentId, ...split }), 'settled');
  const open = await askRefund(books, { paymentId, principal: 10n });
  await given.outcome(books, paymentId, news('returned'));
  const returned = await read.ledger(books);
  // 70 + 3 of the fee went out and the bank took all 135 back: 73 are lost, and 100 are owed again.
  assert.deepEqual(
    [
      returned.gateway_clearing,
      returned.accounts_receivable,
      returned.unapplied_cash,
      returned.surcharge_income,
    ],
    [-73n, 100n, 0n, 0n],
  );
  assert.equal(returned.refunds, 73n);
  assert.equal((await read.invoice(books, invoiceIds[0] as string)).balanceDue, 100n);
  await inOrder(books);
  await refundNews(books, open, 'submitted');
  assert.equal((await read.ledger(books)).gateway_clearing, -83n);
  await inOrder(books);
  await refundNews(books, open, 'failed');
  assert.equal((await read.ledger(books)).gateway_clearing, -73n);
  await inOrder(books);
  assert.ok((await read.events(books, paymentId)).includes('refund.needs_attention'));
});
