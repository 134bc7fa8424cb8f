import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { NewsKind } from '#features/correspondence/news-rules.ts';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { retryMessage } from '#features/correspondence/retry-message.ts';
import { tryEmailAgain } from '#features/reports/email-problems.ts';
import { given } from '../../../test/support/given.ts';
import { queueMail } from '../../../test/support/mails.ts';

const email = 'ana@example.com';
const full = '452 4.2.2 mailbox full';

/** A customer whose mails come back, or not, on days of March. */
async function reader() {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books, { displayName: 'Ana', email });
  const mail = async (of = customerId) => (await queueMail(books, { customerId: of, to: [email] })).messageId;
  const told = (messageId: string, day: number, kind: NewsKind, reason = full) => {
    const at = new Date(`2026-03-${String(day).padStart(2, '0')}T12:00:00Z`);
    const news = [{ messageId, email, kind, reason, at }];
    return books.tx((tx) => recordMailNews(tx, actor, { organizationId, news }, now));
  };
  const back = async (day: number, reason?: string, kind: NewsKind = 'soft_bounced') => {
    const messageId = await mail();
    await told(messageId, day, kind, reason);
    return messageId;
  };
  const problems = () =>
    books.tx((tx) =>
      tx.rows<{ email: string; kind: string; reason: string }>(sql`
        select email, kind, reason from email_problems where organization_id = ${organizationId}`),
    );
  return { books, customerId, mail, told, back, problems };
}

test('an address whose mailbox stays full for a week is written to no more, and it is said why', async () => {
  const { back, problems } = await reader();
  for (const day of [1, 4, 7]) await back(day);
  assert.deepEqual(await problems(), []);
  await back(8);
  assert.deepEqual(await problems(), [{ email, kind: 'hard_bounce', reason: full }]);
});

test('one that was delivered in between ends the run', async () => {
  const { back, problems } = await reader();
  for (const day of [1, 4]) await back(day);
  await back(5, '', 'delivered');
  await back(9);
  assert.deepEqual(await problems(), []);
});

test('one that went out with nothing said of it since has arrived: plain SMTP tells no more', async () => {
  const { back, mail, problems } = await reader();
  for (const day of [1, 4]) await back(day);
  await mail();
  await back(9);
  assert.deepEqual(await problems(), []);
  for (const day of [12, 20]) await back(day);
  assert.equal((await problems()).length, 1, 'three since');
});

test('one of another customer with the same address has arrived as well', async () => {
  const { books, back, mail, problems } = await reader();
  const other = await given.customer(books, { displayName: 'Ben', email: 'Ana@Example.com' });
  for (const day of [1, 4]) await back(day);
  await mail(other);
  await back(9);
  assert.deepEqual(await problems(), []);
});

test('one that has only just gone out and comes back after all was no end of the run', async () => {
  const { back, mail, told, problems } = await reader();
  for (const day of [1, 4]) await back(day);
  const late = await mail();
  await back(9);
  assert.deepEqual(await problems(), []);
  await told(late, 9, 'soft_bounced');
  assert.equal((await problems()).length, 1);
});

test('mail that is late is no mail that came back, whatever the server says it waits for', async () => {
  const { back, told, mail, problems } = await reader();
  for (const day of [1, 4, 9, 14]) await back(day, full, 'delayed');
  assert.deepEqual(await problems(), []);
  const lost = await mail();
  await told(lost, 15, 'delayed');
  await told(lost, 16, 'soft_bounced');
  for (const day of [20, 24]) await back(day);
  assert.equal((await problems()).length, 1, 'what was late and is lost counts');
});

for (const reason of ['550 5.7.1 Rejected as spam', '552 5.3.4 Message too big', '421 4.4.7 Message expired'])
  test(`what is refused for itself says nothing of the address: ${reason}`, async () => {
    const { back, problems } = await reader();
    for (const day of [1, 4, 9, 14]) await back(day, reason);
    assert.deepEqual(await problems(), []);
  });

test('an address that somebody freed starts anew: the next soft bounce alone blocks nothing', async () => {
  const { books, customerId, back, told, problems } = await reader();
  const { organizationId, actor, now } = books;
  let last = '';
  for (const day of [1, 4, 9]) last = await back(day);
  assert.equal((await problems()).length, 1);
  await books.tx((tx) => tryEmailAgain(tx, actor, { organizationId, customerId, email }, now));
  await told(last, 9, 'soft_bounced');
  for (const day of [10, 18]) await back(day);
  assert.deepEqual(await problems(), []);
  await back(19);
  assert.equal((await problems()).length, 1, 'three since');
});

test('a message that is sent again by hand frees its address as well', async () => {
  const { books, back, problems } = await reader();
  const { organizationId, actor, now } = books;
  let last = '';
  for (const day of [1, 4, 9]) last = await back(day);
  await books.tx((tx) => tx.run(sql`update messages set state = 'failed' where id = ${last}`));
  await books.tx((tx) => retryMessage(tx, actor, { organizationId, messageId: last }, now));
  await books.tx((tx) => tx.run(sql`update messages set state = 'failed' where id = ${last}`));
  await back(10);
  assert.deepEqual(await problems(), []);
});
