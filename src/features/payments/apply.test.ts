import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { applyPayment } from '#features/payments/apply-payment.ts';
import type { Application } from '#features/payments/rules.ts';
import { unapplyPayment } from '#features/payments/unapply-payment.ts';
import { requestRefunds } from '#features/refunds/request-refunds.ts';
import { requestVoid } from '#features/refunds/request-void.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { seeded } from '#lib/random.ts';
import { type Books, bankAccount, given, later, news, read } from '../../../test/support/given.ts';

const problems = async (books: Books) => (await checkLedger(books.db, books.organizationId)).problems;
const inOrder = async (books: Books) => assert.deepEqual(await problems(books), []);

const apply = (books: Books, paymentId: string, ...applications: Application[]) =>
  books.tx((tx) =>
    applyPayment(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, applications },
      books.now,
    ),
  );
const unapply = (books: Books, paymentId: string, invoiceId: string) =>
  books.tx((tx) =>
    unapplyPayment(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, invoiceId },
      books.now,
    ),
  );
const voidByHand = (books: Books, paymentId: string) =>
  books.tx((tx) =>
    requestVoid(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, sendReceipt: false },
      books.now,
    ),
  );
const refused = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

/** A customer with a deposit of so much, and an invoice that came later. */
async function retained(deposit: bigint, due: bigint) {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, due);
  const { paymentId } = await given.payment(books, { customerId, amount: deposit });
  return { books, customerId, invoiceId, paymentId };
}

test('a retainer meets its invoice later: the invoice is paid, the rest stays unapplied, both timelines say so', async () => {
  const { books, invoiceId, paymentId } = await retained(500n, 300n);
  await apply(books, paymentId, { invoiceId, amount: 300n });
  const invoice = await read.invoice(books, invoiceId);
  assert.deepEqual([invoice.balanceDue, invoice.closedAt !== null], [0n, true]);
  assert.equal((await read.payment(books, paymentId)).applied, 300n);
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.unapplied_cash, ledger.accounts_receivable], [-200n, 0n]);
  assert.deepEqual(await read.events(books, paymentId), ['payment.recorded', 'payment.applied']);
  assert.deepEqual((await read.events(books, invoiceId)).slice(1), [
    'invoice.payment_applied',
    'invoice.paid',
  ]);
  await inOrder(books);
});

test('taken off again, however it came there, the invoice is owed and the money waits; and it may go back on', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const applications = [{ invoiceId, amount: 300n }];
  const { paymentId } = await given.payment(books, { customerId, amount: 300n, applications });
  for (let round = 0; round < 3; round += 1) {
    await unapply(books, paymentId, invoiceId);
    const reopened = await read.invoice(books, invoiceId);
    assert.deepEqual([reopened.balanceDue, reopened.closedAt], [300n, null]);
    assert.equal((await read.ledger(books)).unapplied_cash, -300n);
    await inOrder(books);
    await apply(books, paymentId, { invoiceId, amount: 100n });
    await apply(books, paymentId, { invoiceId, amount: 200n });
    assert.equal((await read.invoice(books, invoiceId)).balanceDue, 0n);
    await inOrder(books);
  }
  const rows = await books.tx((tx) =>
    tx.rows<{ state: string; count: bigint }>(sql`select state, count(*) from payment_applications
      where organization_id = ${books.organizationId} and payment_id = ${paymentId} group by state order by state`),
  );
  assert.deepEqual(rows, [
    { state: 'applied', count: 2n },
    { state: 'ended', count: 5n },
  ]);
});

test('asked for once more after it was put elsewhere, it is the same payment', async () => {
  const { books, customerId, invoiceId } = await retained(1n, 300n);
  const ask = { customerId, amount: 500n, requestKey: newId('request') };
  const { paymentId } = await given.payment(books, ask);
  const { organizationId, actor } = books;
  const applications = [{ invoiceId, amount: 300n }];
  await books.tx((tx) => applyPayment(tx, actor, { organizationId, paymentId, applications }, later(1)));
  assert.deepEqual(await given.payment(books, ask), { ok: true, paymentId, replayed: true });
});

test('no more is applied than is unapplied, or payable; a stranger’s invoice does not exist', async () => {
  const { books, customerId, invoiceId, paymentId } = await retained(500n, 300n);
  await assert.rejects(
    apply(books, paymentId, { invoiceId, amount: 301n }),
    refused('amount_too_large', /can be paid on this invoice/),
  );
  const large = await given.invoice(books, customerId, 900n);
  await assert.rejects(
    apply(books, paymentId, { invoiceId, amount: 300n }, { invoiceId: large, amount: 201n }),
    refused('amount_too_large', /left unapplied/),
  );
  const stranger = await given.debtor(books, 300n);
  await assert.rejects(
    apply(books, paymentId, { invoiceId: stranger.invoiceId, amount: 1n }),
    refused('not_found', /no invoice/),
  );
  await given.charge(books, { customerId, amount: 250n, applications: [{ invoiceId, amount: 250n }] });
  await assert.rejects(
    apply(books, paymentId, { invoiceId, amount: 51n }),
    refused('amount_too_large', /can be paid/),
  );
  await assert.rejects(unapply(books, paymentId, invoiceId), refused('not_found', /not applied/));
  await inOrder(books);
});

test('only a payment that stands is applied or taken off', async () => {
  const books = await given.organization();
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const { paymentId } = await given.charge(books, { customerId, amount: 300n, kind: 'bank_account' });
  await assert.rejects(
    apply(books, paymentId, { invoiceId, amount: 1n }),
    refused('state_refused', /still under way/),
  );
  await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
  await apply(books, paymentId, { invoiceId, amount: 300n });
  await given.outcome(books, paymentId, news('returned'));
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 300n);
  await assert.rejects(unapply(books, paymentId, invoiceId), refused('state_refused', /returned/));
  await assert.rejects(
    apply(books, paymentId, { invoiceId, amount: 1n }),
    refused('state_refused', /returned/),
  );
  await inOrder(books);
});

