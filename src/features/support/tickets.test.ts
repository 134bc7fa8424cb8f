import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { openTicket } from '#features/support/open-ticket.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { makings } from '../../../test/support/mails.ts';
import { freshEmail, query } from '../../../test/support/portal.ts';
import { type Person, staffOf } from '../../../test/support/support.ts';

let books: Books;
let desk: Person;
before(async () => {
  books = await given.organization();
  desk = await staffOf(books);
});

async function opened(subject = 'Hours', email = freshEmail()): Promise<string> {
  const customerId = await given.customer(books, { email });
  const ticket = {
    ...{ desk: 'organization' as const, category: 'invoice' as const, way: 'portal' as const, context: {} },
    ...{ subject, words: 'Why four?', asker: { name: 'Bo', email, customerId } },
  };
  const input = { ...makings, organizationId: books.organizationId, ticket };
  return (await books.tx((tx) => openTicket(tx, books.actor, input, new Date()))).ticketId;
}

suite('the desk', () => {
  test('an answer goes out once by mail with what it answers, and the same request twice is one answer', async () => {
    const email = freshEmail();
    const id = await opened('Hours', email);
    const said = {
      words: 'It is two.\n\nSorry.',
      files: [{ file_name: 'sheet.txt', content: Buffer.from('two').toString('base64') }],
    };
    const headers = { 'idempotency-key': `answer ${id}` };
    const first = await desk.call('POST', `/v1/tickets/${id}/posts`, said, headers);
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.equal(first.body.state, 'waiting');
    await desk.call('POST', `/v1/tickets/${id}/posts`, said, headers);
    const mails = await query<{ id: string; text: string; to_emails: string[] }>(
      `select id, text, to_emails from messages where kind = 'ticket_answer' and $1 = any(to_emails)`,
      [email],
    );
    assert.equal(mails.length, 1);
    assert.match(mails[0]?.text ?? '', /It is two\.[\s\S]*Ana Field[\s\S]*You wrote: Why four\?/);
    const files = await query<{ file_name: string }>(
      'select file_name from message_attachments where message_id = $1',
      [mails[0]?.id],
    );
    assert.deepEqual(files, [{ file_name: 'sheet.txt' }]);
    const { body } = await desk.call('GET', `/v1/tickets/${id}`);
    const file = body.posts[1].files[0];
    assert.deepEqual([file.file_name, file.size_bytes], ['sheet.txt', 3]);
    assert.equal((await desk.call('GET', file.url)).body, 'two');
  });

  test('state, priority, category and who looks after it change, each with its line; what is not known is refused', async () => {
    const id = await opened();
    const url = `/v1/tickets/${id}`;
    const change = { priority: 'urgent', category: 'payment', assignee_id: desk.userId };
    const { body } = await desk.call('PATCH', url, change);
    assert.deepEqual(
      [body.state, body.priority, body.category, body.assignee_name],
      ['open', 'urgent', 'payment', 'Ana Field'],
    );
    assert.equal(
      body.posts.at(-1).words,
      'Open · Priority urgent · About: A payment · Assigned to Ana Field',
    );
    const again = await desk.call('PATCH', url, change);
    assert.equal(again.body.posts.length, body.posts.length, 'nothing new, no line');
    const elsewhere = await staffOf(await given.organization());
    const foreign = await desk.call('PATCH', url, { assignee_id: elsewhere.userId });
    assert.deepEqual([foreign.status, foreign.body.error.param], [404, 'assignee_id']);
    const wrong = await desk.call('PATCH', url, { category: 'billing' });
    assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'category']);
    assert.equal((await desk.call('PATCH', url, { state: 'unconfirmed' })).status, 422);
    const solved = await desk.call('PATCH', url, { state: 'solved' });
    assert.equal(solved.body.state, 'solved');
    assert.equal((await desk.call('PATCH', url, { state: 'open' })).body.state, 'open');
  });

  test('who may only read customers reads, and answers nothing; who may not read them sees none', async () => {
    const id = await opened();
    const reader = await staffOf(books, { roles: ['report_viewer'] });
    assert.equal((await reader.call('GET', `/v1/tickets/${id}`)).status, 200);
    assert.equal((await reader.call('POST', `/v1/tickets/${id}/posts`, { words: 'x' })).status, 403);
    assert.equal((await reader.call('PATCH', `/v1/tickets/${id}`, { state: 'closed' })).status, 403);
    const dashboard = await staffOf(books, { roles: ['dashboard'] });
    assert.equal((await dashboard.call('GET', '/v1/tickets')).status, 403);
  });

  test('bad input is told at its field', async () => {
    const id = await opened();
    const post = (body: object) => desk.call('POST', `/v1/tickets/${id}/posts`, body);
    assert.equal((await post({ words: '   ' })).body.error.param, 'words');
    const exe = { file_name: 'a.exe', content: Buffer.from('MZ').toString('base64') };
    const refused = await post({ words: 'See', files: [exe] });
    assert.deepEqual([refused.status, refused.body.error.param], [422, 'files']);
    assert.match(refused.body.error.message, /Files may be PDF/);
    assert.equal((await post({ words: 'See', files: [{ file_name: 'a.txt', content: '%%%' }] })).status, 422);
    const { body } = await desk.call('GET', `/v1/tickets/${id}`);
    assert.equal(body.posts.length, 1, 'nothing of it was kept');
  });

  test('the list filters, pages and finds by number and address', async () => {
    const email = freshEmail('Finder');
    const ids = [await opened('A', email), await opened('B'), await opened('C')];
    await desk.call('PATCH', `/v1/tickets/${ids[2]}`, { state: 'solved', priority: 'high' });
    const list = async (q: string) =>
      (await desk.call('GET', `/v1/tickets?${q}`)).body.data.map(({ id }: { id: string }) => id);
    assert.deepEqual(await list(`q=${email.toUpperCase()}`), [ids[0]]);
    const { body } = await desk.call('GET', `/v1/tickets/${ids[1]}`);
    assert.deepEqual(await list(`q=%23${body.number}`), [ids[1]]);
    assert.deepEqual(await list('status=solved&priority=high'), [ids[2]]);
    const page = await desk.call('GET', '/v1/tickets?limit=1&status=to_do');
    assert.equal(page.body.has_more, true);
    assert.deepEqual(await list(`limit=1&status=to_do&starting_after=${page.body.data[0].id}`), [ids[0]]);
    assert.ok((await list(`assignee_id=${desk.userId}`)).every((id: string) => !ids.includes(id)));
  });

  test('a ticket is found by the beginnings of words of its subject, at its own desk and organization alone', async () => {
    const word = freshEmail('q').split('@')[0]?.replace(/\W/g, '') ?? '';
    const id = await opened(`Wrong hours ${word}`);
    const find = async (by: Person, q: string, url = '/v1/tickets') =>
      (await by.call('GET', `${url}?q=${encodeURIComponent(q)}`)).body.data.map(
        (each: { id: string }) => each.id,
      );
    assert.deepEqual(await find(desk, `HOU ${word.slice(0, -1)}`), [id]);
    assert.deepEqual(await find(desk, `hours ${word}x`), []);
    assert.deepEqual(await find(desk, `'; ${word} & !:* \\`), [id], 'signs of the search language are none');
    const other = await staffOf(await given.organization(), { operator: true });
    assert.deepEqual(await find(other, word), []);
    assert.deepEqual(await find(other, word, '/v1/host/tickets'), []);
    const request = { category: 'problem', subject: `Broken ${word}`, words: 'Look.' };
    const asked = await desk.call('POST', '/v1/support-requests', request);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    assert.deepEqual(await find(other, word, '/v1/host/tickets'), [asked.body.id]);
    assert.deepEqual(await find(desk, word), [id]);
  });

  test('a merge of customers takes the questions along', async () => {
    const id = await opened();
    const { body } = await desk.call('GET', `/v1/tickets/${id}`);
    const winner = await given.customer(books);
    const merged = await desk.call('POST', `/v1/customers/${body.customer_id}/merge`, { into_id: winner });
    assert.ok(merged.status < 300, JSON.stringify(merged.body));
    assert.equal((await desk.call('GET', `/v1/tickets/${id}`)).body.customer_id, winner);
  });
});
