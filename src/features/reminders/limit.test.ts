import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { forecastReminders } from '#features/reminders/forecast.ts';
import { planDay } from '#features/reminders/plan-day.ts';
import { readOutlook } from '#features/reminders/queries.ts';
import { readFacts } from '#features/reminders/read-facts.ts';
import { remindBatch } from '#features/reminders/remind-day.ts';
import { makeStatementLink } from '#features/statements/make-statement-link.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import {
  owing,
  remindDay,
  reminded,
  remindersOf,
  remindThrough,
  set,
  setCustomer,
  setSteps,
  wentOf,
} from '../../../test/support/reminders.ts';
import { callApi } from '../../../test/support/server.ts';

const dueDate = '2026-04-10';
/** At most so many reminders in seven days. */
async function limited(messages: number, invoices = 1, days = 7) {
  const house = await reminded({ dueDate });
  await set(house.books, sql`reminder_limit_messages = ${messages}, reminder_limit_days = ${days}`);
  const ids = [house.invoiceId];
  while (ids.length < invoices) ids.push(await owing(house.books, house.customerId, { dueDate }));
  return { ...house, ids };
}
const stateOf = async (books: Books) =>
  (await remindersOf(books)).map(({ dueOn, state, heldBy }) => [dueOn, state, heldBy]);
const outlookOf = (books: Books, invoiceId: string, today: string) =>
  books.tx((tx) =>
    readOutlook(tx, { id: books.organizationId, locale: 'en-US' }, invoiceId, {
      ...{ today, now: new Date(`${today}T15:00:00Z`) },
    }),
  );

