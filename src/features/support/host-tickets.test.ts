import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, query, workOff } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';
import { type Person, staffOf } from '../../../test/support/support.ts';

let books: Books;
let asker: Person;
let host: Person;
before(async () => {
  books = await given.organization();
  asker = await staffOf(books, { roles: ['receivables'] });
  host = await staffOf(await given.organization({ mode: 'live' }), { operator: true, firstName: 'Hal' });
});

const request = {
  category: 'problem',
  subject: 'A report does not open',
  words: 'Since this morning.',
  page: '/console/reports/sales?secret=1',
  error: 'Failed at https://owed.test/q/1/2',
};

async function asked(by = asker): Promise<string> {
  const made = await by.call('POST', '/v1/support-requests', request);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}

suite('support requests', () => {
  test('staff asks the host with what the page knows and no secret of it, and the host is mailed once', async () => {
    const id = await asked();
    const { body } = await asker.call('GET', `/v1/support-requests/${id}`);
    assert.deepEqual(body.context, {
      page: '/console/reports/sales',
      browser: 'a test browser',
      version: '0.1.0',
      error: 'Failed at (link)',
    });
    await workOff('tell-host', books.organizationId);
    const mails = await query<{ text: string; security: boolean }>(
      `select text, security from messages where kind = 'support_request' and $1 = any(to_emails) and text like $2`,
      [host.email, `%/console/help/desk/${id}%`],
    );
    assert.equal(mails.length, 1);
    assert.ok(mails[0]?.security, 'no answer by mail, no link for others');
    assert.doesNotMatch(mails[0]?.text ?? '', /Since this morning/);
    assert.doesNotMatch(mails[0]?.text ?? '', /A report does not open/, 'it is not sent by who hosts');
  });

  test('the host answers by mail and in the console; its notes never leave its desk', async () => {
    const id = await asked();
    await host.call('POST', `/v1/host/tickets/${id}/posts`, { words: 'A tricky customer', note: true });
    const answered = await host.call('POST', `/v1/host/tickets/${id}/posts`, { words: 'It is mended.' });
    assert.deepEqual([answered.body.state, answered.body.assignee_name], ['waiting', 'Hal Field']);
    assert.equal(answered.body.posts.length, 3);
    const seen = await asker.call('GET', `/v1/support-requests/${id}`);
    assert.match(JSON.stringify(seen.body), /It is mended/);
    assert.doesNotMatch(JSON.stringify(seen.body), /tricky/);
    const kinds = await books.tx((tx) =>
      tx.rows<{ kind: string }>(sql`select kind from ticket_posts where ticket_id = ${id} order by id`),
    );
    assert.deepEqual(
      kinds,
      [{ kind: 'words' }, { kind: 'words' }],
      'the database shows the organization no note',
    );
    const mails = await query(`select 1 from messages where kind = 'ticket_answer' and $1 = any(to_emails)`, [
      asker.email,
    ]);
    assert.equal(mails.length, 1);
    const log = await query<{ data: object }>(
      `select data from events where organization_id = $1 and subject_id = $2`,
      [books.organizationId, id],
    );
    assert.doesNotMatch(JSON.stringify(log), /tricky/);
    await asker.call('POST', `/v1/support-requests/${id}/posts`, { words: 'Not quite.' });
    assert.equal((await host.call('GET', `/v1/host/tickets/${id}`)).body.state, 'open');
    const mine = await host.call('PATCH', `/v1/host/tickets/${id}`, {
      assigned_to_me: false,
      priority: 'high',
    });
    assert.deepEqual([mine.body.assignee_id, mine.body.priority], [null, 'high']);
    const solved = await asker.call('PATCH', `/v1/support-requests/${id}`, { state: 'solved' });
    assert.equal(solved.body.state, 'solved');
  });

  test('a colleague does not see it, who manages users does; another organization and a key do not', async () => {
    const id = await asked();
    const url = `/v1/support-requests/${id}`;
    const colleague = await staffOf(books, { roles: ['receivables'] });
    assert.equal((await colleague.call('GET', url)).status, 404);
    assert.equal((await colleague.call('POST', `${url}/posts`, { words: 'x' })).status, 404);
    assert.deepEqual((await colleague.call('GET', '/v1/support-requests')).body.data, []);
    const owner = await staffOf(books);
    assert.equal((await owner.call('GET', url)).status, 200);
    const foreign = await staffOf(await given.organization());
    assert.equal((await foreign.call('GET', url)).status, 404);
    assert.equal((await foreign.call('PATCH', url, { state: 'solved' })).status, 404);
    const key = await apiKeyOf(books);
    assert.equal((await callApi(key, 'POST', '/v1/support-requests', request)).status, 403);
    assert.equal((await callApi(key, 'GET', `/v1/tickets/${id}`)).status, 404, 'it is not on the own desk');
    assert.equal((await owner.call('POST', `/v1/tickets/${id}/posts`, { words: 'x' })).status, 404);
  });

  test('only the host opens the host’s desk', async () => {
    const id = await asked();
    const owner = await staffOf(books);
    assert.equal((await owner.call('GET', '/v1/host/tickets')).status, 403);
    for (const [method, url, body] of [
      ['GET', `/v1/host/tickets/${id}`, undefined],
      ['POST', `/v1/host/tickets/${id}/posts`, { words: 'I am the host' }],
      ['PATCH', `/v1/host/tickets/${id}`, { state: 'closed' }],
    ] as const)
      assert.equal((await owner.call(method, url, body)).status, 404, `${method} ${url}`);
    const list = await host.call('GET', '/v1/host/tickets?status=to_do');
    const row = list.body.data.find((each: { id: string }) => each.id === id);
    assert.ok(row?.organization_name.startsWith('Organization'));
  });

  test('a question of a customer is none of the host’s business', async () => {
    const [row] = await query<{ id: string }>(
      `insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name, asker_email,
        created_at, updated_at) values ($1, 'tkt_' || substr(md5(random()::text), 1, 22), 'organization', 'new', 'other',
        'normal', 'Private', '', '', now(), now()) returning id`,
      [books.organizationId],
    );
    assert.equal((await host.call('GET', `/v1/host/tickets/${row?.id}`)).status, 404);
    assert.doesNotMatch(JSON.stringify((await host.call('GET', '/v1/host/tickets')).body), /Private/);
  });
});
