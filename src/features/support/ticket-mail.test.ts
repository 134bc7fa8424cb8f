import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { sql } from 'kysely';
import { openTicket } from '#features/support/open-ticket.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { answerMail, attachedPart, deliveryReport, writeTo } from '../../../test/support/incoming-mail.ts';
import {
  closeMailHouse,
  live,
  openMailHouse,
  post,
  stateOf,
  work,
} from '../../../test/support/mail-house.ts';
import { makings } from '../../../test/support/mails.ts';

before(openMailHouse);
after(closeMailHouse);

type Said = { side: string; way: string; authorEmail: string; words: string; leftOut: string[] };

async function asked(): Promise<{ books: Books; ticketId: string; messageId: string; to: string }> {
  const books = await live();
  const customerId = await given.customer(books, { email: 'ana@example.com' });
  const ticket = {
    ...{ desk: 'organization' as const, category: 'invoice' as const, way: 'portal' as const, context: {} },
    ...{ subject: 'Hours', words: 'Why four?', asker: { name: 'Ana', email: 'ana@example.com', customerId } },
  };
  const input = { ...makings, organizationId: books.organizationId, ticket };
  const { ticketId } = await books.tx((tx) => openTicket(tx, books.actor, input, new Date()));
  const row = await books.tx((tx) =>
    tx.row<{ messageId: string }>(sql`select message_id from ticket_mails where ticket_id = ${ticketId}`),
  );
  const messageId = row?.messageId ?? '';
  return { books, ticketId, messageId, to: writeTo('reply', messageId) };
}

const saidOn = (books: Books, ticketId: string): Promise<Said[]> =>
  books.tx((tx) =>
    tx.rows<Said>(sql`select side, way, author_email, words, left_out from ticket_posts where ticket_id = ${ticketId}
      order by id`),
  );
const stateOfTicket = async (books: Books, ticketId: string) =>
  (await books.tx((tx) => tx.row<{ state: string }>(sql`select state from tickets where id = ${ticketId}`)))
    ?.state;
const mailsOut = (books: Books) =>
  books.tx((tx) =>
    tx.rows<{ kind: string }>(sql`select kind from messages where organization_id = ${books.organizationId}`),
  );

suite('tickets by mail', () => {
  test('an answered mail lands on its ticket once, opens it again, and nothing goes out for it', async () => {
    const { books, ticketId, to } = await asked();
    await books.tx((tx) => tx.run(sql`update tickets set state = 'closed' where id = ${ticketId}`));
    const text =
      'It was two.\r\nCard 4242 4242 4242 4242\r\n\r\nOn Mon, Mar 2, 2026 Fern wrote:\r\n> Why\r\n';
    const before = await mailsOut(books);
    await post(answerMail({ to, text }), [to]);
    assert.deepEqual(await work(), [`ticket ${ticketId}`]);
    await post(Buffer.concat([Buffer.from('X-Again: 1\r\n'), answerMail({ to, text })]), [to]);
    assert.deepEqual(await work(), ['an answer that was here already']);
    const said = await saidOn(books, ticketId);
    assert.deepEqual(
      said.map(({ side, way, words }) => [side, way, words]),
      [
        ['asker', 'portal', 'Why four?'],
        ['asker', 'mail', 'It was two.\nCard •••• 4242'],
      ],
    );
    assert.equal(await stateOfTicket(books, ticketId), 'open');
    assert.deepEqual(await mailsOut(books), before, 'no acknowledgement that a machine could answer');
    const replies = await books.tx((tx) =>
      tx.rows(sql`select 1 from replies where organization_id = ${books.organizationId}`),
    );
    assert.deepEqual(replies, [], 'it is not among the answers to invoices as well');
  });

  test('automatic answers, bounces and our own mail are no words of the asker', async () => {
    const { books, ticketId, to, messageId } = await asked();
    const head = (headers: Record<string, string>) => answerMail({ to, headers });
    await post(head({ 'Auto-Submitted': 'auto-replied', 'Message-ID': '<a@x>' }), [to]);
    await post(head({ Subject: 'Out of Office', 'Message-ID': '<b@x>' }), [to]);
    await post(head({ From: 'Owed <no-reply@owed.test>', 'Message-ID': '<c@x>' }), [to]);
    await books.tx((tx) =>
      tx.run(sql`update messages set state = 'sent', sent_at = now() where id = ${messageId}`),
    );
    const bounce = writeTo('bounce', messageId);
    await post(deliveryReport({ to: bounce }), [bounce]);
    const outcomes = await work();
    assert.deepEqual(outcomes.slice(0, 3), [
      'an automatic answer',
      'an automatic answer',
      'our own mail came back',
    ]);
    assert.equal((await saidOn(books, ticketId)).length, 1);
    assert.equal((await stateOf(books, messageId))?.state, 'bounced');
  });

  test('two machines that answer each other are stopped after a dozen mails in an hour', async () => {
    const { books, ticketId, to } = await asked();
    for (let n = 0; n < 15; n += 1)
      await post(answerMail({ to, text: `No. ${n}`, headers: { 'Message-ID': `<${n}@x>` } }), [to]);
    const outcomes = await work();
    assert.equal(outcomes.filter((each) => each === 'too many mails on one ticket').length, 3);
    assert.equal((await saidOn(books, ticketId)).length, 13);
  });

  test('a mail from another address is kept under that address; files of kinds that are not kept are named', async () => {
    const { books, ticketId, to } = await asked();
    const parts = [
      attachedPart('sheet.pdf', 'application/pdf', Buffer.from('%PDF-1.7 x')),
      attachedPart('run.exe', 'application/pdf', Buffer.from('MZ')),
    ];
    await post(answerMail({ to, text: 'See', parts, headers: { From: 'Bo <bo@elsewhere.example>' } }), [to]);
    await work();
    const last = (await saidOn(books, ticketId)).at(-1);
    assert.deepEqual([last?.authorEmail, last?.leftOut], ['bo@elsewhere.example', ['run.exe']]);
    const files = await books.tx((tx) =>
      tx.rows<{ fileName: string }>(sql`select file_name from ticket_files where ticket_id = ${ticketId}`),
    );
    assert.deepEqual(files, [{ fileName: 'sheet.pdf' }]);
  });
});
