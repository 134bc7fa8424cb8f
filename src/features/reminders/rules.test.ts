import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { messageCells } from '#features/correspondence/channel-rules.ts';
import { formalWords, levelAfter } from '#features/reminders/document-rules.ts';
import { decideReminder, type ReminderFacts, ruleNames } from '#features/reminders/eligibility-rules.ts';
import { forecastOf } from '#features/reminders/forecast-rules.ts';
import { outlookOf } from '#features/reminders/outlook-rules.ts';
import { choosePolicy, stepProblems } from '#features/reminders/policy-rules.ts';
import { tellRule } from '#features/reminders/remedy-rules.ts';
import {
  isSaid,
  newestOccurrence,
  nextOccurrence,
  reminderTypes,
  type Step,
  stepWords,
  typeToSay,
} from '#features/reminders/step-rules.ts';
import { addDays, daysBetween } from '#lib/dates.ts';

const due = '2026-04-10';
let ids = 0;
const step = (given: Partial<Step> & Pick<Step, 'type' | 'dayOffset'>): Step => {
  ids += 1;
  return {
    ...{ id: `stp_${ids}`, everyDays: null, untilDaysLate: null, isFormal: false, subject: null, body: null },
    ...given,
  };
};
const ladder = [
  step({ type: 'upcoming_payment', dayOffset: -3 }),
  step({ type: 'payment_due', dayOffset: 0 }),
  step({ type: 'payment_past_due', dayOffset: 7 }),
  step({ type: 'payment_past_due', dayOffset: 14 }),
  step({ type: 'payment_past_due', dayOffset: 30, everyDays: 30, untilDaysLate: 100 }),
];
const facts = (over: Partial<ReminderFacts> = {}): ReminderFacts => ({
  isLive: true,
  sendToInactive: false,
  reader: {
    id: 'cus_1',
    name: 'Ana',
    sendReminders: true,
    isActive: true,
    cells: messageCells,
    email: 'ana@example.com',
    emailProblem: null,
    takesMail: true,
    phone: null,
    hasAddress: false,
  },
  invoice: { state: 'open', payable: 100n, dueDate: due, remindersOff: false, lastOn: null },
  dispute: null,
  promise: null,
  ...over,
});

describe('when a step speaks', () => {
  const cases: [day: number, newest: number | undefined, next: number | undefined][] = [
    [-10, undefined, -3],
    [-3, -3, 0],
    [-1, -3, 0],
    [0, 0, 7],
    [6, 0, 7],
    [7, 7, 14],
    [29, 14, 30],
    [30, 30, 60],
    [59, 30, 60],
    [89, 60, 90],
    [90, 90, undefined],
    [100, 90, undefined],
    [101, 14, undefined],
  ];
  for (const [day, newest, next] of cases)
    test(`${day} days late: ${newest ?? 'nothing'} is the newest, ${next ?? 'nothing'} comes next`, () => {
      assert.equal(newestOccurrence(ladder, day)?.day, newest);
      assert.equal(nextOccurrence(ladder, day)?.day, next);
    });

  test('what is said once goes before what is repeated on the same day', () => {
    const weekly = step({ type: 'payment_past_due', dayOffset: 7, everyDays: 7 });
    const formal = step({ type: 'payment_past_due', dayOffset: 14, isFormal: true });
    for (const steps of [
      [weekly, formal],
      [formal, weekly],
    ]) {
      assert.equal(newestOccurrence(steps, 14)?.step, formal);
      assert.equal(nextOccurrence(steps, 13)?.step, formal);
      assert.equal(newestOccurrence(steps, 21)?.step, weekly);
    }
  });

  test('a step is read as a person would say it', () => {
    assert.deepEqual(ladder.map(stepWords), [
      '3 days before it is due',
      'On the due date',
      '7 days past due',
      '14 days past due',
      '30 days past due, then every 30 days, until 100 days past due',
    ]);
    assert.equal(
      stepWords({ ...ladder[0], type: 'upcoming_late_fee', dayOffset: -1 } as Step),
      '1 day before a late fee',
    );
  });
});

