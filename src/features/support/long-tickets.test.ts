import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { addToTicket } from '#features/support/add-to-ticket.ts';
import { askQuestion } from '#features/support/ask-question.ts';
import { openTicket } from '#features/support/open-ticket.ts';
import { readPosts } from '#features/support/queries.ts';
import { mostPosts, mostUnconfirmed } from '#features/support/rules.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { answerMail, writeTo } from '../../../test/support/incoming-mail.ts';
import { closeMailHouse, live, openMailHouse, post, work } from '../../../test/support/mail-house.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';

before(openMailHouse);
after(closeMailHouse);

const about = { desk: 'organization', category: 'invoice', context: {}, words: 'Why four?' } as const;

/** A ticket on which as much was said as is kept. */
async function full() {
  const books = await live();
  const { organizationId } = books;
  const email = 'ana@example.com';
  const customerId = await given.customer(books, { email });
  const ticket = {
    ...about,
    way: 'portal' as const,
    subject: 'Hours',
    asker: { name: 'Ana', email, customerId },
  };
  const input = { ...makings, organizationId, ticket };
  const { ticketId } = await books.tx((tx) => openTicket(tx, books.actor, input, books.now));
  await books.tx((tx) =>
    tx.run(sql`insert into ticket_posts (organization_id, id, ticket_id, desk, kind, side, way, author_name, words, created_at)
      select ${organizationId}, 'tkp_zzzzzz' || lpad(n::text, 16, '0'), ${ticketId}, 'organization', 'words', 'desk', 'console',
        'Hal', 'No. ' || n, ${books.now} from generate_series(1, ${mostPosts}) n`),
  );
  return { books, organizationId, ticketId };
}

suite('tickets without end', () => {
  test('the newest is shown, in the order in which it was said; the asker says no more, in words or by mail', async () => {
    const { books, organizationId, ticketId } = await full();
    const posts = await books.tx((tx) => readPosts(tx, { organizationId, id: ticketId }, true));
    assert.deepEqual(
      [posts.length, posts[0]?.words, posts.at(-1)?.words],
      [mostPosts, 'No. 1', `No. ${mostPosts}`],
    );
    const said = { organizationId, ticketId, desk: 'organization' as const, way: 'link' as const, files: [] };
    await assert.rejects(
      books.tx((tx) =>
        addToTicket(tx, books.actor, { ...said, author: { name: 'Ana' }, words: 'More' }, books.now),
      ),
      (error: Refusal) => error.code === 'too_large',
    );
    const row = await books.tx((tx) =>
      tx.row<{ messageId: string }>(sql`select message_id from ticket_mails where ticket_id = ${ticketId}`),
    );
    const to = writeTo('reply', row?.messageId ?? '');
    await post(answerMail({ to, text: 'More' }), [to]);
    assert.deepEqual(await work(), ['a ticket on which too much was said']);
  });
});

suite('questions of strangers', () => {
  const ask = (books: Books, subject: string) => {
    const asker = { name: 'Bo', email: `${subject.replace(/\W/g, '')}@stranger.example` };
    const ticket = { ...about, way: 'link' as const, subject, asker };
    const input = { ...makings, organizationId: books.organizationId, ticket, realNow: new Date() };
    const actor = systemActor('test');
    return books.db.transaction(actor, (tx) => askQuestion(tx, actor, input, books.now));
  };

  test('what a stranger wrote is in no mail to an address that has not said it was its own', async () => {
    const books = await live();
    await ask(books, 'Buy this now');
    const [mail] = await mailsOf(books);
    assert.equal(mail?.kind, 'ticket_confirmation');
    assert.doesNotMatch(`${mail?.subject} ${mail?.html} ${mail?.text}`, /Buy this now|Why four/);
  });

  test('a flood makes room: the oldest that nobody confirmed goes, and a new one is taken', async () => {
    const books = await live();
    const { organizationId } = books;
    await books.tx((tx) =>
      tx.run(sql`insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name, asker_email,
          created_at, updated_at)
        select ${organizationId}, 'tkt_0' || ${organizationId.slice(-5)} || lpad(n::text, 16, '0'), 'organization',
          'unconfirmed', 'other', 'normal',
          'Flood', 'Bo', 'bo@x.example', ${books.now}, ${books.now} from generate_series(1, ${mostUnconfirmed}) n`),
    );
    assert.equal(await ask(books, 'Honest'), undefined);
    const kept = await books.db.transaction(systemActor('test'), (tx) =>
      tx.row<{ n: number; oldest: string; honest: number }>(sql`select count(*)::int as n, min(id) as oldest,
        count(*) filter (where subject = 'Honest')::int as honest from tickets where organization_id = ${organizationId}`),
    );
    assert.deepEqual([kept?.n, kept?.honest], [mostUnconfirmed, 1]);
    assert.match(kept?.oldest ?? '', /0002$/);
  });
});
