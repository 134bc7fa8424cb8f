import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { sql } from 'kysely';
import { reportOf } from '#features/reports/catalogue.ts';
import { readFilter } from '#features/reports/filter-fields.ts';
import { readDesk } from '#features/reports/read-report.ts';
import { reportFile } from '#features/reports/report-files.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, bankAccount, card, given, news } from '../../../test/support/given.ts';
import { askRefund, refundNews, settledPayment } from '../../../test/support/refunds.ts';
import { reportPage } from '../../../test/support/reports.ts';

type Sums = Record<string, bigint>;

/** What payments put to accounts of the ledger, those that came back taken off. */
async function posted(books: Books): Promise<Sums> {
  const rows = await books.tx((tx) =>
    tx.rows<{ account: string; sum: bigint }>(sql`select l.account, sum(l.debit - l.credit)::bigint as sum
      from journal_lines l join journal_entries e on e.organization_id = l.organization_id and e.id = l.entry_id
      where e.organization_id = ${books.organizationId} and e.kind in ('payment_posted', 'payment_reversed')
      group by l.account`),
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
}

/** On one day: a card with a surcharge; debits with a discount, of which one comes back, one is refunded. */
async function trade(): Promise<Books> {
  const books = await given.organization();
  await setFees(books);
  const paid = async (kind: 'card' | 'bank_account', amount: bigint, fee: bigint) => {
    const { customerId, invoiceId } = await given.debtor(books, amount);
    const feeKind = kind === 'card' ? ('surcharge' as const) : ('bank_discount' as const);
    const { paymentId } = await given.charge(books, {
      ...{ customerId, kind, amount: amount + fee, paidOnTop: { amount: fee, kind: feeKind } },
      ...(kind === 'card' ? { inspected: { funding: 'credit', brand: 'visa' } } : {}),
      applications: [{ invoiceId, amount }],
    });
    if (kind === 'card') await given.outcome(books, paymentId, news('approved', card), news('settled'));
    else await given.outcome(books, paymentId, news('submitted'), news('settled', bankAccount));
    return paymentId;
  };
  await paid('card', 200_00n, 6_00n);
  const bank = { mode: 'bank_discount', percent: '2', costPercent: null, acquirerNotifiedOn: null } as const;
  await setFees(books, bank);
  await paid('bank_account', 300_00n, -6_00n);
  const refunded = await paid('bank_account', 50_00n, -1_00n);
  await refundNews(books, await askRefund(books, { paymentId: refunded }), 'submitted', 'settled');
  await given.outcome(books, await paid('bank_account', 100_00n, -2_00n), news('returned'));
  await settledPayment(books, { parts: [40_00n] });
  return books;
}

test('discounts are not set off against card fees: each has its column, as the ledger has its account', async () => {
  const books = await trade();
  const page = await reportPage(books, 'payments', { by: 'day' });
  const [row, ...more] = page.rows.map(({ cells }) => cells);
  assert.equal(more.length, 0);
  const of = (key: string) => row?.[page.columns.findIndex((column) => column.key === key)];
  const ledger = await posted(books);
  assert.deepEqual([of('fees'), of('discounts')], [6_00, 7_00]);
  assert.deepEqual([ledger.surcharge_income, ledger.bank_discounts], [-6_00n, 7_00n]);
  assert.deepEqual([of('amount'), ledger.gateway_clearing], [589_00, 589_00n]);
  assert.deepEqual([of('refunded'), of('net')], [49_00, 540_00]);
  assert.equal(Number(of('amount')) - Number(of('fees')) + Number(of('discounts')), 590_00);
  assert.equal(ledger.accounts_receivable, -590_00n, 'what invoices were paid');
});

test('the files have the column too', async () => {
  const books = await trade();
  const report = reportOf('payments');
  const desk = await books.tx((tx) => readDesk(tx, books.organizationId, { now: books.now }));
  const asked = { report, desk, filter: readFilter(report.fields, { by: 'kind' }) };
  const csv = await text(reportFile(books.db, books.actor, asked, 'csv'));
  const [head, ...rows] = csv.replace('\ufeff', '').trim().split(/\r?\n/);
  assert.equal(
    head,
    'Method,Payments,Received,Of it card fees,Bank discounts,Refunded,Net,Processor fees,Currency',
  );
  assert.deepEqual(rows, [
    'Bank Account,2,343.00,0.00,7.00,49.00,294.00,0.00,USD',
    'Card,2,246.00,6.00,0.00,0.00,246.00,0.00,USD',
  ]);
});
