import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { accepted } from '#features/payments/decide-batch.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type Books, chargeAsk, given, handPayment, read } from '../../../test/support/given.ts';

const refused =
  (code: string, param: string, message = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.deepEqual([error.code, error.details.param], [code, param]);
    assert.match(error.message, message);
    return true;
  };
const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);

test('a check in hand is received, applied and in the books at once', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  const { paymentId } = await given.payment(books, {
    customerId,
    amount: 10_000n,
    applications: [{ invoiceId, amount: 10_000n }],
  });
  const [payment, invoice] = [await read.payment(books, paymentId), await read.invoice(books, invoiceId)];
  assert.deepEqual([payment.state, payment.applied, invoice.balanceDue], ['settled', 10_000n, 0n]);
  assert.ok(invoice.closedAt);
  assert.deepEqual(await read.ledger(books), {
    accounts_receivable: 0n,
    sales: -10_000n,
    undeposited_funds: 10_000n,
  });
  assert.deepEqual(await read.events(books, invoiceId), [
    'invoice.issued',
    'invoice.payment_applied',
    'invoice.paid',
  ]);
  await inOrder(books);
});

test('a partial payment leaves the rest due, and the invoice open', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 10_000n);
  await given.payment(books, { customerId, amount: 1n, applications: [{ invoiceId, amount: 1n }] });
  const invoice = await read.invoice(books, invoiceId);
  assert.deepEqual([invoice.balanceDue, invoice.closedAt], [9_999n, null]);
  await inOrder(books);
});

test('what a payment brings beyond its invoices is unapplied cash of the customer', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 500n);
  await given.payment(books, { customerId, amount: 700n, applications: [{ invoiceId, amount: 500n }] });
  await given.payment(books, { customerId, amount: 40n });
  assert.equal((await read.ledger(books)).unapplied_cash, -240n);
  await inOrder(books);
});

test('one payment pays several invoices, each by its share, and all or none', async () => {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const [a, b, c] = [
    await given.invoice(books, customerId, 100n),
    await given.invoice(books, customerId, 200n),
    await given.invoice(books, customerId, 300n),
  ];
  const apply = (last: bigint) => [
    { invoiceId: c, amount: last },
    { invoiceId: a, amount: 100n },
    { invoiceId: b, amount: 50n },
  ];
  await assert.rejects(
    given.payment(books, { customerId, amount: 900n, applications: apply(301n) }),
    refused('amount_too_large', 'applications.0'),
  );
  assert.equal((await read.invoice(books, a)).balanceDue, 100n);
  await given.payment(books, { customerId, amount: 450n, applications: apply(300n) });
  const due = await Promise.all([a, b, c].map(async (id) => (await read.invoice(books, id)).balanceDue));
  assert.deepEqual(due, [0n, 150n, 0n]);
  await inOrder(books);
});

test('a payment is refused with its reason and field, and nothing is written', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const stranger = await given.customer(books);
  const elsewhere = await given.debtor(await given.organization(), 100n);
  const pay = (amount: bigint, id = invoiceId, who = customerId) =>
    given.payment(books, { customerId: who, amount, applications: [{ invoiceId: id, amount }] });
  await assert.rejects(
    pay(101n),
    refused('amount_too_large', 'applications.0', /more than what can be paid/),
  );
  await assert.rejects(pay(100n, elsewhere.invoiceId), refused('not_found', 'applications.0'));
  await assert.rejects(pay(100n, newId('invoice')), refused('not_found', 'applications.0'));
  await assert.rejects(pay(100n, invoiceId, stranger), refused('not_found', 'applications.0'));
  await given.charge(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  await assert.rejects(pay(1n), refused('amount_too_large', 'applications.0', /already being processed/));
  assert.equal((await read.ledger(books)).undeposited_funds, undefined);
});