test('what was refunded of an invoice’s money cannot be taken off it, nor applied a second time', async () => {
  const { books, invoiceId, paymentId } = await retained(500n, 300n);
  const { organizationId, actor, now } = books;
  await apply(books, paymentId, { invoiceId, amount: 300n });
  const refund = (fromUnapplied: bigint, ofInvoice: bigint) =>
    books.tx((tx) =>
      requestRefunds(
        tx,
        actor,
        {
          organizationId,
          refunds: [
            {
              requestKey: newId('request'),
              paymentId,
              feeHandling: 'inclusive',
              sendReceipt: false,
              fromUnapplied,
              lines: ofInvoice > 0n ? [{ invoiceId, amount: ofInvoice }] : [],
            },
          ],
        },
        now,
      ),
    );
  await refund(150n, 0n);
  const second = await given.invoice(books, await customerOf(books, paymentId), 100n);
  await assert.rejects(
    apply(books, paymentId, { invoiceId: second, amount: 51n }),
    refused('amount_too_large', /left unapplied/),
  );
  await apply(books, paymentId, { invoiceId: second, amount: 50n });
  await refund(0n, 10n);
  await assert.rejects(unapply(books, paymentId, invoiceId), refused('state_refused', /refunded/));
  await unapply(books, paymentId, second);
  await inOrder(books);
});

const customerOf = async (books: Books, paymentId: string): Promise<string> => {
  const row = await books.tx((tx) =>
    tx.row<{ customerId: string }>(sql`select customer_id from payments
      where organization_id = ${books.organizationId} and id = ${paymentId}`),
  );
  return row?.customerId ?? assert.fail('no such payment');
};

test('of two who apply the last dollar of a payment one does, and the other is told why', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { books, customerId, invoiceId, paymentId } = await retained(100n, 100n);
    const other = await given.invoice(books, customerId, 100n);
    const { paymentId: second } = await given.payment(books, { customerId, amount: 100n });
    const results = await Promise.allSettled([
      apply(books, paymentId, { invoiceId, amount: 100n }),
      apply(books, paymentId, { invoiceId: other, amount: 100n }),
      apply(books, second, { invoiceId, amount: 100n }),
    ]);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      refused('amount_too_large', /applied already|can be paid/)(result.reason);
    }
    const won = results.filter(({ status }) => status === 'fulfilled').length;
    assert.ok(won === 1 || won === 2, `${won} won`);
    await inOrder(books);
  }
});

test('while one applies, the bank takes the payment back: whoever comes first, the books agree', async () => {
  for (let round = 0; round < 8; round += 1) {
    const books = await given.organization();
    const { customerId, invoiceId } = await given.debtor(books, 100n);
    const { paymentId } = await given.charge(books, { customerId, amount: 100n, kind: 'bank_account' });
    await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
    const [applied, returned] = await Promise.allSettled([
      apply(books, paymentId, { invoiceId, amount: 100n }),
      given.outcome(books, paymentId, news('returned')),
    ]);
    assert.equal(returned.status, 'fulfilled');
    if (applied.status === 'rejected') refused('state_refused', /returned/)(applied.reason);
    assert.equal((await read.invoice(books, invoiceId)).balanceDue, 100n);
    await inOrder(books);
  }
});

test('applied and taken off at random, then struck or returned: exactly what stood applied is reversed', async () => {
  for (let seed = 0; seed < 6; seed += 1) {
    const random = seeded(seed);
    const books = await given.organization();
    const customerId = await given.customer(books);
    const invoices: string[] = [];
    for (let at = 0; at < 3; at += 1) invoices.push(await given.invoice(books, customerId, 400n));
    const byBank = random.chance(0.5);
    const first = [{ invoiceId: invoices[0] as string, amount: 250n }];
    const money = { customerId, amount: 900n, applications: first };
    const { paymentId } = byBank
      ? await given.charge(books, { ...money, kind: 'bank_account' })
      : await given.payment(books, money);
    if (byBank) await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
    for (let step = 0; step < 12; step += 1) {
      const invoiceId = invoices[random.int(0, 2)] as string;
      const move = random.chance(0.6)
        ? apply(books, paymentId, { invoiceId, amount: BigInt(random.int(1, 300)) })
        : unapply(books, paymentId, invoiceId);
      await move.catch((error: unknown) => assert.ok(error instanceof Refusal, String(error)));
      assert.deepEqual(await problems(books), [], `seed ${seed}, step ${step}`);
    }
    await (byBank ? given.outcome(books, paymentId, news('returned')) : voidByHand(books, paymentId));
    for (const invoiceId of invoices)
      assert.equal((await read.invoice(books, invoiceId)).balanceDue, 400n, `seed ${seed}`);
    assert.equal((await read.ledger(books)).unapplied_cash ?? 0n, 0n, `seed ${seed}`);
    assert.deepEqual(await problems(books), [], `seed ${seed}`);
  }
});

test('an application that only one side tells of is found', async () => {
  const { books, invoiceId, paymentId } = await retained(500n, 300n);
  await apply(books, paymentId, { invoiceId, amount: 200n });
  await books.tx((tx) =>
    tx.run(sql`update payment_applications set state = 'ended', ended_at = ${books.now}
      where organization_id = ${books.organizationId} and payment_id = ${paymentId}`),
  );
  const found = (await problems(books)).join('\n');
  assert.match(found, new RegExp(`${paymentId}: applied 200, applications say 0`));
  assert.match(found, new RegExp(`${invoiceId}: applied 200 and reserved 0, applications say 0 and 0`));
});
