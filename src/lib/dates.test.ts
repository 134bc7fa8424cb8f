import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  dateIn,
  daysBetween,
  fiscalYearStart,
  isCalendarDate,
  isTimeZone,
  weekStart,
} from '#lib/dates.ts';

test('a month later is the same day, or the last one of a shorter month', () => {
  const rows: [string, number, string][] = [
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 48, '2032-02-29'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -13, '2024-12-15'],
    ['1999-12-31', 2, '2000-02-29'],
    ['2099-12-31', 2, '2100-02-28'],
  ];
  for (const [date, months, expected] of rows)
    assert.equal(addMonths(date, months), expected, `${date} + ${months}`);
});

const dates = fc.integer({ min: -36_500, max: 60_000 }).map((day) => addDays('2000-01-01', day));

test('a week begins on the chosen day, at most six days before', () => {
  // The first of March 2026 was a Sunday.
  assert.equal(weekStart('2026-03-01', 0), '2026-03-01');
  assert.equal(weekStart('2026-03-01', 1), '2026-02-23');
  assert.equal(weekStart('2026-03-01', 6), '2026-02-28');
  fc.assert(
    fc.property(dates, fc.integer({ min: 0, max: 6 }), (date, first) => {
      const start = weekStart(date, first);
      assert.equal(new Date(`${start}T00:00:00Z`).getUTCDay(), first);
      assert.ok(daysBetween(start, date) >= 0 && daysBetween(start, date) < 7);
    }),
  );
});

test('a fiscal year begins on the first of its month, this year or the last', () => {
  assert.equal(fiscalYearStart('2026-03-31', 1), '2026-01-01');
  assert.equal(fiscalYearStart('2026-03-31', 4), '2025-04-01');
  assert.equal(fiscalYearStart('2026-04-01', 4), '2026-04-01');
  fc.assert(
    fc.property(dates, fc.integer({ min: 1, max: 12 }), (date, month) => {
      const start = fiscalYearStart(date, month);
      assert.ok(start <= date && addMonths(start, 12) > date);
    }),
  );
});

test('days added are days between, over leap days and changes of the clock', () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
      assert.ok(isCalendarDate(date));
      assert.equal(daysBetween(date, addDays(date, days)), days);
    }),
  );
  assert.equal(addDays('2028-02-28', 1), '2028-02-29');
  assert.equal(addDays('2026-02-28', 1), '2026-03-01');
  assert.equal(daysBetween('2026-03-07', '2026-03-09'), 2);
});

test('months added stay inside the month they lead to', () => {
  fc.assert(
    fc.property(dates, fc.integer({ min: -240, max: 240 }), (date, months) => {
      const [year, month] = date.split('-').map(Number) as [number, number];
      const landed = addMonths(date, months);
      assert.ok(isCalendarDate(landed));
      assert.equal(Number(landed.slice(0, 4)) * 12 + Number(landed.slice(5, 7)), year * 12 + month + months);
      assert.ok(landed.slice(8) <= date.slice(8));
    }),
  );
});

test('the accounting date is what the wall clock of the zone shows, on both sides of a change of the clock', () => {
  const rows: [string, string, string][] = [
    ['America/New_York', '2026-03-08T04:59:59Z', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00:00Z', '2026-03-09'],
    ['America/New_York', '2026-11-01T03:59:59Z', '2026-10-31'],
    ['America/New_York', '2026-11-02T04:59:59Z', '2026-11-01'],
    ['Pacific/Auckland', '2026-12-31T11:00:00Z', '2027-01-01'],
    ['Pacific/Kiritimati', '2026-06-30T10:00:00Z', '2026-07-01'],
    ['Pacific/Pago_Pago', '2026-07-01T10:59:59Z', '2026-06-30'],
    ['Asia/Kathmandu', '2026-01-01T18:15:00Z', '2026-01-02'],
    ['UTC', '2028-02-29T23:59:59Z', '2028-02-29'],
  ];
  for (const [zone, instant, date] of rows)
    assert.equal(dateIn(zone, new Date(instant)), date, `${zone} ${instant}`);
});

test('only a date that exists, and that a database can keep, is a date', () => {
  for (const text of ['2026-03-31', '2028-02-29', '0001-01-01', '9999-12-31'])
    assert.ok(isCalendarDate(text), text);
  const none = [
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '26-01-01',
    '',
    '2026-03-31T00:00:00Z',
    '0000-01-01',
    '+010000-01-01',
    '２０２６-01-01',
  ];
  for (const text of none) assert.equal(isCalendarDate(text), false, text);
});

test('a zone is one that the runtime knows', () => {
  assert.deepEqual(['America/New_York', 'UTC', 'Mars/Olympus', ''].map(isTimeZone), [
    true,
    true,
    false,
    false,
  ]);
});
