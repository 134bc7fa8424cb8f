import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { entryOfRefund, reversalOfRefund } from '#features/ledger/refund-rules.ts';
import {
  entryOfInvoice,
  entryOfPayment,
  isBalanced,
  type JournalEntry,
  ledgerAccounts,
  reversalOfInvoice,
  reversalOfPayment,
} from '#features/ledger/rules.ts';

const cents = fc.bigInt({ min: -9_000_000_000_000n, max: 9_000_000_000_000n });
const positive = fc.bigInt({ min: 1n, max: 9_000_000_000n });

const invoiceOf = (subtotal: bigint, tax: bigint) => ({
  id: 'inv',
  customerId: 'cus',
  currency: 'USD',
  invoiceDate: '2026-03-02',
  revision: 0,
  subtotal,
  tax,
  total: subtotal + tax,
});
const paymentOf = (parts: bigint[], over: bigint, throughGateway: boolean) => ({
  id: 'pay',
  customerId: 'cus',
  currency: 'USD',
  entryDate: '2026-03-02',
  throughGateway,
  amount: parts.reduce((total, part) => total + part, over),
  applications: parts.map((amount, at) => ({ invoiceId: `inv${at}`, amount })),
});

function wellFormed(entry: JournalEntry): void {
  assert.ok(isBalanced(entry));
  for (const { account, debit, credit } of entry.lines) {
    assert.ok(ledgerAccounts.some(({ key }) => key === account));
    assert.ok(
      debit >= 0n && credit >= 0n && (debit === 0n) !== (credit === 0n),
      'a line is a debit or a credit, above zero',
    );
  }
}

const net = (entries: JournalEntry[]): Map<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const line of entries.flatMap((entry) => entry.lines)) {
    const key = `${line.account} ${line.invoiceId ?? ''}`;
    sums.set(key, (sums.get(key) ?? 0n) + line.debit - line.credit);
  }
  return sums;
};

test('an issued invoice balances, debits receivables by its total, and its reversal leaves nothing', () => {
  fc.assert(
    fc.property(cents, cents, (subtotal, tax) => {
      const invoice = invoiceOf(subtotal, tax);
      const [entry, reversal] = [entryOfInvoice(invoice), reversalOfInvoice(invoice, '2026-04-01')];
      wellFormed(entry);
      wellFormed(reversal);
      assert.equal(net([entry]).get('accounts_receivable inv') ?? 0n, subtotal + tax);
      for (const left of net([entry, reversal]).values()) assert.equal(left, 0n);
      assert.equal(reversal.entryDate, '2026-04-01');
    }),
  );
});

test('a payment balances, takes each application off its invoice, and its reversal puts all of it back', () => {
  fc.assert(
    fc.property(
      fc.array(positive, { maxLength: 12 }),
      fc.bigInt({ min: 0n, max: 10_000n }),
      fc.boolean(),
      (parts, over, card) => {
        const payment = paymentOf(parts, over, card);
        const [entry, reversal] = [entryOfPayment(payment), reversalOfPayment(payment)];
        wellFormed(entry);
        wellFormed(reversal);
        const sums = net([entry]);
        assert.equal(sums.get(card ? 'gateway_clearing ' : 'undeposited_funds ') ?? 0n, payment.amount);
        assert.equal(sums.get('unapplied_cash ') ?? 0n, -over);
        payment.applications.forEach(({ invoiceId, amount }) => {
          assert.equal(sums.get(`accounts_receivable ${invoiceId}`), -amount);
        });
        for (const left of net([entry, reversal]).values()) assert.equal(left, 0n);
      },
    ),
  );
});

test('a fee is income of its own, and what refunds took is not taken again when the payment is reversed', () => {
  fc.assert(
    fc.property(positive, positive, positive, fc.integer({ min: 0, max: 100 }), (part, over, fee, share) => {
      const payment = { ...paymentOf([part], over + fee, true), fee };
      const of = (amount: bigint) => (amount * BigInt(share)) / 100n;
      const [feeAmount, fromUnapplied, line] = [of(fee), of(over), of(part)];
      const refund = {
        id: 'ref',
        customerId: 'cus',
        currency: 'USD',
        entryDate: '2026-03-03',
        account: 'gateway_clearing' as const,
        paymentStands: true,
        amount: feeAmount + fromUnapplied + line,
        feeAmount,
        fromUnapplied,
        lines: [{ invoiceId: 'inv0', amount: line }],
      };
      const [posted, out] = [entryOfPayment(payment), entryOfRefund(refund)];
      const back = reversalOfPayment(payment, { fee: feeAmount, unapplied: fromUnapplied });
      for (const entry of [posted, out, back]) wellFormed(entry);
      assert.equal(net([posted]).get('surcharge_income '), -fee);
      const left = net([posted, out, back]);
      for (const account of ['surcharge_income ', 'unapplied_cash ', 'accounts_receivable inv0'])
        assert.equal(left.get(account) ?? 0n, 0n, account);
      assert.equal(left.get('gateway_clearing ') ?? 0n, -refund.amount);
      // It fails after all: nothing of either stands in the books.
      const undone = reversalOfRefund({ ...refund, paymentStands: false });
      const totals = new Map<string, bigint>();
      for (const [key, amount] of net([posted, out, back, undone])) {
        const account = key.split(' ')[0] as string;
        totals.set(account, (totals.get(account) ?? 0n) + amount);
      }
      for (const amount of totals.values()) assert.equal(amount, 0n);
    }),
  );
});

test('an invoice over nothing posts nothing', () => {
  assert.deepEqual(entryOfInvoice(invoiceOf(0n, 0n)).lines, []);
});

test('a discount line turns sales round without unbalancing the entry', () => {
  assert.deepEqual(
    entryOfInvoice(invoiceOf(-500n, 800n)).lines.map(({ account, debit, credit }) => [
      account,
      debit,
      credit,
    ]),
    [
      ['accounts_receivable', 300n, 0n],
      ['sales', 500n, 0n],
      ['sales_tax_payable', 0n, 800n],
    ],
  );
});
