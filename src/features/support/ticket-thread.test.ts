import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { sql } from 'kysely';
import { claimMessage } from '#features/correspondence/claim-message.ts';
import { stampMail } from '#features/correspondence/stamp-mail.ts';
import { answerTicket } from '#features/support/answer-ticket.ts';
import { openTicket } from '#features/support/open-ticket.ts';
import type { Desk } from '#features/support/rules.ts';
import { type Books, later } from '../../../test/support/given.ts';
import { answerMail, mailInHost, writeTo } from '../../../test/support/incoming-mail.ts';
import { closeMailHouse, live, openMailHouse, post, work } from '../../../test/support/mail-house.ts';
import { makings } from '../../../test/support/mails.ts';
import { staffOf } from '../../../test/support/support.ts';

before(openMailHouse);
after(closeMailHouse);

async function asked(desk: Desk) {
  const books = await live();
  const { userId, email } = await staffOf(books);
  const asker = { name: 'Ana', email, ...(desk === 'host' ? { userId } : {}) };
  const ticket = {
    ...{ desk, way: desk === 'host' ? ('console' as const) : ('portal' as const), context: {}, asker },
    ...{ category: 'other' as const, subject: 'Hours', words: 'Why four?' },
  };
  const input = { ...makings, organizationId: books.organizationId, ticket };
  const { ticketId } = await books.tx((tx) => openTicket(tx, books.actor, input, books.now));
  return { books, ticketId, desk };
}

const answer = (to: { books: Books; ticketId: string; desk: Desk }, words: string, minutes: number) =>
  to.books.tx((tx) =>
    answerTicket(
      tx,
      to.books.actor,
      {
        ...makings,
        ...{ organizationId: to.books.organizationId, ticketId: to.ticketId, desk: to.desk },
        ...{ author: { name: 'Hal' }, words, note: false, solve: false, files: [] },
      },
      later(minutes * 60, to.books.now),
    ),
  );

/** The mails of a ticket as they are on the wire, oldest first. */
async function onTheWire({ books, ticketId }: { books: Books; ticketId: string }) {
  const { organizationId } = books;
  const rows = await books.tx((tx) =>
    tx.rows<{ messageId: string }>(sql`select message_id from ticket_mails
      where ticket_id = ${ticketId} order by message_id`),
  );
  const sent = [];
  for (const { messageId } of rows) {
    await books.tx((tx) =>
      tx.run(sql`update messages set state = 'queued', route = 'smtp', next_attempt_at = now() - interval '1 minute'
        where id = ${messageId}`),
    );
    const one = { organizationId, messageId, awaitsDocument: false };
    const claimed = await books.tx((tx) => claimMessage(tx, books.actor, one, new Date()));
    assert.ok(claimed);
    const stamps = {
      ...makings,
      outbox: { ...makings.outbox, mailInHost },
      headersOf: () => ({}),
    };
    const { mail, sending } = claimed;
    sent.push({ ...stampMail(stamps, mail, { messageId, sending }), id: messageId });
  }
  return sent;
}

suite('the mails of a ticket', () => {
  for (const desk of ['organization', 'host'] as const)
    test(`what the desk of the ${desk} answers goes on the asker’s thread, and is answered by mail`, async () => {
      const ticket = await asked(desk);
      await answer(ticket, 'It was two.', 1);
      const [first] = await onTheWire(ticket);
      const to = writeTo('reply', first?.id ?? '');
      assert.equal(first?.replyTo, to);
      await post(answerMail({ to, text: 'And now?', headers: { 'Message-ID': '<ana-2@mail.example>' } }), [
        to,
      ]);
      assert.deepEqual(await work(), [`ticket ${ticket.ticketId}`]);
      await post(answerMail({ to, text: 'Hello?', headers: { 'Message-ID': '<odd id @x>' } }), [to]);
      await work();
      await answer(ticket, 'Now it is four.', 5);
      const mails = await onTheWire(ticket);
      const last = mails.at(-1);
      assert.equal(last?.headers?.['In-Reply-To'], '<ana-2@mail.example>');
      assert.deepEqual(last?.headers?.References?.split(' '), [
        ...mails.slice(0, -1).map(({ messageId }) => messageId),
        '<ana-2@mail.example>',
      ]);
      assert.equal(mails[0]?.headers?.['In-Reply-To'], undefined, 'the first begins the thread');
    });
});
