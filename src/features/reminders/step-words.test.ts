import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { forecastReminders } from '#features/reminders/forecast.ts';
import { previewStep } from '#features/reminders/preview-step.ts';
import { noWords } from '#features/reminders/step-rules.ts';
import type { Refusal } from '#lib/errors.ts';
import { agreesToTexts } from '../../../test/support/channels.ts';
import type { Books } from '../../../test/support/given.ts';
import { makings } from '../../../test/support/mails.ts';
import { owing, remindDay, reminded, setCustomer, setSteps } from '../../../test/support/reminders.ts';

const phone = '+15125550143';
const own = {
  ...{ subject: 'Mail {{invoice.number}}', body: 'By mail' },
  ...{
    textBody: 'Text {{invoice.number}}',
    letterSubject: 'Letter {{invoice.number}}',
    letterBody: 'On paper',
  },
};

/** A customer who is told in every channel. */
async function told() {
  const made = await reminded(
    { dueDate: '2026-04-10' },
    { phone, billingAddress: { line1: '1 Main St', city: 'Austin', region: 'TX', postal_code: '78701' } },
  );
  await agreesToTexts(made.books, made.customerId, phone);
  await setCustomer(
    made.books,
    made.customerId,
    sql`message_cells = array['payment_past_due.email', 'payment_past_due.sms', 'payment_past_due.paper'],
      address_state = 'confirmed'`,
  );
  return made;
}
const saidIn = async (books: Books): Promise<string[]> =>
  (
    await books.tx((tx) =>
      tx.rows<{
        line: string;
      }>(sql`select channel || ': ' || subject || ' / ' || split_part(text, E'\\n', 1) as line
        from messages where organization_id = ${books.organizationId} order by channel`),
    )
  ).map(({ line }) => line);

test('a step has its own words in a mail, in a text message and in a letter', async () => {
  const { books } = await told();
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 5, ...own }]);
  await remindDay(books, '2026-04-15');
  const [mail, letter, text] = await saidIn(books);
  assert.match(mail ?? '', /^email: Mail INV-1001/);
  assert.match(letter ?? '', /^paper: Letter INV-1001 \/ On paper/);
  assert.match(text ?? '', /^sms: {2}\/ Text INV-1001/);
});

test('a letter takes the words of the mail where it has none, and a text message those of its template', async () => {
  const { books } = await told();
  const words = { ...noWords, subject: own.subject, body: own.body };
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 5, ...words }]);
  await remindDay(books, '2026-04-15');
  const [, letter, text] = await saidIn(books);
  assert.match(letter ?? '', /^paper: Mail INV-1001 \/ By mail/);
  assert.doesNotMatch(text ?? '', /By mail/);
});

test('a step is shown in each channel as it would be read; an unknown field is refused by its name', async () => {
  const { books } = await told();
  const preview = (channel: 'email' | 'sms' | 'paper', words = {}) =>
    books.tx((tx) =>
      previewStep(tx, {
        ...makings,
        ...{ organizationId: books.organizationId, today: '2026-04-15', type: 'payment_past_due', channel },
        ...own,
        ...words,
      }),
    );
  const text = await preview('sms');
  assert.deepEqual([text.text.split('\n')[0], text.to], ['Text INV-1001', [phone]]);
  const letter = await preview('paper');
  assert.equal(letter.subject, 'Letter INV-1001');
  assert.match(letter.text, /^On paper/);
  assert.deepEqual(letter.to.slice(0, 2), ['Ana & Sons', '1 Main St']);
  assert.match((await preview('email')).html, /By mail/);
  await assert.rejects(
    preview('email', { textBody: '{{nothing}}' }),
    (error: Refusal) => error.details.param === 'text_body',
  );
});

test('where one message covers all that a customer has open, the forecast counts it once, by its gravest step', async () => {
  const { books, customerId } = await reminded({ dueDate: '2026-04-10' });
  await owing(books, customerId, { dueDate: '2026-04-10' });
  await owing(books, customerId, { dueDate: '2026-04-15' });
  const steps = [
    { type: 'payment_due', dayOffset: 0 },
    { type: 'payment_past_due', dayOffset: 5 },
  ] as const;
  const days = async () => {
    const { organizationId } = books;
    const asked = { ...makings, organizationId, today: '2026-04-09', days: 14 };
    const forecast = await books.tx((tx) => forecastReminders(tx, asked, books.now));
    return forecast.days.map(({ date, type, messages }) => `${date} ${type} ${messages}`).sort();
  };
  await setSteps(books, steps);
  assert.deepEqual(await days(), [
    '2026-04-10 payment_due 2',
    '2026-04-15 payment_due 1',
    '2026-04-15 payment_past_due 2',
    '2026-04-20 payment_past_due 1',
  ]);
  await setSteps(books, steps, { oneMessage: true });
  assert.deepEqual(await days(), [
    '2026-04-10 payment_due 1',
    '2026-04-15 payment_past_due 1',
    '2026-04-20 payment_past_due 1',
  ]);
});