describe('the limit of reminders to a customer', () => {
  test('what is beyond it is held by its name, and its newest step goes when there is room', async () => {
    const { books, ids } = await limited(1, 2);
    await remindDay(books, '2026-04-07');
    assert.deepEqual((await stateOf(books)).sort(), [
      ['2026-04-07', 'held', 'not_too_often'],
      ['2026-04-07', 'sent', null],
    ]);
    const held = (await remindersOf(books)).find(({ state }) => state === 'held')?.invoiceId ?? '';
    const why = await outlookOf(books, held, '2026-04-08');
    assert.deepEqual([why.standing, why.held?.rule], ['held', 'not_too_often']);
    assert.match(why.held?.words ?? '', /1 reminder in 7 days.*again on Apr 14, 2026/);
    await remindThrough(books, '2026-04-08', '2026-04-21');
    assert.deepEqual(await wentOf(books), [
      '2026-04-07 upcoming_payment',
      '2026-04-14 payment_past_due',
      '2026-04-21 payment_past_due',
    ]);
    const bySecond = (await remindersOf(books)).filter(({ state }) => state === 'sent');
    assert.equal(new Set(bySecond.map(({ invoiceId }) => invoiceId)).size, ids.length, 'each has its turn');
  });

  test('off, all that a policy has goes', async () => {
    const { books } = await limited(1, 3);
    await set(books, sql`reminder_limit_messages = null`);
    await remindDay(books, '2026-04-07');
    assert.equal((await wentOf(books)).length, 3);
  });

  test('two workers at once stay within it, and the gravest goes', async () => {
    const { books, customerId } = await limited(2, 3);
    const late = await owing(books, customerId, { dueDate: '2026-03-31' });
    await Promise.all([remindDay(books, '2026-04-07'), remindDay(books, '2026-04-07')]);
    const sent = (await remindersOf(books)).filter(({ state }) => state === 'sent');
    assert.equal(sent.length, 2);
    assert.equal((await mailsOf(books)).length, 2);
    assert.ok(sent.some(({ invoiceId }) => invoiceId === late));
  });

  test('one message of several invoices counts once, whichever channels it takes, and no statement counts', async () => {
    const { books, customerId } = await limited(2, 2);
    await setSteps(
      books,
      [
        { type: 'payment_past_due', dayOffset: 1 },
        { type: 'payment_past_due', dayOffset: 2 },
        { type: 'payment_past_due', dayOffset: 3 },
      ],
      { oneMessage: true },
    );
    await setCustomer(
      books,
      customerId,
      sql`message_cells = array['payment_past_due.email', 'payment_past_due.paper', 'statement.email'],
        address_state = 'confirmed', billing_address = '{"line1": "1 Main St", "country": "US"}'`,
    );
    const input = { ...makings, organizationId: books.organizationId, customerId, replace: false };
    await books.tx((tx) =>
      makeStatementLink(tx, books.actor, { ...input, channels: ['email'] }, new Date('2026-04-10T15:00:00Z')),
    );
    await remindThrough(books, '2026-04-11', '2026-04-13');
    const kinds = (await mailsOf(books)).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'statement').length, 1);
    const sent = (await remindersOf(books)).filter(({ state }) => state === 'sent');
    assert.deepEqual([sent.length, new Set(sent.flatMap(({ messageIds }) => messageIds)).size], [4, 4]);
    assert.deepEqual([...new Set(sent.map(({ sentOn }) => sentOn))], ['2026-04-11', '2026-04-12']);
  });

  test('what was held back after all does not count, here or in the forecast', async () => {
    const { books } = await limited(1, 2);
    const suppress = async () => {
      const ids = (await remindersOf(books)).flatMap(({ messageIds }) => messageIds);
      await books.tx((tx) =>
        tx.run(
          sql`update messages set state = 'suppressed', suppressed_by = 'no_hours' where id = any(${ids})`,
        ),
      );
    };
    const tomorrow = async (): Promise<number> => {
      const input = { ...makings, organizationId: books.organizationId, today: '2026-04-07', days: 1 };
      const { days } = await books.tx((tx) => forecastReminders(tx, input, new Date('2026-04-07T20:00:00Z')));
      return days.reduce((sum, { messages }) => sum + messages, 0);
    };
    await setSteps(
      books,
      [-3, -2].map((dayOffset) => ({ type: 'upcoming_payment', dayOffset })),
    );
    await remindDay(books, '2026-04-07');
    assert.equal(await tomorrow(), 0);
    await suppress();
    const held = (await remindersOf(books)).find(({ state }) => state === 'held')?.invoiceId ?? '';
    assert.equal((await outlookOf(books, held, '2026-04-07')).standing, 'goes');
    await remindDay(books, '2026-04-07');
    await suppress();
    assert.equal(await tomorrow(), 1);
    await remindDay(books, '2026-04-08');
    const went = (await wentOf(books)).filter((each) => each.startsWith('2026-04-08'));
    assert.equal(went.length, 1);
  });

  test('what is read is what counts on the day: none from before the limit’s days', async () => {
    const { books, invoiceId } = await limited(5);
    await setSteps(books, [{ type: 'payment_past_due', dayOffset: 1, everyDays: 4, untilDaysLate: 40 }]);
    await remindThrough(books, '2026-04-11', '2026-04-26');
    const readOn = async (today: string, limit: { messages: number; days: number } | null) => {
      const day = { organizationId: books.organizationId, today, setting: { limit } };
      const [read] = await books.tx((tx) => readFacts(tx, day, sql`i.id = ${invoiceId}`));
      return read?.facts.remindedOn;
    };
    const week = { messages: 5, days: 7 };
    assert.deepEqual(await readOn('2026-04-26', week), ['2026-04-23']);
    assert.deepEqual(await readOn('2026-04-26', null), []);
  });

  test('what refers to a customer does not wait for its reminders', async () => {
    const { books, customerId } = await limited(1);
    const plan = await books.tx((tx) =>
      planDay(tx, { ...makings, organizationId: books.organizationId, today: '2026-04-07' }, books.now),
    );
    await books.tx(async (tx) => {
      await remindBatch(tx, books.actor, { plan, after: undefined, before: undefined }, books.now);
      await books.tx((other) =>
        other.run(sql`select from customers where id = ${customerId} for key share nowait`),
      );
    });
    assert.equal((await wentOf(books)).length, 1);
  });

  test('another customer’s reminders do not count', async () => {
    const { books } = await limited(1, 2);
    const other = await given.customer(books, { email: 'ben@example.com' });
    await owing(books, other, { dueDate });
    await remindDay(books, '2026-04-07');
    assert.equal((await wentOf(books)).length, 2);
  });

  test('what is to come is named as it will be on its day', async () => {
    const { books, invoiceId } = await limited(1);
    await remindDay(books, '2026-04-07');
    const next = await outlookOf(books, invoiceId, '2026-04-08');
    assert.deepEqual(
      [next.standing, next.next?.date, next.held?.rule],
      ['held', '2026-04-10', 'not_too_often'],
    );
    await set(books, sql`reminder_limit_days = 3`);
    assert.equal((await outlookOf(books, invoiceId, '2026-04-08')).standing, 'waits');
  });

  for (const oneMessage of [false, true])
    test(`the forecast counts what the days then send (one message for all: ${oneMessage})`, async () => {
      const { books, customerId } = await limited(2, 3, 5);
      await owing(books, customerId, { dueDate: '2026-04-02' });
      await setSteps(
        books,
        [
          { type: 'upcoming_payment', dayOffset: -3 },
          { type: 'payment_past_due', dayOffset: 2, everyDays: 3, untilDaysLate: 40 },
        ],
        { oneMessage },
      );
      await remindThrough(books, '2026-04-04', '2026-04-07');
      const input = { ...makings, organizationId: books.organizationId, today: '2026-04-07', days: 20 };
      const { days } = await books.tx((tx) => forecastReminders(tx, input, new Date('2026-04-07T20:00:00Z')));
      await remindThrough(books, '2026-04-08', '2026-04-27');
      const went = (await remindersOf(books)).filter(
        ({ sentOn }) => sentOn !== null && sentOn > '2026-04-07',
      );
      const messages = Map.groupBy(went, ({ messageIds }) => messageIds[0] ?? '');
      const perDay: Record<string, number> = {};
      for (const [first] of messages.values())
        if (first?.sentOn) perDay[first.sentOn] = (perDay[first.sentOn] ?? 0) + 1;
      const forecast: Record<string, number> = {};
      for (const { date, messages: count } of days) forecast[date] = (forecast[date] ?? 0) + count;
      assert.deepEqual(forecast, perDay);
      assert.ok(Object.keys(perDay).length > 3);
    });
});

test('the limit is set in the messenger’s settings, and a limit of nothing is refused', async () => {
  const { books } = await reminded({ dueDate });
  const key = await apiKeyOf(books);
  const change = (body: object) => callApi(key, 'PATCH', '/v1/invoice-messenger', body);
  const was = (await callApi(key, 'GET', '/v1/invoice-messenger')).body;
  assert.deepEqual([was.reminder_limit_messages, was.reminder_limit_days], [null, 7]);
  const saved = await change({ reminder_limit_messages: 2, reminder_limit_days: 14 });
  assert.deepEqual([saved.body.reminder_limit_messages, saved.body.reminder_limit_days], [2, 14]);
  assert.equal((await change({ reminder_limit_messages: 0 })).status, 422);
  assert.equal((await change({ reminder_limit_messages: null })).body.reminder_limit_messages, null);
});
