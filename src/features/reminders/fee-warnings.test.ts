import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { agree, workLateFees } from '../../../test/support/late-fees.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import { on, remindDay, reminded, setCustomer, setSteps, wentOf } from '../../../test/support/reminders.ts';

/** Due on 10 March; a fee of 25.00 every ten days from the 11th, warned of three days before. */
async function warned(terms: Parameters<typeof agree>[1] = {}) {
  const at = await reminded({ dueDate: '2026-03-10' });
  await agree(at.books, { graceDays: 10, ...terms });
  await setSteps(at.books, [
    { type: 'payment_past_due', dayOffset: 8 },
    { type: 'upcoming_late_fee', dayOffset: -3, body: '{{late_fee.amount}} on {{late_fee.date}}' },
  ]);
  return at;
}

test('a late fee is warned of so many days before it, each once, with its amount and its day', async () => {
  const { books } = await warned();
  for (let day = '2026-03-10'; day <= '2026-04-02'; day = on(day, 1)) {
    await workLateFees(books, day);
    await Promise.all([remindDay(books, day), remindDay(books, day)]);
  }
  assert.deepEqual(await wentOf(books), [
    '2026-03-18 payment_past_due',
    '2026-03-18 upcoming_late_fee',
    '2026-03-28 upcoming_late_fee',
  ]);
  const warnings = (await mailsOf(books)).filter(({ kind }) => kind === 'upcoming_late_fee');
  assert.match(warnings[0]?.text ?? '', /\$25\.00 on Mar 21, 2026/);
  assert.match(warnings[1]?.text ?? '', /\$25\.00 on Mar 31, 2026/);
});

test('the usual words say what the fee will be, and from when on', async () => {
  const { books } = await warned();
  await setSteps(books, [{ type: 'upcoming_late_fee', dayOffset: -3 }]);
  await remindDay(books, '2026-03-18');
  const mail = (await mailsOf(books)).find(({ kind }) => kind === 'upcoming_late_fee');
  assert.match(mail?.text ?? '', /paid before Mar 21, 2026, a late fee of \$25\.00 will be\s+added/);
});

test('a fee that is waived beforehand is not warned of, nor one that has been posted', async () => {
  const { books, customerId } = await warned();
  await setCustomer(books, customerId, sql`waive_next_late_fee = true`);
  await remindDay(books, '2026-03-19');
  await setCustomer(books, customerId, sql`waive_next_late_fee = false`);
  await workLateFees(books, '2026-03-21');
  await remindDay(books, '2026-03-21');
  assert.deepEqual(await wentOf(books), ['2026-03-19 payment_past_due']);
});

test('the terms of late fees stand in reminders where that is wanted', async () => {
  const { books } = await warned({ termsText: 'We charge $25.00 every ten days.', termsInReminders: true });
  await remindDay(books, '2026-03-18');
  const mails = await mailsOf(books);
  assert.equal(mails.length, 2);
  for (const { text } of mails) assert.match(text, /We charge \$25\.00 every ten days\./);
});
