import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clearedOf, decidePayout, handDepositFault, type Known } from '#features/deposits/rules.ts';
import { entryOfDeposit, reversalOfDeposit } from '#features/ledger/deposit-rules.ts';
import { isBalanced } from '#features/ledger/rules.ts';
import type { GatewayPayout, PayoutLine } from '#features/payments/payment-gateway.ts';

const line = (change: Partial<PayoutLine> = {}): PayoutLine => ({
  reference: 'txn_1',
  kind: 'charge',
  paymentId: 'pay_1',
  gross: 10_000n,
  fee: 320n,
  net: 9_680n,
  description: '',
  on: '2026-03-02',
  ...change,
});
const payout = (lines: PayoutLine[], amount?: bigint): GatewayPayout => ({
  reference: 'po_1',
  state: 'paid',
  amount: amount ?? lines.reduce((all, { net }) => all + net, 0n),
  currency: 'USD',
  initiatedOn: '2026-03-03',
  arrivesOn: '2026-03-04',
  lines,
});
const known = (deposited: string | null = null, amount = 10_000n): Known => ({
  payments: new Map([['pay_1', { id: 'pay_1', amount, currency: 'USD', depositId: deposited }]]),
  refunds: new Set(),
});
const decide = (given: GatewayPayout, rows = known()) => decidePayout(given, rows, 'dep_1');

test('a payout whose lines add up and are our payments needs nobody', () => {
  const verdict = decide(
    payout([
      line(),
      line({ reference: 'txn_2', kind: 'refund', gross: -2_000n, fee: 0n, net: -2_000n }),
      line({ reference: 'txn_3', kind: 'fee', gross: -150n, fee: 0n, net: -150n }),
    ]),
  );
  assert.equal(verdict.exception, undefined);
  assert.deepEqual(
    [verdict.gross, verdict.fees, verdict.returned, verdict.difference],
    [10_000n, 470n, -2_000n, 0n],
  );
});

const exceptions: [string, GatewayPayout, Known, RegExp][] = [
  ['a cent is missing', payout([line()], 9_679n), known(), /do not add up to what the gateway paid/],
  ['a line is crooked', payout([line({ net: 9_000n })], 9_000n), known(), /gross less fee is not net/],
  ['a charge is not ours', payout([line({ paymentId: 'pay_9' })]), known(), /no payment here/],
  ['it was paid out before', payout([line()]), known('dep_0'), /paid out before/],
  ['it is in there twice', payout([line(), line({ reference: 'txn_2' })]), known(), /paid out before/],
  ['the amount is another', payout([line()]), known(null, 9_999n), /another amount/],
  [
    'the gateway adjusted something',
    payout([line(), line({ reference: 'txn_2', kind: 'adjustment', gross: -5n, fee: 0n, net: -5n })]),
    known(),
    /is an adjustment/,
  ],
];
for (const [what, given, rows, says] of exceptions)
  test(`a person has to look when ${what}`, () => assert.match(decide(given, rows).exception ?? '', says));

test('a payout told again does not take its own payments for paid out before', () => {
  assert.equal(decide(payout([line()]), known('dep_1')).exception, undefined);
});

test('a payment is found by the gateway’s own reference where it names no id of ours', () => {
  const rows: Known = {
    payments: new Map([['ch_1', { id: 'pay_7', amount: 10_000n, currency: 'USD', depositId: null }]]),
    refunds: new Set(),
  };
  const verdict = decide(payout([line({ paymentId: undefined, paymentReference: 'ch_1' })]), rows);
  assert.equal(verdict.exception, undefined);
  assert.equal(verdict.lines[0]?.paymentId, 'pay_7');
});

const kinds = [
  'charge',
  'refund',
  'return',
  'chargeback',
  'chargeback_reversal',
  'fee',
  'adjustment',
] as const;
const anyLine = fc.record({
  kind: fc.constantFrom(...kinds),
  gross: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
  fee: fc.bigInt({ min: -500n, max: 5_000n }),
});

test('whatever the lines and the sum, the parts and the difference make the sum, and the entry balances', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 20 }),
      fc.bigInt({ min: -10_000n, max: 9_000_000n }),
      (given, amount) => {
        const lines = given.map((each, at) =>
          line({ ...each, reference: `t${at}`, net: each.gross - each.fee }),
        );
        const verdict = decide(payout(lines, amount));
        assert.equal(verdict.gross - verdict.fees + verdict.returned + verdict.difference, amount);
        if (verdict.difference !== 0n) assert.ok(verdict.exception, 'what nothing explains is an exception');
        const cleared = clearedOf(lines);
        const posted = {
          id: 'dep_1',
          kind: 'payout' as const,
          currency: 'USD',
          amount,
          cleared,
          fees: cleared - amount,
          entryDate: '2026-03-04',
          revision: 0,
        };
        const [entry, reversal] = [entryOfDeposit(posted), reversalOfDeposit(posted)];
        assert.ok(isBalanced(entry) && isBalanced(reversal));
        const inBank = entry.lines
          .filter(({ account }) => account === 'bank')
          .reduce((all, { debit, credit }) => all + debit - credit, 0n);
        assert.equal(inBank, amount, 'the bank has what it shows');
      },
    ),
  );
});

test('only what is in hand, stands and is in no other deposit is taken to the bank', () => {
  const check = { id: 'p', amount: 5n, currency: 'USD', kind: 'check', isStanding: true, depositId: null };
  assert.equal(handDepositFault(check, 'USD'), undefined);
  assert.match(handDepositFault({ ...check, kind: 'card' }, 'USD') ?? '', /payout/);
  assert.match(handDepositFault({ ...check, isStanding: false }, 'USD') ?? '', /not stand/);
  assert.match(handDepositFault({ ...check, depositId: 'dep_0' }, 'USD') ?? '', /another deposit/);
  assert.match(handDepositFault(check, 'EUR') ?? '', /currency/);
  assert.match(handDepositFault(undefined, 'USD') ?? '', /no such/);
});
