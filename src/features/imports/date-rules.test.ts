import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays } from '#lib/dates.ts';
import type { DateEvidence, DateOrder } from './date-rules.ts';
import { decideDate, observeDate, readDate } from './date-rules.ts';

const decide = (...texts: string[]) => {
  const evidence: DateEvidence = {};
  for (const text of texts) observeDate(evidence, text);
  return decideDate(evidence);
};

test('dates that say themselves what they mean need no order', () => {
  const cases = [
    '2026-03-12',
    '2026-3-12',
    '2026/03/12',
    '2026.03.12',
    '20260312',
    '2026-03-12T23:30:00Z',
    '2026-03-12T10:00:00.000+02:00',
    '2026-03-12 00:00:00',
    '12-Mar-2026',
    '12-Mar-26',
    '12 March 2026',
    'March 12, 2026',
    'Mar 12 2026',
    'Mar. 12, 2026',
    'Thu, March 12, 2026',
    '12. März 2026',
    '12 mars 2026',
    '12 de marzo de 2026',
    "12 Mar '26",
    'Mar-12-2026',
    '2026-Mar-12',
    '12th of March 2026',
    '46093',
    '46093.5',
  ];
  for (const text of cases) assert.deepEqual(readDate(text, 'none'), { ok: true, value: '2026-03-12' }, text);
});

test('dates of three numbers are read in the order of their column', () => {
  const cases: [string, DateOrder, string][] = [
    ['03/12/2026', 'MDY', '2026-03-12'],
    ['3/12/26', 'MDY', '2026-03-12'],
    ['03/12/2026', 'DMY', '2026-12-03'],
    ['12.03.2026', 'DMY', '2026-03-12'],
    ['12. 3. 2026', 'DMY', '2026-03-12'],
    ['12 / 03 / 2026', 'DMY', '2026-03-12'],
    ['3/12/2026 12:00:00 AM', 'MDY', '2026-03-12'],
    ['3/12/2026 0:00', 'MDY', '2026-03-12'],
    ['26-03-12', 'YMD', '2026-03-12'],
    ['03/12/69', 'MDY', '1969-03-12'],
  ];
  for (const [text, order, value] of cases) {
    const expected = value < '1970' ? false : { ok: true, value };
    if (expected) assert.deepEqual(readDate(text, order), expected, text);
    else assert.equal(readDate(text, order).ok, false);
  }
});

test('what is no date is refused with its remedy', () => {
  const cases: [string, DateOrder, RegExp][] = [
    ['02/30/2026', 'MDY', /not a day of the calendar/],
    ['2026-02-29', 'none', /not a day of the calendar/],
    ['31/01/2026', 'MDY', /month\/day\/year, like this column/],
    ['03/04/2026', 'none', /more than one way.*Choose/],
    ['0206-03-12', 'none', /year 206/],
    ['12/03', 'MDY', /not a date/],
    ['March', 'MDY', /not a date/],
    ['#N/A', 'MDY', /error #N\/A/],
    ['120326', 'DMY', /not a date/],
    ['Mxyz 12, 2026', 'MDY', /not a day/],
    [`03/04/2026${' '.repeat(200)}1`, 'MDY', /not a date/],
  ];
  for (const [text, order, reason] of cases) {
    const reading = readDate(text, order);
    assert.equal(reading.ok, false, text);
    if (!reading.ok) assert.match(reading.reason, reason, text);
  }
});

test('one day above twelve decides a column', () => {
  assert.deepEqual(decide('03/04/2026', '03/13/2026'), { ambiguous: false, format: 'MDY' });
  assert.deepEqual(decide('03/04/2026', '13/03/2026'), { ambiguous: false, format: 'DMY' });
  assert.deepEqual(decide('2026-03-12', 'Mar 12, 2026', '46093'), { ambiguous: false, format: 'none' });
});

test('a column that can be read in two ways is asked about, not guessed', () => {
  assert.deepEqual(decide('03/04/2026', '05/06/2026'), {
    ambiguous: true,
    candidates: ['MDY', 'DMY'],
    examples: ['03/04/2026'],
    mixed: false,
  });
  const dashes = decide('26-03-12');
  assert.ok(dashes.ambiguous);
  if (dashes.ambiguous) assert.deepEqual(dashes.candidates, ['DMY', 'YMD']);
  const mixed = decide('13/03/2026', '03/13/2026');
  assert.ok(mixed.ambiguous && mixed.mixed);
});

const day = fc.integer({ min: 0, max: 47_000 }).map((days) => addDays('1970-01-01', days));
const write = (date: string, order: string, separator: string): string => {
  const [year = '', month = '', dayOf = ''] = date.split('-');
  return (order === 'MDY' ? [month, dayOf, year] : [dayOf, month, year]).join(separator);
};

test('a column in one order is never read in another, and then reads back to the day', () => {
  fc.assert(
    fc.property(
      fc.array(day, { minLength: 1, maxLength: 6 }),
      fc.constantFrom<DateOrder>('MDY', 'DMY'),
      fc.constantFrom('/', '-', '.'),
      (dates, order, separator) => {
        const texts = dates.map((date) => write(date, order, separator));
        const decision = decide(...texts);
        if (decision.ambiguous) assert.ok(decision.candidates.includes(order) && !decision.mixed);
        else assert.equal(decision.format, order);
        const found = texts.map((text) => readDate(text, order));
        assert.deepEqual(
          found,
          dates.map((value) => ({ ok: true, value })),
        );
      },
    ),
  );
});

test('every way a runtime writes a date in words is read back', () => {
  const locales = fc.constantFrom('en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'nl-NL', 'pt-BR');
  fc.assert(
    fc.property(day, locales, fc.constantFrom('long', 'full'), (date, locale, dateStyle) => {
      const format = new Intl.DateTimeFormat(locale, { dateStyle: dateStyle as 'long', timeZone: 'UTC' });
      const text = format.format(Date.parse(date));
      // Only English and German put a comma after the weekday; the others are left to people to change.
      if (dateStyle === 'full' && !/^\p{L}+, /u.test(text)) return;
      assert.deepEqual(readDate(text, 'none'), { ok: true, value: date }, text);
    }),
  );
});

test('the days that spreadsheets count are the days of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 25_569, max: 73_050 }), (count) => {
      assert.deepEqual(readDate(String(count), 'none'), {
        ok: true,
        value: addDays('1970-01-01', count - 25_569),
      });
    }),
  );
  assert.equal(readDate('25568', 'none').ok, false);
});
