import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  barsOf,
  dsoTenths,
  problemWithSpan,
  shareBps,
  spanBefore,
  spanOf,
} from '#features/dashboard/rules.ts';

test('without a wish it is the last 30 days, and the days before are as many', () => {
  const span = spanOf({}, '2026-03-02');
  assert.deepEqual(span, { from: '2026-02-01', to: '2026-03-02' });
  assert.deepEqual(spanBefore(span), { from: '2026-01-02', to: '2026-01-31' });
  assert.deepEqual(spanBefore({ from: '2026-03-02', to: '2026-03-02' }), {
    from: '2026-03-01',
    to: '2026-03-01',
  });
});

test('a span that runs backwards or over years is refused with its remedy', () => {
  assert.match(problemWithSpan({ from: '2026-03-02', to: '2026-03-01' }) ?? '', /earlier first day/);
  assert.match(problemWithSpan({ from: '2023-01-01', to: '2026-03-01' }) ?? '', /at most 731 days/);
  assert.equal(problemWithSpan({ from: '2024-03-01', to: '2026-03-01' }), undefined);
});

test('a bar is a day, or a month cut at both ends where days would be too many', () => {
  const days = barsOf({ from: '2026-02-27', to: '2026-03-02' }, [
    { date: '2026-03-01', amount: 5n },
    { date: '2026-03-01', amount: 2n },
    { date: '2026-03-03', amount: 100n },
  ]);
  assert.deepEqual(
    days.map(({ from, amount }) => [from, amount]),
    [
      ['2026-02-27', 0n],
      ['2026-02-28', 0n],
      ['2026-03-01', 7n],
      ['2026-03-02', 0n],
    ],
  );
  const months = barsOf({ from: '2026-01-15', to: '2026-04-02' }, [
    { date: '2026-01-15', amount: 1n },
    { date: '2026-01-31', amount: 2n },
    { date: '2026-04-01', amount: 4n },
  ]);
  assert.deepEqual(months, [
    { from: '2026-01-15', to: '2026-01-31', amount: 3n },
    { from: '2026-02-01', to: '2026-02-28', amount: 0n },
    { from: '2026-03-01', to: '2026-03-31', amount: 0n },
    { from: '2026-04-01', to: '2026-04-02', amount: 4n },
  ]);
});

test('DSO is open over billed in 90 days times 90, in tenths of a day; of nothing there is nothing to say', () => {
  // 30,000 open of 60,000 billed in 90 days: 45 days.
  assert.equal(dsoTenths(3_000_000n, 6_000_000n), 450);
  assert.equal(dsoTenths(1n, 3n), 300);
  assert.equal(dsoTenths(0n, 3n), 0);
  assert.equal(dsoTenths(5n, 0n), null);
  assert.equal(shareBps(1n, 3n), 3333);
  assert.equal(shareBps(0n, 0n), null);
});
