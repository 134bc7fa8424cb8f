import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { type Books, bankAccount, given, news } from '../../../test/support/given.ts';

/** Books with something of each kind: open, paid, pending and returned. */
async function traded(): Promise<Books> {
  const books = await given.organization();
  const customerId = await given.customer(books);
  const invoice = (amount: bigint) => given.invoice(books, customerId, amount);
  const paid = await invoice(100n);
  await given.payment(books, { customerId, amount: 130n, applications: [{ invoiceId: paid, amount: 100n }] });
  const reserved = await invoice(200n);
  await given.charge(books, {
    customerId,
    amount: 50n,
    applications: [{ invoiceId: reserved, amount: 50n }],
  });
  const returned = await invoice(300n);
  const debit = await given.charge(books, {
    customerId,
    kind: 'bank_account',
    amount: 300n,
    applications: [{ invoiceId: returned, amount: 300n }],
  });
  await given.outcome(books, debit.paymentId, news('settled', bankAccount), news('returned'));
  return books;
}

/** What a hand in the database could do, and what the check must then say. `$1` is the organization. */
const tampers: [what: string, statement: string, says: RegExp][] = [
  [
    'an amount in the journal',
    `update journal_lines set debit = debit + 1 where organization_id = $1 and debit = 300`,
    /does not balance/,
  ],
  [
    'a line moved to another account',
    `update journal_lines set account = 'sales' where organization_id = $1
    and account = 'accounts_receivable' and credit = 100`,
    /ledger 100, balance due 0/,
  ],
  [
    'a sale booked as tax',
    `update journal_lines set account = 'sales_tax_payable' where organization_id = $1
    and account = 'sales' and credit = 200`,
    /sales 0 and tax 200 in the books, 200 and 0/,
  ],
  [
    'a receivable of another customer',
    `update journal_lines set customer_id = organization_id where organization_id = $1
    and account = 'accounts_receivable' and debit = 200`,
    /receivables of 200 stand with org_/,
  ],
  [
    'unapplied cash of another customer',
    `update journal_lines set customer_id = organization_id where organization_id = $1
    and account = 'unapplied_cash'`,
    /unapplied cash: ledger 0, payments 30/,
  ],
  [
    'money in hand booked as the gateway’s',
    `update journal_lines set account = 'gateway_clearing' where organization_id = $1
    and account = 'undeposited_funds'`,
    /amount 130 in the books as 0/,
  ],
  [
    'an account that nobody has',
    `update journal_lines set account = 'gold' where organization_id = $1
    and account = 'sales'`,
    /no account of this chart/,
  ],
  [
    'an entry without lines',
    `delete from journal_lines where organization_id = $1 and debit + credit = 200`,
    /has no lines/,
  ],
  [
    'an entry that is gone',
    `with gone as (delete from journal_entries where organization_id = $1 and kind = 'payment_reversed'
    returning id) delete from journal_lines where organization_id = $1 and entry_id in (select id from gone)`,
    /in the books as 300/,
  ],
  [
    'a total',
    `update invoices set total = total + 1 where organization_id = $1 and total = 200`,
    /ledger 200, balance due 201/,
  ],
  [
    'a reservation',
    `update invoices set reserved = 0 where organization_id = $1`,
    /reserved 0, applications say <NULL>|reserved 0/,
  ],
  [
    'an application',
    `delete from payment_applications where organization_id = $1 and state = 'applied'`,
    /applications say 0/,
  ],
  [
    'what is applied of a payment',
    `update payments set applied = 99 where organization_id = $1 and applied = 100`,
    /applied 99/,
  ],
  [
    'the state of a payment',
    `update payments set state = 'declined' where organization_id = $1
    and state = 'pending'`,
    /is reserved while its payment is declined/,
  ],
  [
    'a payment’s amount',
    `update payments set amount = 131 where organization_id = $1 and amount = 130`,
    /amount 131 in the books as 130/,
  ],
  [
    'when an invoice was closed',
    `update invoices set closed_at = now() where organization_id = $1 and total = 300`,
    /closed or open against/,
  ],
  [
    'what an invoice says',
    `update invoices set memo = 'forged' where organization_id = $1 and total = 200`,
    /differs from the event log/,
  ],
  [
    'a line of an invoice',
    `update invoice_lines set description = 'forged' where organization_id = $1`,
    /differs from the event log/,
  ],
  [
    'the event of an invoice',
    `delete from events where organization_id = $1 and type = 'invoice.issued'`,
    /does not have its document/,
  ],
];

test('books that nobody has touched show no drift', async () => {
  const books = await traded();
  const report = await checkLedger(books.db, books.organizationId);
  assert.deepEqual([report.drift, report.problems], [0, []]);
  assert.deepEqual([report.entries, report.invoices, report.payments, report.documents], [6, 3, 3, 3]);
});

for (const [what, statement, says] of tampers) {
  test(`owed check finds ${what}, done behind its back`, async () => {
    const books = await traded();
    const { rowCount } = await books.db.pool.query(statement, [books.organizationId]);
    assert.ok((rowCount ?? 0) > 0, 'there was nothing to tamper with');
    const report = await checkLedger(books.db, books.organizationId);
    assert.ok(
      report.drift > 0 && report.problems.some((problem) => says.test(problem)),
      report.problems.join('\n') || 'no drift',
    );
  });
}
