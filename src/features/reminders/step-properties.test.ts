import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decideReminder } from '#features/reminders/eligibility-rules.ts';
import { forecastOf } from '#features/reminders/forecast-rules.ts';
import { stepProblems } from '#features/reminders/policy-rules.ts';
import {
  isSaid,
  newestOccurrence,
  nextOccurrence,
  reminderTypes,
  type Step,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { addDays, daysBetween } from '#lib/dates.ts';
import { due, facts, step } from '../../../test/support/reminder-facts.ts';

const anyStep = fc
  .tuple(
    fc.constantFrom(...reminderTypes.slice(0, 3)),
    fc.integer({ min: 1, max: 60 }),
    fc.option(fc.integer({ min: 1, max: 40 })),
    fc.option(fc.integer({ min: 1, max: 150 })),
  )
  .map(([type, days, every, until]) =>
    step({
      type,
      dayOffset: type === 'payment_due' ? 0 : type === 'upcoming_payment' ? -days : days,
      everyDays: type === 'payment_due' ? null : every,
      untilDaysLate:
        type === 'payment_past_due' && every !== null && until !== null ? days + every + until : null,
    }),
  );
const anySteps = fc.array(anyStep, { maxLength: 6 }).filter((steps) => stepProblems(steps).length === 0);

describe('whatever the steps and whenever somebody works', () => {
  /** A run on each of these days; answers the days on which something was said, with the day it was for. */
  const play = (steps: Step[], days: number[]): [on: number, day: number, type: string][] => {
    let lastOn: string | null = null;
    const said: [number, number, string][] = [];
    for (const on of days) {
      const decision = decideReminder(
        facts({ invoice: { ...facts().invoice, lastOn } }),
        steps,
        due,
        addDays(due, on),
      );
      if (decision.verdict !== 'send') continue;
      lastOn = addDays(due, on);
      said.push([on, decision.occurrence.day, decision.says]);
    }
    return said;
  };
  const everyDay = Array.from({ length: 200 }, (_, at) => at - 70);

  test('worked daily, each day of the policy is said on its day, once, and none is lost', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const wanted = new Set(
          everyDay.filter((day) => {
            const newest = newestOccurrence(steps, day);
            return newest !== undefined && newest.day === day;
          }),
        );
        const said = play(steps, everyDay);
        const starts = said.filter(([on, day]) => on === day).map(([on]) => on);
        assert.deepEqual(
          starts,
          [...wanted].sort((a, b) => a - b),
        );
        assert.deepEqual(
          said.filter(([on, day]) => on !== day),
          [],
        );
      }),
    );
  });

  test('with any days missed or doubled, at most one is said a run, never twice, always the newest that is true', () => {
    fc.assert(
      fc.property(anySteps, fc.array(fc.integer({ min: -70, max: 130 }), { maxLength: 60 }), (steps, ran) => {
        const days = ran.sort((a, b) => a - b).flatMap((day) => [day, day]);
        const said = play(steps, days);
        assert.equal(new Set(said.map(([, day]) => day)).size, said.length);
        assert.equal(new Set(said.map(([on]) => on)).size, said.length);
        for (const [on, day, type] of said) {
          assert.ok(day <= on);
          assert.equal(newestOccurrence(steps, on)?.day, day);
          if (type === 'upcoming_payment') assert.ok(on <= 0);
          if (type === 'payment_due') assert.equal(on, 0);
          if (type === 'payment_past_due') assert.ok(on > 0);
        }
        const last = days.at(-1);
        const newest = last === undefined ? undefined : newestOccurrence(steps, last);
        if (newest)
          assert.ok(
            said.some(([on]) => on >= newest.day),
            'the newest is not lost',
          );
      }),
    );
  });

  test('what comes next is what a daily run says next, and the forecast counts it', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: -70, max: 60 }), (steps, from) => {
        const today = addDays(due, from);
        const after = play(steps, everyDay).filter(([on]) => on > from);
        assert.equal(nextOccurrence(steps, from)?.day, after[0]?.[0]);
        const forecast = forecastOf(steps, [{ open: [{ dueDate: due, lastOn: today }], count: 3 }], {
          ...{ today, days: 60, oneMessage: false, limit: null },
        });
        assert.deepEqual(
          forecast.map(({ date, type, messages }) => [daysBetween(due, date), type, messages]),
          after.filter(([on]) => on <= from + 60).map(([on, , type]) => [on, type, 3]),
        );
      }),
    );
  });

  test('what is said is true on the day it is said', () => {
    for (const type of reminderTypes)
      for (let day = -5; day <= 5; day += 1)
        assert.ok(
          day <= 0 ||
            typeToSay({ type, dayOffset: 0, everyDays: null, untilDaysLate: null }, day) !== 'payment_due',
        );
    assert.equal(isSaid({ day: 7 }, due, addDays(due, 6)), false);
    assert.equal(isSaid({ day: 7 }, due, addDays(due, 7)), true);
  });
});
