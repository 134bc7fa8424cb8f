import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formalWords, levelAfter } from '#features/reminders/document-rules.ts';
import { decideReminder, type ReminderFacts, ruleNames } from '#features/reminders/eligibility-rules.ts';
import { outlookOf } from '#features/reminders/outlook-rules.ts';
import { choosePolicy, stepProblems } from '#features/reminders/policy-rules.ts';
import { tellRule } from '#features/reminders/remedy-rules.ts';
import { newestOccurrence, nextOccurrence, type Step, stepWords } from '#features/reminders/step-rules.ts';
import { due, facts, step } from '../../../test/support/reminder-facts.ts';

const ladder = [
  step({ type: 'upcoming_payment', dayOffset: -3 }),
  step({ type: 'payment_due', dayOffset: 0 }),
  step({ type: 'payment_past_due', dayOffset: 7 }),
  step({ type: 'payment_past_due', dayOffset: 14 }),
  step({ type: 'payment_past_due', dayOffset: 30, everyDays: 30, untilDaysLate: 100 }),
];
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
    ['customer_may_be_contacted', { reader: { ...facts().reader, mayBeContacted: false } }],
    ['channel_on', { reader: { ...facts().reader, cells: ['payment_due.email'] } }],
    ['address_good', { reader: { ...facts().reader, takesMail: false } }],
    ['address_good', { reader: { ...facts().reader, takesMail: false, hasAddress: true } }],
    ['no_open_dispute', { dispute: { restsUntil: null } }],
    ['no_open_dispute', { dispute: { restsUntil: '2026-04-18' } }],
    ['no_open_promise', { promise: { promisedOn: today } }],
    ['no_active_payment_plan', { isOnPlan: true }],
    ['not_too_often', { limit: { messages: 1, days: 7 }, remindedOn: ['2026-04-11'] }],
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
    { limit: { messages: 1, days: 7 }, remindedOn: ['2026-04-10'] },
    { limit: { messages: 2, days: 7 }, remindedOn: ['2026-04-16'] },
    { reader: { ...facts().reader, takesMail: false, hasAddress: true, addressConfirmed: true } },
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
