import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { listFeedback } from '#features/help/queries.ts';
import { signedInStaff } from '../../../test/support/asking.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

const formOf = (csrf: string, words: string): string =>
  new URLSearchParams({ csrf, helpful: 'no', words }).toString();

suite('help over HTTP', () => {
  test('staff reads every article, finds by words, and gets no page that is not there', async () => {
    const { apiKey } = await testDemo();
    const all = (await callApi(apiKey, 'GET', '/v1/help/articles')).body.data as { slug: string }[];
    assert.ok(all.length >= 25);
    const found = await callApi(apiKey, 'GET', '/v1/help/articles?q=pasword%20forgot');
    assert.equal(found.body.data[0].slug, 'payer-sign-in');
    const one = await callApi(apiKey, 'GET', '/v1/help/articles/imports');
    assert.match(one.body.html, /<h2 id="undo">Undo<\/h2>/);
    assert.match(one.body.html, /href="\/console\/imports"/);
    assert.equal((await callApi(apiKey, 'GET', '/v1/help/articles/nothing')).status, 404);
    assert.equal((await callApi('', 'GET', '/v1/help/articles')).status, 401);
  });

  test('what a reader says is kept for their organization, and only the host sees it of all', async () => {
    const { apiKey, organizationId } = await testDemo();
    const url = '/v1/help/articles/deposits/feedback';
    const said = await callApi(apiKey, 'POST', url, { helpful: false, words: 'How do I split one?' });
    assert.equal(said.status, 201);
    assert.equal(
      (await callApi(apiKey, 'POST', url, { helpful: false, words: 'x'.repeat(2001) })).status,
      422,
    );
    assert.equal(
      (await callApi(apiKey, 'POST', '/v1/help/articles/none/feedback', { helpful: true })).status,
      404,
    );
    assert.equal((await callApi(apiKey, 'GET', '/v1/help/feedback')).status, 403);
    const { parts } = await testServer();
    const rows = await parts.db.transaction(systemActor('test'), (tx) =>
      tx.rows<{ words: string }>(
        sql`select words from help_feedback where organization_id = ${organizationId}`,
      ),
    );
    assert.deepEqual(rows, [{ words: 'How do I split one?' }]);
    const read = await parts.db.transaction(systemActor('test'), listFeedback);
    const row = read.find(({ slug }) => slug === 'deposits');
    assert.ok(row && row.not_helpful >= 1 && row.words.some(({ words }) => words === 'How do I split one?'));
  });

  test('a reader has one voice, however often it is raised: a key, a person, a browser', async () => {
    const demo = await testDemo();
    const { organizationId } = demo;
    const { app, parts } = await testServer();
    const staff = await signedInStaff(demo);
    const voices = async (slug: string): Promise<string[]> =>
      (
        await parts.db.pool.query(
          'select helpful, words from help_feedback where organization_id = $1 and slug = $2 order by words',
          [organizationId, slug],
        )
      ).rows.map(({ helpful, words }) => `${helpful} ${words}`);
    const url = '/v1/help/articles/schedules/feedback';
    for (const words of ['once', 'key']) await callApi(demo.apiKey, 'POST', url, { helpful: false, words });
    for (const words of ['once', 'person']) await staff('POST', url, { helpful: true, words });
    assert.deepEqual(await voices('schedules'), ['false key', 'true person']);

    const page = `/help/payer-plans?organization=${organizationId}`;
    const reader = async (...said: string[]): Promise<void> => {
      const opened = await app.fastify.inject({ method: 'GET', url: page });
      const csrf = /name="csrf" value="([^"]+)"/.exec(opened.body)?.[1] ?? '';
      const cookie = opened.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
      for (const words of said)
        await app.fastify.inject({ method: 'POST', url: page, headers, payload: formOf(csrf, words) });
    };
    await reader('first', 'second');
    await reader('another');
    assert.deepEqual(await voices('payer-plans'), ['false another', 'false second']);
  });

  test('payers read their own articles without a sign-in, never those of staff, and say what was missing', async () => {
    const { organizationId } = await testDemo();
    const { app } = await testServer();
    const get = (url: string) => app.fastify.inject({ method: 'GET', url });
    const contents = await get('/help?q=pasword');
    assert.match(contents.body, /href="\/help\/payer-sign-in"/);
    assert.equal((await get('/help/chargebacks')).statusCode, 404);
    assert.equal((await get('/help/images/..%2Farchitecture.md')).statusCode, 404);
    assert.equal((await get('/help/images/portal.png')).headers['content-type'], 'image/png');
    const page = await get(`/help/payer-pay?organization=${organizationId}`);
    assert.match(page.body, /Was this helpful\?/);
    assert.match(
      page.body,
      new RegExp(`Still having trouble.*/portal/ask\\?organization=${organizationId}`, 's'),
    );
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const cookie = page.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const post = (token: string) =>
      app.fastify.inject({
        method: 'POST',
        url: `/help/payer-pay?organization=${organizationId}`,
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        payload: formOf(token, 'What of cash?'),
      });
    assert.equal((await post('forged')).statusCode, 403);
    assert.match((await post(csrf)).body, /Thank you/);
    const { parts } = await testServer();
    const read = await parts.db.transaction(systemActor('test'), listFeedback);
    assert.ok(read.some(({ words }) => words.some((each) => each.words === 'What of cash?')));
  });
});
