import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { given } from '../../../test/support/given.ts';
import { queueMail } from '../../../test/support/mails.ts';

test('an address whose mailbox stays full for a week is written to no more, and it is said why', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const news = async (day: number, kind: 'soft_bounced' | 'delivered', email = 'ana@example.com') => {
    const { messageId } = await queueMail(books, { to: [email] });
    const at = new Date(`2026-03-${String(day).padStart(2, '0')}T12:00:00Z`);
    const each = { messageId, email, kind, reason: '452 mailbox full', at };
    await books.tx((tx) => recordMailNews(tx, actor, { organizationId, news: [each] }, now));
  };
  const problems = () =>
    books.tx((tx) =>
      tx.rows<{ email: string; kind: string; reason: string }>(sql`
        select email, kind, reason from email_problems where organization_id = ${organizationId}`),
    );
  for (const day of [1, 4, 7]) await news(day, 'soft_bounced');
  for (const day of [1, 4]) await news(day, 'soft_bounced', 'ben@example.com');
  await news(5, 'delivered', 'ben@example.com');
  await news(9, 'soft_bounced', 'ben@example.com');
  assert.deepEqual(await problems(), []);
  await news(8, 'soft_bounced');
  assert.deepEqual(await problems(), [
    { email: 'ana@example.com', kind: 'hard_bounce', reason: '452 mailbox full' },
  ]);
});
