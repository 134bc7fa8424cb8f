import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { recordPayout } from '#features/deposits/record-payout.ts';
import type { DraftLine } from '#features/invoices/compose-draft.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { addTaxRate } from '#features/taxes/tax-rates.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { askRefund, settledPayment } from '../../../test/support/refunds.ts';
import { reportCells } from '../../../test/support/reports.ts';

const year = { period: 'custom', from: '2026-01-01', to: '2026-12-31' };

describe('sales tax, by hand', () => {
  const rate = (books: Books, name: string, percent: string) =>
    books.tx(async (tx) => {
      const about = { name, percent, inclusive: false, compound: false };
      const made = await addTaxRate(
        tx,
        books.actor,
        { organizationId: books.organizationId, rate: about },
        books.now,
      );
      return made.taxRateId;
    });
  const parts = (quantity: string, unitPrice: string, taxRateIds: string[]): DraftLine => ({
    ...{ itemName: 'Parts', description: '', quantity, unitPrice, taxable: true, taxRate: '0' },
    taxRateIds,
  });

  /** March: 29.97 with 6 % (1.80) and 2.5 % (0.75); February: 100.00 with 6 %; 10.60 of credit; one void. */
  async function trade() {
    const books = await given.organization();
    const [state, city] = [await rate(books, 'State', '6'), await rate(books, 'City', '2.5')];
    const customerId = await given.customer(books);
    const bill = (invoiceDate: string, line: DraftLine) =>
      given.invoice(books, customerId, 0n, { lines: [line], invoiceDate, dueDate: '2026-04-01' });
    const march = await bill('2026-03-01', parts('3', '9.99', [state, city]));
    await bill('2026-02-10', parts('1', '100', [state]));
    const gone = await bill('2026-03-01', parts('1', '500', [state, city]));
    const about = { organizationId: books.organizationId, invoiceId: gone, reason: 'Written twice' };
    await books.tx((tx) => voidInvoice(tx, books.actor, about, books.now));
    const memo = {
      customerId,
      reason: 'One came broken',
      lines: [{ description: 'Parts', amount: 10_00n, tax: 60n }],
    };
    await books.tx((tx) =>
      createCreditMemo(
        tx,
        books.actor,
        { organizationId: books.organizationId, memo, issue: true },
        books.now,
      ),
    );
    return { books, customerId, march };
  }

  test('by month and rate when it was invoiced, credits off, void ones never', async () => {
    const { books } = await trade();
    assert.deepEqual(await reportCells(books, 'tax', year), [
      ['2026-02', 'State 6 %', 100_00, 6_00],
      ['2026-03', 'City 2.5 %', 29_97, 75],
      ['2026-03', 'Credits', -10_00, -60],
      ['2026-03', 'State 6 %', 29_97, 1_80],
    ]);
  });

  test('by what was paid: half of 32.52 carries half of each tax, a returned payment takes it back', async () => {
    const { books, customerId, march } = await trade();
    await given.payment(books, {
      customerId,
      amount: 16_26n,
      receivedOn: '2026-03-02',
      applications: [{ invoiceId: march, amount: 16_26n }],
    });
    const half = [
      ['2026-03', 'City 2.5 %', 14_99, 38],
      ['2026-03', 'State 6 %', 14_99, 90],
    ];
    assert.deepEqual(await reportCells(books, 'tax', { ...year, basis: 'cash' }), half);
    const { paymentId } = await given.charge(books, {
      ...{ customerId, amount: 16_26n, kind: 'bank_account' },
      applications: [{ invoiceId: march, amount: 16_26n }],
    });
    await given.outcome(books, paymentId, news('submitted'), news('settled'));
    const sums = async () =>
      (await reportCells(books, 'tax', { ...year, basis: 'cash' })).map(([, , taxable]) => taxable);
    // Both halves are rounded by themselves where they come on days of their own; on one day they are one.
    assert.deepEqual(await sums(), [29_97, 29_97]);
    await given.outcome(books, paymentId, news('returned'));
    assert.deepEqual(await reportCells(books, 'tax', { ...year, basis: 'cash' }), half);
  });
});

describe('unapplied cash, by hand', () => {
  test('what is left of each payment, the oldest first: fees, refunds and what failed are no money of a customer', async () => {
    const books = await given.organization();
    const [ana, ben] = [
      await given.customer(books, { displayName: 'Ana' }),
      await given.customer(books, { displayName: 'Ben' }),
    ];
    const invoiceId = await given.invoice(books, ana, 80_00n);
    await given.payment(books, {
      ...{ customerId: ana, amount: 100_00n, reference: '2207', receivedOn: '2026-03-01' },
      applications: [{ invoiceId, amount: 80_00n }],
    });
    const { paymentId } = await given.payment(books, {
      ...{ customerId: ben, amount: 50_00n, kind: 'cash', receivedOn: '2026-02-20' },
    });
    await askRefund(books, { paymentId, principal: 10_00n });
    // 60.00 on an invoice, 40.00 too much, and a fee of 3.00 on top: 103.00.
    await settledPayment(books, { parts: [60_00n], over: 40_00n, fee: 3_00n });
    await settledPayment(books, { parts: [9_00n] });
    for (const said of ['declined', 'voided'] as const) {
      const charge = await given.charge(books, { customerId: ana, amount: 77_00n });
      await given.outcome(
        books,
        charge.paymentId,
        ...(said === 'voided' ? [news('approved')] : []),
        news(said),
      );
    }
    await given.charge(books, { customerId: ana, amount: 5_00n });
    const rows = await reportCells(books, 'unapplied-cash');
    assert.deepEqual(
      rows.map(([customer, ...rest]) =>
        customer === 'Ana' || customer === 'Ben' ? [customer, ...rest] : rest,
      ),
      [
        ['Ben', '2026-02-20', 'Cash', null, 50_00, 40_00],
        ['Ana', '2026-03-01', 'Check', '2207', 100_00, 20_00],
        ['2026-03-02', 'Card', null, 103_00, 40_00],
      ],
    );
  });
});

test('payments, by hand: card fees, what was refunded, and what the gateway kept as a payout says it', async () => {
  const books = await given.organization();
  const { organizationId, gatewayAccountId, actor, now } = books;
  const { paymentId } = await settledPayment(books, { parts: [100_00n], fee: 3_00n });
  await settledPayment(books, { parts: [40_00n] });
  await given.payment(books, { customerId: await given.customer(books), amount: 25_00n });
  const line = { reference: 'txn_1', kind: 'charge', paymentId, gross: 103_00n, fee: 3_29n } as const;
  const days = { initiatedOn: '2026-03-02', arrivesOn: '2026-03-04' };
  await books.tx((tx) =>
    recordPayout(
      tx,
      actor,
      {
        ...{ organizationId, gatewayAccountId },
        payout: {
          ...{ reference: 'po_1', state: 'paid', amount: 99_71n, currency: 'USD', ...days },
          lines: [{ ...line, net: 99_71n, description: 'Charge', on: '2026-03-02' }],
        },
      },
      now,
    ),
  );
  await askRefund(books, { paymentId, principal: 10_00n, feeHandling: 'exclusive' });
  assert.deepEqual(await reportCells(books, 'payments', { by: 'gateway' }), [
    ['Sandbox', 2, 143_00, 3_00, 0, 10_00, 133_00, 3_29],
    ['By hand', 1, 25_00, 0, 0, 0, 25_00, 0],
  ]);
  assert.deepEqual(await reportCells(books, 'payments', { by: 'day' }), [
    ['2026-03-02', 3, 168_00, 3_00, 0, 10_00, 158_00, 3_29],
  ]);
});
