import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { exported, textOf } from '../../../test/support/exports.ts';
import { given } from '../../../test/support/given.ts';
import { query } from '../../../test/support/portal.ts';
import { staffOf } from '../../../test/support/support.ts';

/** A clerk asked the host something private, and was answered with a file. */
async function answered() {
  const books = await given.organization();
  const asker = await staffOf(books, { roles: ['receivables'] });
  const host = await staffOf(await given.organization({ mode: 'live' }), { operator: true });
  const request = { category: 'problem', subject: 'A private matter', words: 'Between us.' };
  const { body } = await asker.call('POST', '/v1/support-requests', request);
  const files = [{ file_name: 'plan.txt', content: Buffer.from('private').toString('base64') }];
  await host.call('POST', `/v1/host/tickets/${body.id}/posts`, { words: 'Privately: do this.', files });
  const [mail] = await query<{ id: string }>(
    `select m.id from messages m join ticket_mails t on t.message_id = m.id
      where m.kind = 'ticket_answer' and t.ticket_id = $1`,
    [body.id],
  );
  return { books, asker, mailId: mail?.id ?? assert.fail('no answer was mailed') };
}

suite('what the host answered', () => {
  test('is read among the messages by who asked and who manages users, and by no colleague', async () => {
    const { books, asker, mailId } = await answered();
    const [colleague, owner] = [await staffOf(books, { roles: ['receivables'] }), await staffOf(books)];
    const urls = [`/v1/messages/${mailId}`, `/v1/messages/${mailId}/attachments/plan.txt`];
    const listed = async (by: typeof owner) =>
      (await by.call('GET', '/v1/messages')).body.data.some(({ id }: { id: string }) => id === mailId);
    for (const by of [asker, owner]) {
      for (const url of urls) assert.equal((await by.call('GET', url)).status, 200, url);
      assert.ok(await listed(by));
    }
    for (const url of urls) assert.equal((await colleague.call('GET', url)).status, 404, url);
    assert.ok(!(await listed(colleague)));
  });

  test('is in no export, nor is a question that nobody has confirmed', async () => {
    const { books } = await answered();
    const put = (state: string, subject: string) =>
      query(
        `insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name, asker_email,
          created_at, updated_at) values ($1, $2, 'organization', $3, 'other', 'normal', $4, 'Bo', 'bo@x.example',
          now(), now()) returning id`,
        [books.organizationId, newId('ticket'), state, subject],
      );
    await put('new', 'A plain question');
    await put('unconfirmed', 'Of nobody yet');
    const { archive } = await exported(books);
    const tickets = textOf(archive, 'records/tickets.jsonl');
    const posts = textOf(archive, 'records/ticket-posts.jsonl');
    assert.match(tickets, /A plain question/);
    assert.doesNotMatch(tickets, /A private matter|Of nobody yet/);
    assert.doesNotMatch(posts, /Between us|Privately/);
  });
});