test('in a batch each item has its own verdict, and what one takes the next cannot', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const key = newId('request');
  const ask = (amount: bigint, requestKey = newId('request')) =>
    handPayment(books, { customerId, amount, requestKey, applications: [{ invoiceId, amount }] });
  const payments = [ask(60n, key), ask(60n), ask(40n), ask(60n, key), ask(1n)];
  const verdicts = await books.tx((tx) =>
    recordPayments(tx, books.actor, { organizationId: books.organizationId, payments }, books.now),
  );
  assert.deepEqual(
    verdicts.map((verdict) => (verdict.ok ? verdict.replayed : verdict.code)),
    [false, 'amount_too_large', false, true, 'amount_too_large'],
  );
  assert.equal(verdicts[0]?.ok && verdicts[0].paymentId, verdicts[3]?.ok && verdicts[3].paymentId);
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n);
  await inOrder(books);
});

test('the same request again finds the first payment, whatever has become of the invoice since', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const ask = {
    customerId,
    amount: 100n,
    requestKey: newId('request'),
    applications: [{ invoiceId, amount: 100n }],
  };
  const first = await given.payment(books, ask);
  const again = await given.payment(books, ask);
  assert.deepEqual([again.paymentId, again.replayed], [first.paymentId, true]);
  await inOrder(books);
});

test('a key that was used for another payment is refused, whatever is different', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const second = await given.invoice(books, customerId, 100n);
  const other = await given.customer(books);
  const ask = {
    customerId,
    amount: 50n,
    requestKey: newId('request'),
    reference: '1001',
    memo: 'For March',
    applications: [{ invoiceId, amount: 50n }],
  };
  const { paymentId } = await given.payment(books, ask);
  assert.deepEqual(await given.payment(books, ask), { ok: true, paymentId, replayed: true });
  const reused = refused('idempotency_key_reused', 'request_key', /new key/);
  await assert.rejects(given.payment(books, { ...ask, amount: 60n }), reused);
  await assert.rejects(given.payment(books, { ...ask, customerId: other, applications: [] }), reused);
  await assert.rejects(
    given.payment(books, { ...ask, applications: [{ invoiceId: second, amount: 50n }] }),
    reused,
  );
  await assert.rejects(given.payment(books, { ...ask, applications: [{ invoiceId, amount: 49n }] }), reused);
  await assert.rejects(given.payment(books, { ...ask, applications: [] }), reused);
  await assert.rejects(given.payment(books, { ...ask, kind: 'cash' }), reused);
  await assert.rejects(given.payment(books, { ...ask, reference: '1002' }), reused);
  await assert.rejects(given.payment(books, { ...ask, reference: undefined }), reused);
  await assert.rejects(given.payment(books, { ...ask, memo: 'For April' }), reused);
  await assert.rejects(given.charge(books, ask as Parameters<typeof given.charge>[1]), reused);
  assert.equal((await read.invoice(books, second)).balanceDue, 100n);
});

test('a charge that was asked for reserves its invoices and posts nothing', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 60n,
    applications: [{ invoiceId, amount: 60n }],
  });
  const [payment, invoice] = [await read.payment(books, paymentId), await read.invoice(books, invoiceId)];
  assert.deepEqual(
    [payment.state, payment.applied, invoice.balanceDue, invoice.reserved],
    ['pending', 0n, 100n, 60n],
  );
  assert.equal((await read.ledger(books)).gateway_clearing, undefined);
  await given.payment(books, { customerId, amount: 40n, applications: [{ invoiceId, amount: 40n }] });
  const late = given.charge(books, { customerId, amount: 1n, applications: [{ invoiceId, amount: 1n }] });
  await assert.rejects(late, refused('amount_too_large', 'applications.0'));
  await inOrder(books);
});

test('a second click on Pay is the same charge', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const ask = chargeAsk(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  const click = () =>
    books.tx((tx) =>
      requestCharges(tx, books.actor, { organizationId: books.organizationId, charges: [ask] }, books.now),
    );
  const [first, second] = [await click(), await click()];
  assert.equal(accepted(first[0] as never).paymentId, accepted(second[0] as never).paymentId);
});
