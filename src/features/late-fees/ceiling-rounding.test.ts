import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { standingTo } from '#features/late-fees/ceiling-rules.ts';
import { type LateFeeFacts, type LateFeeTerms, lateFeeAmount } from '#features/late-fees/rules.ts';

const owing = (currency: string, total: bigint): LateFeeFacts => ({
  ...{ currency, total, balanceDue: total, reserved: 0n, fees: 0n, feesApart: 0n, feesApartDue: 0n },
  ...{ dueDate: '2026-01-31', issuedOn: '2026-01-01', isOpen: true, isLateFee: false },
  ...{ isOff: false, isCustomerOff: false, rests: [], lastOn: null, taken: 0 },
});
const termsAt = (currency: string, percent: string, everyDays: number): LateFeeTerms => ({
  ...{ amountType: 'percent', currency, percent, everyDays, flatAmount: 0n, compounds: false },
  ...{ graceDays: 0, maxFees: null, capAmount: null, capPercent: null, minimumBalance: 0n },
  booking: 'on_invoice',
});

const percentFrom = (count: number): string =>
  `${Math.floor(count / 10_000)}.${String(count % 10_000).padStart(4, '0')}`;

test('a fee at exactly the rate of a law is not above it by a unit, in currencies of no, two and three decimals', () => {
  let atCeiling = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'USD', 'KWD'),
      fc.bigInt({ min: 1n, max: 9_000_000_000n }),
      fc.constantFrom('percent_per_month', 'percent_per_year'),
      fc.integer({ min: 1, max: 365_000 }),
      fc.integer({ min: 1, max: 365 }),
      (currency, total, basis, tenths, everyDays) => {
        const days = basis === 'percent_per_month' ? 30 : 365;
        // In ten-thousandths of a percent: the largest rate that these days allow.
        const [most, rate] = [tenths * 10, Math.floor((tenths * 10 * everyDays) / days)];
        fc.pre(rate > 0);
        const terms = termsAt(currency, percentFrom(rate), everyDays);
        const figure = percentFrom(most);
        assert.equal(standingTo({ basis, figure, currency: null }, terms), 'within');
        const amount = lateFeeAmount(owing(currency, total), terms);
        if (typeof amount === 'object') return;
        // Without any rounding: what the law allows on this balance for these days.
        assert.ok(amount * 1_000_000n * BigInt(days) <= total * BigInt(most) * BigInt(everyDays));
        assert.ok(
          (amount + 1n) * 1_000_000n > total * BigInt(rate),
          'and not less than agreed by a whole unit',
        );
        if (rate * days === most * everyDays) atCeiling += 1;
      },
    ),
    { numRuns: 3_000 },
  );
  assert.ok(atCeiling > 20, `only ${atCeiling} were exactly at it`);
});
