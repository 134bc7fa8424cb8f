import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { pauseSchedule } from '#features/schedules/pause-schedule.ts';
import { given, news } from '../../../test/support/given.ts';
import { mailsOf, setOrganization } from '../../../test/support/mails.ts';
import { workOff } from '../../../test/support/portal.ts';
import {
  failed,
  noon,
  paying,
  paymentSchedule,
  paymentsOf,
  schedule,
  workSchedules,
} from '../../../test/support/schedules.ts';

/** Someone who is charged, at a desk that wants to be told. */
async function told(over: Parameters<typeof paymentSchedule>[2] = {}) {
  const books = await given.organization();
  await setOrganization(books, sql`notify_emails = array['desk@owed.test']`);
  const customerId = await given.customer(books, { email: 'ana@example.com', displayName: 'Ana & Co' });
  const methodId = await given.storedMethod(books, customerId);
  const scheduleId = await schedule(books, paymentSchedule(customerId, methodId, over));
  return { books, customerId, methodId, scheduleId };
}
type Told = Awaited<ReturnType<typeof told>>;

/** What the worker does with the news of an organization. */
async function hear({ books }: Pick<Told, 'books'>): Promise<void> {
  for (const name of ['react', 'fail-scheduled-charge', 'react', 'tell-schedule-news'])
    await workOff(name, books.organizationId);
}
/** Its words in one line: mails are wrapped. */
const wordsOf = (mail?: { text: string }) => (mail?.text ?? '').replaceAll(/\s+/g, ' ');
const mailsTo = async ({ books }: Pick<Told, 'books'>, kind: string) =>
  (await mailsOf(books)).filter((mail) => mail.kind === kind);
async function charge(one: Told, day: string, outcome: ReturnType<typeof news>): Promise<string> {
  await workSchedules(one.books, day);
  const payment = (await paymentsOf(one.books, one.customerId)).at(-1);
  assert.ok(payment);
  await given.outcome({ ...one.books, now: noon(day) }, payment.id, outcome);
  return payment.id;
}

test('the payer has a copy of what was agreed to before the first charge, once', async () => {
  const one = await told();
  await workOff('react', one.books.organizationId);
  for (let times = 0; times < 2; times += 1) await workOff('tell-schedule-agreed', one.books.organizationId);
  const [mail, ...more] = await mailsTo(one, 'schedule_agreed');
  assert.deepEqual([mail?.toEmails, more], [['ana@example.com'], []]);
  assert.match(wordsOf(mail), /may charge \$25\.00 to Visa •••• 4242 monthly, from Mar 31, 2026/);
  assert.match(mail?.html ?? '', new RegExp(`/portal/schedules/${one.scheduleId}`));
});

test('a declined charge of a schedule is told to the customer and to the desk, once', async () => {
  const one = await told();
  await charge(one, '2026-03-31', news('declined'));
  await hear(one);
  await hear(one);
  const [mail, ...more] = await mailsTo(one, 'failed_charge');
  assert.deepEqual([mail?.toEmails, more], [['ana@example.com'], []]);
  assert.match(wordsOf(mail), /\$25\.00/);
  assert.match(wordsOf(mail), /did not go through|declined/i);
  assert.match(wordsOf(mail), /Visa •••• 4242/, 'the card by which the payer knows it');
  const [copy] = await mailsTo(one, 'failed_charge_copy');
  assert.deepEqual(copy?.toEmails, ['desk@owed.test']);
  assert.match(wordsOf(copy), /Ana & Co/);
});

test('a schedule that pauses by itself is told to the desk: which, why, and where to go', async () => {
  const one = await told();
  const expired = { ...news('declined'), code: 'expired_card' } as ReturnType<typeof news>;
  const paymentId = await charge(one, '2026-03-31', expired);
  await failed(one.books, paymentId, '2026-03-31');
  await hear(one);
  const [mail, ...more] = await mailsTo(one, 'schedule_news');
  assert.deepEqual([mail?.toEmails, more], [['desk@owed.test'], []]);
  assert.equal(mail?.subject, 'Schedule paused: Ana & Co');
  assert.match(wordsOf(mail), /Monthly, \$25\.00: Membership/);
  assert.match(wordsOf(mail), /can no longer be charged\. Choose another one, then resume/);
  assert.match(wordsOf(mail), new RegExp(`/console/schedules/${one.scheduleId}`));
  assert.match(mail?.html ?? '', /Ana &amp; Co/);
});

test('dates that were missed are told to the desk by name, no more than five of them', async () => {
  const one = await told({ unit: 'day', startsOn: '2026-03-03' });
  await workSchedules(one.books, '2026-03-10');
  await hear(one);
  const [mail, ...more] = await mailsTo(one, 'schedule_news');
  assert.deepEqual(more, []);
  assert.equal(mail?.subject, 'Payments not charged: Ana & Co');
  assert.match(wordsOf(mail), /Mar 3, 2026, .*Mar 7, 2026 and 2 more/);
});

test('who pauses a schedule by hand is not told of it, and a desk without an address gets no mail', async () => {
  const one = await told();
  const input = { organizationId: one.books.organizationId, scheduleId: one.scheduleId };
  await one.books.tx((tx) => pauseSchedule(tx, one.books.actor, input, noon('2026-03-10')));
  await hear(one);
  assert.deepEqual(await mailsTo(one, 'schedule_news'), []);
  const silent = await paying({ unit: 'day', startsOn: '2026-03-03' });
  await workSchedules(silent.books, '2026-03-10');
  await hear(silent);
  assert.deepEqual(await mailsTo(silent, 'schedule_news'), []);
});
