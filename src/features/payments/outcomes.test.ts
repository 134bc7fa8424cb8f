import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { MethodDetails } from '#features/payments/payment-gateway.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { type Books, bankAccount, card, given, news, read } from '../../../test/support/given.ts';

type Kind = 'card' | 'bank_account';
async function pending(kind: Kind, amount = 100n, over = 0n) {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, amount);
  const { paymentId } = await given.charge(books, {
    customerId,
    kind,
    amount: amount + over,
    applications: [{ invoiceId, amount }],
  });
  const stands = async () => {
    const [payment, invoice] = [await read.payment(books, paymentId), await read.invoice(books, invoiceId)];
    assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
    return [payment.state, payment.applied, invoice.balanceDue, invoice.reserved];
  };
  return { books, customerId, invoiceId, paymentId, stands };
}
const clearing = async (books: Books) => (await read.ledger(books)).gateway_clearing ?? 0n;

test('an approved card is in the books at once, and settling changes only its state', async () => {
  const { books, paymentId, invoiceId, stands } = await pending('card', 100n, 30n);
  await given.outcome(books, paymentId, news('approved'));
  assert.deepEqual(await stands(), ['approved', 100n, 0n, 0n]);
  assert.deepEqual([await clearing(books), (await read.ledger(books)).unapplied_cash], [130n, -30n]);
  await given.outcome(books, paymentId, news('settling'), news('settled'));
  assert.deepEqual(await stands(), ['settled', 100n, 0n, 0n]);
  assert.equal(await clearing(books), 130n);
  assert.deepEqual(await read.events(books, paymentId), [
    'payment.requested',
    'payment.approved',
    'payment.settling',
    'payment.settled',
  ]);
  assert.deepEqual((await read.events(books, invoiceId)).slice(1), [
    'invoice.payment_applied',
    'invoice.paid',
  ]);
});

test('a decline gives the reservation back, and the payer may try again', async () => {
  const { books, paymentId, invoiceId, customerId, stands } = await pending('card');
  await given.outcome(books, paymentId, news('declined'));
  assert.deepEqual(await stands(), ['declined', 0n, 100n, 0n]);
  assert.equal((await read.payment(books, paymentId)).gatewaySource, null);
  await given.charge(books, { customerId, amount: 100n, applications: [{ invoiceId, amount: 100n }] });
  assert.equal((await read.invoice(books, invoiceId)).reserved, 100n);
});

test('an outcome that nobody knows keeps the reservation until it is known', async () => {
  for (const [word, after] of [
    ['approved', [100n, 0n, 0n]],
    ['declined', [0n, 100n, 0n]],
  ] as const) {
    const { books, paymentId, stands } = await pending('card');
    await given.outcome(books, paymentId, news('unknown'), news('unknown'));
    assert.deepEqual(await stands(), ['unknown', 0n, 100n, 100n]);
    await given.outcome(books, paymentId, news(word));
    assert.deepEqual(await stands(), [word, ...after]);
  }
});

test('a bank debit reserves until it settles, and only then posts', async () => {
  const { books, paymentId, stands } = await pending('bank_account');
  for (const word of ['submitted', 'accepted', 'collected'] as const) {
    await given.outcome(books, paymentId, news(word));
    assert.deepEqual(await stands(), [word, 0n, 100n, 100n]);
    assert.equal(await clearing(books), 0n);
  }
  await given.outcome(books, paymentId, news('settled', bankAccount));
  assert.deepEqual(await stands(), ['settled', 100n, 0n, 0n]);
});

test('a bank debit returned before it settled frees the invoice and touches no book', async () => {
  const { books, paymentId, stands } = await pending('bank_account');
  await given.outcome(books, paymentId, news('submitted'), news('returned'), news('settled', bankAccount));
  assert.deepEqual(await stands(), ['returned', 0n, 100n, 0n]);
  assert.equal(await clearing(books), 0n);
});

test('a bank debit returned after it settled opens the invoice again and takes the money out of the books', async () => {
  const { books, paymentId, invoiceId, stands } = await pending('bank_account', 100n, 25n);
  await given.outcome(
    books,
    paymentId,
    news('submitted'),
    news('settled', bankAccount),
    news('returned'),
    news('returned'),
  );
  assert.deepEqual(await stands(), ['returned', 0n, 100n, 0n]);
  assert.deepEqual([await clearing(books), (await read.ledger(books)).unapplied_cash], [0n, 0n]);
  assert.equal((await read.payment(books, paymentId)).returnCode, 'R01');
  assert.deepEqual((await read.events(books, invoiceId)).slice(1), [
    'invoice.payment_applied',
    'invoice.paid',
    'invoice.payment_unapplied',
    'invoice.reopened',
  ]);
});

test('late, doubled and disordered news changes nothing that is known', async () => {
  const { books, paymentId, stands } = await pending('card');
  await given.outcome(
    books,
    paymentId,
    news('settled'),
    news('approved'),
    news('settling'),
    news('unknown'),
    news('declined'),
    news('settled'),
    news('approved'),
  );
  assert.deepEqual(await stands(), ['settled', 100n, 0n, 0n]);
  assert.equal(await clearing(books), 100n);
});

