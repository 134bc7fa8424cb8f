import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decideRate,
  decideResubmission,
  type MayRetry,
  returnAdvice,
  type Submission,
  usableLast4,
} from '#features/bank-rules/rules.ts';
import { addDays } from '#lib/dates.ts';

const limit = { limitValue: 3, windowDays: 180 };
const first = '2026-01-05';
const debit = (change: Partial<Submission> = {}): Submission => ({
  submittedOn: first,
  outcome: 'returned',
  code: 'R01',
  mayRetry: 'twice_within_180_days',
  authorizedAnew: false,
  ...change,
});
const after = (days: number) => addDays(first, days);
const may = (history: Submission[], today = after(10)) => decideResubmission(history, limit, today);

test('a debit for want of money may be tried twice more, and no third time', () => {
  const series = [debit(), debit({ submittedOn: after(3) }), debit({ submittedOn: after(9), code: 'R09' })];
  for (const tries of [0, 1, 2]) assert.equal(may(series.slice(0, tries)).ok, true, `${tries}`);
  const refused = may(series);
  assert.match(refused.ok ? '' : refused.reason, /3 times.*R01, R09/);
});

test('the last day for a second try is the 180th after the first', () => {
  assert.equal(may([debit()], after(180)).ok, true);
  const late = may([debit()], after(181));
  assert.match(late.ok ? '' : late.reason, /more than 180 days old/);
});

test('what each kind of code lets follow', () => {
  const table: [MayRetry | null, boolean, boolean][] = [
    ['never', false, false],
    ['never', true, false],
    ['after_new_authorization', false, false],
    ['after_new_authorization', true, true],
    [null, true, false],
    ['twice_within_180_days', false, true],
  ];
  for (const [mayRetry, authorizedAnew, ok] of table)
    assert.equal(may([debit({ mayRetry, authorizedAnew })]).ok, ok, `${mayRetry} ${authorizedAnew}`);
  const both = may([debit({ code: 'R02', mayRetry: 'never' }), debit()]);
  assert.match(both.ok ? '' : both.reason, /R02/, 'the strictest of a series decides');
});

test('one that settled ends the series: a next part of the invoice is no second try', () => {
  const settled = debit({ outcome: 'settled', code: null, mayRetry: null });
  const series = [debit(), debit(), settled];
  assert.equal(may(series).ok, true);
  assert.equal(may([...series, debit(), debit()]).ok, true);
  assert.equal(may([...series, debit(), debit(), debit()]).ok, false);
});

test('one under way counts as a try once another came back', () => {
  const underWay = debit({ outcome: 'under_way', code: null, mayRetry: null });
  assert.equal(may([debit(), debit(), underWay]).ok, false);
  assert.equal(may([underWay, underWay, underWay]).ok, true, 'nothing came back yet');
});

const anySubmission = fc.record({
  submittedOn: fc.nat(400).map(after),
  outcome: fc.constantFrom('returned', 'under_way', 'settled'),
  code: fc.constantFrom('R01', 'R02', 'R10', null),
  mayRetry: fc.constantFrom('never', 'after_new_authorization', 'twice_within_180_days', null),
  authorizedAnew: fc.boolean(),
}) as fc.Arbitrary<Submission>;
const anyHistory = fc
  .array(anySubmission, { maxLength: 8 })
  .map((all) => all.sort((a, b) => a.submittedOn.localeCompare(b.submittedOn)));

test('whatever happened, no series that came back grows beyond three, none past its 180 days', () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(900), (history, days) => {
      const today = after(days);
      if (!may(history, today).ok) return;
      const from = history.findLastIndex(({ outcome }) => outcome === 'settled') + 1;
      const series = history.slice(from);
      if (!series.some(({ outcome }) => outcome === 'returned')) return;
      assert.ok(series.length < 3);
      assert.ok(today <= addDays(series[0]?.submittedOn ?? '', 180));
      assert.ok(series.every((each) => each.outcome !== 'returned' || each.mayRetry !== 'never'));
    }),
  );
});

test('a further return never opens what was closed, and a later day never does', () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(900), fc.nat(90), (history, days, more) => {
      const refused = !may(history, after(days)).ok;
      fc.pre(refused);
      assert.equal(may([...history, debit({ submittedOn: after(900) })], after(days)).ok, false);
      assert.equal(may(history, after(days + more)).ok, false);
    }),
  );
});

test('a rate is over its limit as soon as it is above it, however little, and near from the warning on', () => {
  const half = { limitValue: 50, nearValue: 35 };
  const of = (returned: number, originated: number) => decideRate({ returned, originated }, half);
  assert.deepEqual(of(0, 0), { rateBps: 0, standing: 'fine' });
  assert.deepEqual(of(5, 1000), { rateBps: 50, standing: 'near' });
  assert.deepEqual(of(5, 999), { rateBps: 51, standing: 'over' });
  assert.deepEqual(of(7, 2000), { rateBps: 35, standing: 'near' });
  assert.deepEqual(of(7, 2001), { rateBps: 35, standing: 'fine' });
});

test('staff is told what may follow, with the limits as they are', () => {
  assert.match(returnAdvice('twice_within_180_days', limit), /3 debits.*180 days/);
  assert.match(returnAdvice('after_new_authorization', limit), /authorize it anew/);
  assert.match(returnAdvice(null, limit), /may not be sent again/);
});

test('of a bank’s correction only the end of a number is believed', () => {
  assert.deepEqual(['4321', '000123456789', 'x', undefined].map(usableLast4), ['4321', null, null, null]);
});
