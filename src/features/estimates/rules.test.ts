import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  deductionOf,
  depositOf,
  linesOfPart,
  partOf,
  restOf,
  type Share,
  stateOfEstimate,
  totalOfShare,
} from '#features/estimates/rules.ts';
import { type Line, taxesOfInvoice, totalsOf } from '#features/invoices/rules.ts';
import { sum } from '#lib/money.ts';

const at = new Date('2026-03-02T15:00:00Z');
const fresh = { sentAt: null, viewedAt: null, expiresOn: '2026-03-31', answer: null, isInvoiced: false };

test('the state of an estimate is what happened to it; an answer given in time outlives the last day', () => {
  assert.equal(stateOfEstimate(fresh, '2026-03-31'), 'draft');
  assert.equal(stateOfEstimate(fresh, '2026-04-01'), 'expired');
  assert.equal(stateOfEstimate({ ...fresh, sentAt: at }, '2026-03-31'), 'sent');
  assert.equal(stateOfEstimate({ ...fresh, sentAt: at, viewedAt: at }, '2026-03-31'), 'viewed');
  assert.equal(stateOfEstimate({ ...fresh, answer: 'accepted' }, '2027-01-01'), 'accepted');
  assert.equal(stateOfEstimate({ ...fresh, answer: 'declined' }, '2027-01-01'), 'declined');
  assert.equal(stateOfEstimate({ ...fresh, answer: 'accepted', isInvoiced: true }, '2027-01-01'), 'invoiced');
});

test('a deposit is a share or an amount of the whole: never nothing, never more than it', () => {
  assert.deepEqual(depositOf(undefined, 100n), { deposit: 0n });
  assert.deepEqual(depositOf({ percent: '33.33' }, 100_001n), { deposit: 33_330n });
  assert.deepEqual(depositOf({ amount: 100n }, 100n), { deposit: 100n });
  assert.ok('error' in depositOf({ amount: 101n }, 100n));
  assert.ok('error' in depositOf({ percent: '0' }, 100n));
  assert.ok('error' in depositOf({ percent: '0.01' }, 1n));
});

const taxes = [
  [],
  [{ id: 'in', name: 'VAT', percent: '19', inclusive: true, compound: false }],
  [{ id: 'top', name: 'GST', percent: '8.25', inclusive: false, compound: false }],
];
const line: fc.Arbitrary<Line> = fc.record({
  itemName: fc.constant('Work'),
  description: fc.constant(''),
  quantity: fc.constant('1'),
  unitPrice: fc.constant('1'),
  amount: fc.bigInt({ min: 0n, max: 10_000_000n }),
  taxable: fc.boolean(),
  taxRate: fc.constantFrom('8.25', '19', '7'),
  taxes: fc.constantFrom(...taxes),
});
/** Shares in hundredths of a percent that are the whole together, in any order and number. */
const shares = fc
  .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 8 })
  .map((cuts) => [...cuts, 10_000].sort((a, b) => a - b))
  .map((cuts) => cuts.map((cut, index) => cut - (cuts[index - 1] ?? 0)));

test('whatever parts an estimate is billed in, they are the estimate and its deposit to the cent', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      shares,
      fc.nat(10_000),
      fc.array(fc.boolean(), { maxLength: 8 }),
      fc.constantFrom('', '10%', '3.33%'),
      (lines, parts, depositBps, voids, discount) => {
        const worked = totalsOf(lines, 2, discount);
        const taxInside = sum(worked.taxes.filter((tax) => tax.inclusive).map(({ tax }) => tax));
        const totals = { ...worked, taxInside };
        const deposit = (totals.total * BigInt(depositBps)) / 10_000n;
        const standing: { share: Share; bps: number; deducted: bigint }[] = [];
        const bill = (asked: number): void => {
          const left = 10_000 - standing.reduce((all, { bps }) => all + bps, 0);
          const bps = Math.min(asked, left);
          if (bps === 0) return;
          const rest = restOf(
            totals,
            standing.map(({ share }) => share),
          );
          const share = partOf(rest, { share_bps: bps, left_bps: left, lines: totals.lines });
          const total = totalOfShare(share);
          const deducted = sum(standing.map((each) => each.deducted));
          const off = deductionOf({ billed: deposit, deducted }, total, totalOfShare(rest));
          assert.ok(off >= 0n && off <= total, 'a deduction is no more than its part');
          const billed = linesOfPart({ lines: totals.lines, number: 'EST-1', currency: 'USD' }, share);
          const lines = sum(billed.map(({ amount }) => amount));
          assert.equal(lines - share.discount + share.tax - share.taxInside, total);
          standing.push({ share, bps, deducted: off });
        };
        for (const [index, bps] of parts.entries()) {
          bill(bps);
          // Voided with its deduction: both are there again for the parts to come.
          if (voids[index]) standing.pop();
        }
        bill(10_000);
        assert.equal(sum(standing.map(({ share }) => totalOfShare(share))), totals.total);
        assert.equal(sum(standing.map(({ deducted }) => deducted)), deposit);
      },
    ),
    { numRuns: 500 },
  );
});

test('half of a long estimate is taxed as its lines say', () => {
  const work = { itemName: 'Work', description: '', quantity: '1', unitPrice: '99.99' };
  const lines = Array.from({ length: 30 }, () => ({ ...work, taxable: true, taxRate: '20' }));
  const totals = { ...totalsOf(lines, 2), taxInside: 0n };
  const half = partOf(restOf(totals, []), { share_bps: 5_000, left_bps: 10_000, lines: totals.lines });
  assert.deepEqual([sum(half.lineAmounts), half.tax], [149_985n, 29_997n]);
  const billed = linesOfPart({ lines: totals.lines, number: 'EST-1', currency: 'USD' }, half);
  const taxes = taxesOfInvoice({ subtotal: 149_985n, tax: half.tax, lines: billed });
  assert.deepEqual(
    taxes.map(({ percent, tax }) => [percent, tax]),
    [['20', 29_997n]],
  );
});