describe('whether it may be said', () => {
  const today = '2026-04-17';
  const cases: [rule: string, over: Partial<ReminderFacts>][] = [
    ['automatic_messages_live', { isLive: false }],
    ['balance_payable', { invoice: { ...facts().invoice, state: 'pending', payable: 0n } }],
    ['invoice_open', { invoice: { ...facts().invoice, state: 'paid', payable: 0n } }],
    ['customer_takes_reminders', { reader: { ...facts().reader, sendReminders: false } }],
    ['invoice_not_opted_out', { invoice: { ...facts().invoice, remindersOff: true } }],
    ['customer_active', { reader: { ...facts().reader, isActive: false } }],
    ['channel_on', { reader: { ...facts().reader, cells: ['payment_due.email'] } }],
    ['address_good', { reader: { ...facts().reader, takesMail: false } }],
    ['no_open_dispute', { dispute: { restsUntil: null } }],
    ['no_open_dispute', { dispute: { restsUntil: '2026-04-18' } }],
    ['no_open_promise', { promise: { promisedOn: today } }],
  ];
  for (const [rule, over] of cases)
    test(`${rule} holds it, and says why and where to put it right`, () => {
      const decision = decideReminder(facts(over), ladder, due, today);
      assert.equal(decision.verdict, 'held');
      assert.equal(decision.verdict === 'held' && decision.heldBy, rule);
      const outlook = outlookOf(facts(over), ladder, due, today);
      assert.equal(outlook.standing, rule === 'invoice_open' ? 'ended' : 'held');
      const about = {
        facts: facts(over),
        says: 'payment_past_due' as const,
        invoiceId: 'inv_1',
        customerId: 'cus_2',
        date: String,
      };
      const told = tellRule(decision.verdict === 'held' ? decision.heldBy : 'invoice_open', about);
      assert.match(told.failed, /\.$|:/);
      assert.ok(rule === 'invoice_open' || told.remedy?.to.startsWith('/'), rule);
    });
  const passing: Partial<ReminderFacts>[] = [
    {},
    { dispute: { restsUntil: today } },
    { promise: { promisedOn: '2026-04-16' } },
    { reader: { ...facts().reader, isActive: false }, sendToInactive: true },
    { reader: { ...facts().reader, takesMail: false, phone: '+15125550100' } },
    { reader: { ...facts().reader, takesMail: false, hasAddress: true } },
  ];
  for (const [at, over] of passing.entries())
    test(`it goes where no rule fails (${at})`, () => {
      const decision = decideReminder(facts(over), ladder, due, today);
      assert.equal(decision.verdict, 'send');
      assert.deepEqual(decision.verdict === 'send' && decision.rules.map(({ rule }) => rule), [...ruleNames]);
    });

  test('what went on or after its day is said, whichever step or policy said it', () => {
    const lastOn = (day: string) => facts({ invoice: { ...facts().invoice, lastOn: day } });
    assert.equal(decideReminder(lastOn('2026-04-17'), ladder, due, '2026-04-20').verdict, 'said');
    assert.equal(decideReminder(lastOn('2026-04-16'), ladder, due, '2026-04-20').verdict, 'send');
    const outlook = outlookOf(lastOn('2026-04-17'), ladder, due, '2026-04-20');
    assert.deepEqual([outlook.standing, outlook.occurrence?.day], ['waits', 14]);
    const off = { ...lastOn('2026-04-17'), promise: { promisedOn: '2026-05-30' } };
    assert.equal(outlookOf(off, ladder, due, '2026-04-20').standing, 'held');
  });
});

describe('policies', () => {
  const policy = (id: string, customerType: string | null, isDefault = false) => ({
    id,
    customerType,
    isDefault,
  });
  const all = [policy('d', null, true), policy('t', 'Retail'), policy('o', null)];
  const cases: [string | null, string | null, string][] = [
    ['o', 'Retail', 'o'],
    [null, ' retail', 't'],
    [null, 'Other', 'd'],
    [null, null, 'd'],
    ['archived', 'Retail', 't'],
  ];
  for (const [dunningPolicyId, customerType, wanted] of cases)
    test(`own ${dunningPolicyId}, type ${customerType}: ${wanted}`, () =>
      assert.equal(choosePolicy(all, { dunningPolicyId, customerType })?.id, wanted));

  const bad: [Partial<Step> & Pick<Step, 'type' | 'dayOffset'>, string][] = [
    [{ type: 'payment_due', dayOffset: 1 }, 'day_offset'],
    [{ type: 'payment_past_due', dayOffset: 0 }, 'day_offset'],
    [{ type: 'upcoming_payment', dayOffset: 0 }, 'day_offset'],
    [{ type: 'upcoming_late_fee', dayOffset: 3 }, 'day_offset'],
    [{ type: 'payment_due', dayOffset: 0, everyDays: 3 }, 'every_days'],
    [{ type: 'payment_past_due', dayOffset: 5, untilDaysLate: 10 }, 'until_days_late'],
    [{ type: 'payment_past_due', dayOffset: 5, everyDays: 7, untilDaysLate: 11 }, 'until_days_late'],
    [{ type: 'upcoming_payment', dayOffset: -5, isFormal: true }, 'formal'],
  ];
  for (const [given, field] of bad)
    test(`${given.type} at ${given.dayOffset} with a bad ${field} is refused there`, () =>
      assert.deepEqual(
        stepProblems([step(given)]).map((each) => each.field),
        [field],
      ));
  test('two steps for one day are refused, but a warning of a fee may meet another', () => {
    const twice = [
      step({ type: 'upcoming_payment', dayOffset: -3 }),
      step({ type: 'upcoming_payment', dayOffset: -3 }),
    ];
    assert.deepEqual(
      stepProblems(twice).map(({ at }) => at),
      [1],
    );
    assert.deepEqual(
      stepProblems([twice[0] as Step, step({ type: 'upcoming_late_fee', dayOffset: -3 })]),
      [],
    );
    assert.deepEqual(stepProblems(ladder), []);
  });
  test('each formal reminder is one level above the last, and firmer', () => {
    assert.deepEqual([levelAfter([]), levelAfter([null, 2, 1])], [1, 3]);
    assert.equal(new Set([1, 2, 3, 4].map((level) => formalWords(level, 'Acme'))).size, 4);
  });
});

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
        const forecast = forecastOf(steps, [{ dueDate: due, lastOn: today, invoices: 3 }], {
          today,
          days: 60,
        });
        assert.deepEqual(
          forecast.map(({ date, type, invoices }) => [daysBetween(due, date), type, invoices]),
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