test('several pieces of news of one payment in one batch are taken one after the other', async () => {
  const paths: [Kind, Parameters<typeof news>[], (string | bigint)[]][] = [
    ['bank_account', [['submitted'], ['settled', bankAccount]], ['settled', 100n, 0n, 0n]],
    ['bank_account', [['settled', bankAccount], ['returned']], ['returned', 0n, 100n, 0n]],
    ['card', [['approved'], ['settled'], ['approved']], ['settled', 100n, 0n, 0n]],
    ['card', [['unknown'], ['declined']], ['declined', 0n, 100n, 0n]],
  ];
  for (const [kind, said, expected] of paths) {
    const { books, paymentId, stands } = await pending(kind);
    const { organizationId } = books;
    const outcomes = said.map(([word, method]) => ({ paymentId, outcome: news(word, method) }));
    await books.tx((tx) => recordChargeOutcomes(tx, books.actor, { organizationId, outcomes }, books.now));
    assert.deepEqual(await stands(), expected);
  }
});

test('the gateway’s word on card or bank account counts, not what the caller called it', async () => {
  const debit = await pending('card');
  await given.outcome(debit.books, debit.paymentId, news('submitted'));
  assert.deepEqual(await debit.stands(), ['submitted', 0n, 100n, 100n]);
  assert.equal((await read.payment(debit.books, debit.paymentId)).kind, 'bank_account');
  await given.outcome(debit.books, debit.paymentId, news('settled', bankAccount), news('returned'));
  assert.deepEqual(await debit.stands(), ['returned', 0n, 100n, 0n]);

  const returned = await pending('card');
  await given.outcome(returned.books, returned.paymentId, news('unknown'), news('returned'));
  assert.deepEqual(await returned.stands(), ['returned', 0n, 100n, 0n]);

  const plastic = await pending('bank_account');
  await given.outcome(plastic.books, plastic.paymentId, news('approved'));
  assert.deepEqual(await plastic.stands(), ['approved', 100n, 0n, 0n]);
});

const methodsOf = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ id: string; last4: string; kind: string }>(sql`
  select id, last4, kind from payment_methods where organization_id = ${books.organizationId}`),
  );

test('a method that the payer wants kept is kept once, whatever is said how often', async () => {
  const stored = (method: MethodDetails): MethodDetails => ({ ...method, storedToken: 'sm_1' });
  const runs: Parameters<typeof news>[][] = [
    [
      ['approved', stored(card)],
      ['approved', stored(card)],
      ['settled', stored(card)],
    ],
    [['unknown'], ['unknown'], ['settled', stored(card)], ['settled', stored(card)]],
  ];
  for (const together of [false, true]) {
    for (const said of runs) {
      const books = await given.organization();
      const { customerId, invoiceId } = await given.debtor(books, 100n);
      const { paymentId } = await given.charge(books, {
        customerId,
        amount: 100n,
        applications: [{ invoiceId, amount: 100n }],
        gatewaySource: { kind: 'one_time', token: 'tok', store: true },
      });
      const outcomes = said.map(([word, method]) => ({ paymentId, outcome: news(word, method) }));
      const record = (batch: typeof outcomes) =>
        books.tx((tx) =>
          recordChargeOutcomes(
            tx,
            books.actor,
            { organizationId: books.organizationId, outcomes: batch },
            books.now,
          ),
        );
      if (together) await record(outcomes);
      else for (const outcome of outcomes) await record([outcome]);
      const methods = await methodsOf(books);
      assert.deepEqual(
        methods.map(({ last4 }) => last4),
        ['4242'],
      );
      assert.equal((await read.payment(books, paymentId)).paymentMethodId, methods[0]?.id);
      assert.deepEqual(await read.events(books, methods[0]?.id ?? ''), ['payment_method.stored']);
    }
  }
});

test('a method is not kept when the payer did not ask, the charge was declined, or it was stored before', async () => {
  const token = { ...card, storedToken: 'sm_2' };
  const unasked = await pending('card');
  await given.outcome(unasked.books, unasked.paymentId, news('approved', token));
  assert.deepEqual(await methodsOf(unasked.books), []);
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 100n);
  const paymentMethodId = await given.storedMethod(books, customerId);
  const { paymentId } = await given.charge(books, {
    customerId,
    amount: 100n,
    applications: [{ invoiceId, amount: 100n }],
    paymentMethodId,
    gatewaySource: { kind: 'stored', token: 'sm' },
  });
  await given.outcome(books, paymentId, news('approved', token));
  assert.equal((await methodsOf(books)).length, 1);
});

test('an invoice under payment cannot be voided; once the charge is declined it can', async () => {
  const { books, invoiceId, paymentId } = await pending('card');
  const { organizationId } = books;
  const voiding = () =>
    books.tx((tx) =>
      voidInvoice(tx, books.actor, { organizationId, invoiceId, reason: 'Wrong customer' }, books.now),
    );
  await assert.rejects(voiding(), { code: 'state_refused', message: /being processed/ });
  await given.outcome(books, paymentId, news('declined'));
  await voiding();
  await assert.rejects(voiding(), { code: 'state_refused', message: /void already/ });
  assert.deepEqual(await read.ledger(books), { accounts_receivable: 0n, sales: 0n });
});

test('a paid invoice cannot be voided, nor a void one paid', async () => {
  const { books, invoiceId, paymentId, customerId } = await pending('card');
  const { organizationId } = books;
  await given.outcome(books, paymentId, news('approved'));
  await assert.rejects(
    books.tx((tx) => voidInvoice(tx, books.actor, { organizationId, invoiceId, reason: 'x' }, books.now)),
    { code: 'state_refused', message: /applied/ },
  );
  const other = await given.invoice(books, customerId, 50n);
  await books.tx((tx) =>
    voidInvoice(tx, books.actor, { organizationId, invoiceId: other, reason: 'x' }, books.now),
  );
  await assert.rejects(
    given.payment(books, { customerId, amount: 50n, applications: [{ invoiceId: other, amount: 50n }] }),
    { code: 'state_refused', message: /not open/ },
  );
  assert.deepEqual((await checkLedger(books.db, organizationId)).problems, []);
});
