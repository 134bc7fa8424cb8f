import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { askRefund, refundNews, settledPayment } from '../../../test/support/refunds.ts';

/** Books with refunds of each kind: sent, failed, by hand, and of a debit that came back. */
async function refunded(): Promise<Books> {
  const books = await given.organization();
  const { paymentId } = await settledPayment(books, { parts: [60n, 40n], over: 30n, fee: 13n });
  await refundNews(books, await askRefund(books, { paymentId, principal: 70n }), 'settled');
  await refundNews(books, await askRefund(books, { paymentId, principal: 20n }), 'submitted', 'failed');
  const debit = await settledPayment(books, { parts: [500n], over: 5n, kind: 'bank_account' });
  await refundNews(books, await askRefund(books, { paymentId: debit.paymentId, principal: 8n }), 'settled');
  await given.outcome(books, debit.paymentId, news('returned'));
  const { customerId, invoiceId } = await given.debtor(books, 300n);
  const hand = await given.payment(books, {
    customerId,
    amount: 300n,
    applications: [{ invoiceId, amount: 300n }],
  });
  await askRefund(books, { paymentId: hand.paymentId, principal: 33n });
  return books;
}

/** What a hand in the database could do, and what the check must then say. `$1` is the organization. */
const tampers: [what: string, statement: string, says: RegExp][] = [
  [
    'a refund’s amount',
    `update refunds set amount = amount + 1 where organization_id = $1 and amount = 77`,
    /amount 78, its parts 77/,
  ],
  [
    'what a payment says was refunded',
    `update payments set refunded = refunded - 1 where organization_id = $1 and refunded = 33`,
    /refunded 32 \(0 of it unapplied cash\), refunds say 33/,
  ],
  [
    'what a payment says went back of its unapplied cash',
    `update payments set unapplied_refunded = 0 where organization_id = $1 and unapplied_refunded = 30`,
    /\(0 of it unapplied cash\), refunds say 77 \(30\)/,
  ],
  [
    'a failed refund that is called settled',
    `update refunds set state = 'settled', ended_at = null where organization_id = $1 and state = 'failed'`,
    /in the books as 0/,
  ],
  [
    'a settled refund that is called pending',
    `update refunds set state = 'pending', posted_at = null where organization_id = $1 and amount = 77`,
    /amount 77 \(pending\) in the books as 77/,
  ],
  [
    'a refund booked through the other account',
    `update journal_lines set account = 'undeposited_funds' where organization_id = $1 and account = 'gateway_clearing'
    and credit = 77`,
    /amount 77 \(settled\) in the books as 0/,
  ],
  [
    'a fee’s share booked as income given up',
    `update journal_lines set account = 'refunds' where organization_id = $1 and account = 'surcharge_income' and debit > 0`,
    /refunds \d+ and fee \d+ in the books, must be/,
  ],
  [
    'unapplied cash given back out of income',
    `update journal_lines set account = 'refunds' where organization_id = $1 and account = 'unapplied_cash' and debit = 30`,
    /unapplied cash: ledger 30, payments 0/,
  ],
  [
    'a fee that a payment brought, booked nowhere',
    `update journal_lines set account = 'sales' where organization_id = $1 and account = 'surcharge_income' and credit = 13`,
    /fee -7 in the books, must be \d+ and 6/,
  ],
  [
    'a line of a refund for more than the invoice was paid',
    `update refund_lines set amount = 61 where organization_id = $1 and amount = 40`,
    /61 refunded of what it brought/,
  ],
  [
    'a line that is gone',
    `delete from refund_lines where organization_id = $1 and amount = 33`,
    /amount 33, its parts 0/,
  ],
  [
    'a refund of another customer',
    `update refunds set customer_id = organization_id where organization_id = $1 and amount = 33`,
    /another customer’s/,
  ],
  [
    'a refund that is gone',
    `delete from refunds where organization_id = $1 and amount = 77`,
    /refunds say 0 \(0\)/,
  ],
  [
    'the reversal of a payment that forgets its refund',
    `update journal_lines set account = 'unapplied_cash' where organization_id = $1 and account = 'refunds' and debit = 5`,
    /must be 8 and 0|unapplied cash is -5/,
  ],
];

test('books with refunds that nobody has touched show no drift', async () => {
  const books = await refunded();
  const report = await checkLedger(books.db, books.organizationId);
  assert.deepEqual(report.problems, []);
});

for (const [what, statement, says] of tampers) {
  test(`owed check finds ${what}, done behind its back`, async () => {
    const books = await refunded();
    const client = await books.db.pool.connect();
    try {
      await client.query('set session_replication_role = replica');
      const { rowCount } = await client.query(statement, [books.organizationId]);
      assert.ok((rowCount ?? 0) > 0, 'there was nothing to tamper with');
      await client.query('set session_replication_role = origin');
    } finally {
      client.release();
    }
    const report = await checkLedger(books.db, books.organizationId);
    assert.ok(
      report.problems.some((problem) => says.test(problem)),
      report.problems.join('\n') || 'no drift',
    );
  });
}
