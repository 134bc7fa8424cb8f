import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inForce, mustAccept, problemWithDay, type TermsVersion } from '#features/payment-terms/rules.ts';
import { addDays } from '#lib/dates.ts';

const version = (number: number, effectiveOn: string, askAgain = false): TermsVersion => ({
  version: number,
  effectiveOn,
  askAgain,
});

test('the newest version whose day has come is in force, whatever order they are told in', () => {
  const versions = [version(3, '2026-09-01'), version(1, '2026-01-01'), version(2, '2026-06-01')];
  assert.equal(inForce(versions, '2025-12-31'), undefined);
  assert.equal(inForce(versions, '2026-05-31')?.version, 1);
  assert.equal(inForce(versions, '2026-06-01')?.version, 2);
  assert.equal(inForce(versions, '2027-01-01')?.version, 3);
});

test('two versions of one day: the later one holds', () => {
  assert.equal(inForce([version(1, '2026-01-01'), version(2, '2026-01-01')], '2026-01-01')?.version, 2);
});

test('somebody is asked again until the version that asks, or a newer one, is accepted', () => {
  assert.equal(mustAccept(null, null), false);
  assert.equal(mustAccept(2, null), true);
  assert.equal(mustAccept(2, 1), true);
  assert.equal(mustAccept(2, 2), false);
  assert.equal(mustAccept(2, 3), false);
});

test('a day that may be published keeps versions and days in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 60 }), { maxLength: 12 }), (offsets) => {
      const today = '2026-03-10';
      const versions: TermsVersion[] = [];
      for (const offset of offsets) {
        const effectiveOn = addDays(today, offset);
        const last = versions.at(-1)?.effectiveOn;
        if (problemWithDay(effectiveOn, { today, last }) === undefined)
          versions.push(version(versions.length + 1, effectiveOn));
      }
      for (const day of [0, 20, 61].map((days) => addDays(today, days))) {
        const holds = inForce(versions, day);
        const latest = versions.filter(({ effectiveOn }) => effectiveOn <= day).at(-1);
        assert.equal(holds?.version, latest?.version);
      }
    }),
  );
});
