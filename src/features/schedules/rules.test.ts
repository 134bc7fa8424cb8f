import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  afterNext,
  dateAt,
  firstProgress,
  frequencyWords,
  indexFrom,
  nextDates,
  occurrenceWords,
  placeFrom,
  type Rhythm,
  type Series,
  scheduleUnits,
  seriesRefusal,
  startRefusal,
} from '#features/schedules/rules.ts';
import { addDays } from '#lib/dates.ts';

const forever = { times: null, endsOn: null };
const dates = (rhythm: Rhythm, count: number) =>
  nextDates({ ...rhythm, ...forever }, firstProgress({ ...rhythm, ...forever }), count);

const anyDay = fc.integer({ min: 0, max: 80_000 }).map((days) => addDays('1990-01-01', days));
const anyRhythm: fc.Arbitrary<Rhythm> = fc.record({
  unit: fc.constantFrom(...scheduleUnits),
  every: fc.integer({ min: 1, max: 400 }),
  startsOn: anyDay,
});
const anySeries: fc.Arbitrary<Series> = fc
  .tuple(anyRhythm, fc.constantFrom('times', 'date', 'never'), fc.integer({ min: 1, max: 40 }))
  .map(([rhythm, end, count]) => ({
    ...rhythm,
    times: end === 'times' ? count : null,
    endsOn: end === 'date' ? addDays(rhythm.startsOn, count * 20) : null,
  }));

test('a monthly schedule on the 31st falls on the last day of a short month and comes back', () => {
  assert.deepEqual(dates({ unit: 'month', every: 1, startsOn: '2027-12-31' }, 6), [
    '2027-12-31',
    '2028-01-31',
    '2028-02-29',
    '2028-03-31',
    '2028-04-30',
    '2028-05-31',
  ]);
});

test('a yearly schedule of 29 February comes back to it in leap years', () => {
  assert.deepEqual(dates({ unit: 'year', every: 1, startsOn: '2028-02-29' }, 5), [
    '2028-02-29',
    '2029-02-28',
    '2030-02-28',
    '2031-02-28',
    '2032-02-29',
  ]);
});

test('every two weeks, every three months, and once', () => {
  assert.deepEqual(dates({ unit: 'week', every: 2, startsOn: '2026-03-05' }, 3), [
    '2026-03-05',
    '2026-03-19',
    '2026-04-02',
  ]);
  assert.deepEqual(dates({ unit: 'month', every: 3, startsOn: '2026-11-30' }, 3), [
    '2026-11-30',
    '2027-02-28',
    '2027-05-30',
  ]);
  assert.deepEqual(dates({ unit: 'once', every: 1, startsOn: '2026-03-05' }, 3), ['2026-03-05']);
});

test('dates ascend strictly, and their day of the month is the first one’s or the month’s last', () => {
  fc.assert(
    fc.property(anyRhythm, (rhythm) => {
      const found = dates(rhythm, 30);
      for (const [i, date] of found.entries()) {
        if (i > 0) assert.ok(date > (found[i - 1] as string), `${found[i - 1]} then ${date}`);
        if (rhythm.unit !== 'month' && rhythm.unit !== 'year') continue;
        const isLast = addDays(date, 1).endsWith('-01');
        assert.ok(
          date.slice(8) === rhythm.startsOn.slice(8) || (isLast && date.slice(8) < rhythm.startsOn.slice(8)),
        );
      }
    }),
  );
});

test('the place from a day on is the first that is not before it', () => {
  fc.assert(
    fc.property(anyRhythm, anyDay, (rhythm, day) => {
      const index = indexFrom(rhythm, day);
      const on = dateAt(rhythm, index);
      if (on !== undefined) assert.ok(on >= day);
      if (index > 0) assert.ok((dateAt(rhythm, index - 1) as string) < day);
    }),
  );
});

test('what is shown as the next five dates is what happens, however far the schedule is', () => {
  fc.assert(
    fc.property(anySeries, fc.array(fc.boolean(), { maxLength: 60 }), (series, makes) => {
      let progress = firstProgress(series);
      for (const made of makes) if (progress.next) progress = afterNext(series, progress, made);
      const shown = nextDates(series, progress, 5);
      const happened: string[] = [];
      while (progress.next && happened.length < 5) {
        happened.push(progress.next.on);
        progress = afterNext(series, progress, true);
      }
      assert.deepEqual(shown, happened);
    }),
  );
});

test('a number of times is reached exactly, whatever was skipped or failed on the way', () => {
  fc.assert(
    fc.property(anySeries, fc.infiniteStream(fc.boolean()), (series, makes) => {
      let progress = firstProgress(series);
      let steps = 0;
      for (; progress.next && steps < 500; steps += 1)
        progress = afterNext(series, progress, makes.next().value as boolean);
      if (series.times !== null && series.unit !== 'once' && !progress.next) {
        // Only the end of time ends a counted series early.
        const beyond = dateAt(series, steps) === undefined;
        assert.ok(progress.taken === series.times || beyond);
      }
      if (series.endsOn !== null && !progress.next) assert.ok((dateAt(series, steps) ?? '9') > series.endsOn);
    }),
  );
});

test('resuming goes on with the first date that is left, and the rhythm stays', () => {
  const series: Series = { unit: 'month', every: 1, startsOn: '2026-01-31', ...forever };
  assert.deepEqual(placeFrom(series, '2026-04-02', 2), { index: 3, on: '2026-04-30' });
  assert.deepEqual(placeFrom(series, '2026-04-30', 2), { index: 3, on: '2026-04-30' });
  assert.equal(placeFrom({ ...series, endsOn: '2026-04-01' }, '2026-04-02', 2), undefined);
});

test('today is refused as the first date with the reason; tomorrow is not', () => {
  assert.match(startRefusal('2026-03-02', '2026-03-02') ?? '', /tomorrow at the earliest: 2026-03-03/);
  assert.equal(startRefusal('2026-03-03', '2026-03-02'), undefined);
  const series: Series = { unit: 'day', every: 1, startsOn: '2026-03-03', ...forever };
  assert.equal(seriesRefusal(series), undefined);
  assert.equal(seriesRefusal({ ...series, endsOn: '2026-03-02' })?.param, 'ends_on');
  assert.equal(seriesRefusal({ ...series, times: 2, endsOn: '2026-04-02' })?.param, 'ends_on');
  assert.equal(seriesRefusal({ ...series, unit: 'once', times: 2 })?.param, 'times');
});

test('a rhythm and a count are said as people say them', () => {
  assert.equal(frequencyWords({ unit: 'week', every: 2 }), 'Every 2 weeks');
  assert.equal(frequencyWords({ unit: 'year', every: 1 }), 'Yearly');
  assert.equal(occurrenceWords({ times: 12, endsOn: null }, 3), '3 / 12 (9 remaining)');
  assert.equal(occurrenceWords({ times: null, endsOn: null }, 3), '3 / ∞');
});
