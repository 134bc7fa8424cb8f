import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { restTickets } from '#features/support/rest-tickets.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { apiKeyOf, Browser, freshEmail, query, workOff } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';
import { questionLink, staffOf } from '../../../test/support/support.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

async function ask(email: string, change: Record<string, string> = {}): Promise<Browser> {
  const url = `/portal/ask?organization=${books.organizationId}`;
  const browser = await new Browser().open(`${url}&about=sign_in`);
  return browser.submit(url, { name: 'Bo', email, subject: 'No way in', words: 'Please help.', ...change });
}

const shown = async (email: string) =>
  (await callApi(key, 'GET', `/v1/tickets?q=${encodeURIComponent(email)}`)).body.data;

suite('questions without a sign-in', () => {
  test('known and unknown addresses get the same page, and nobody is bothered before the address says yes', async () => {
    const known = freshEmail();
    const customerId = await given.customer(books, { email: known });
    const unknown = freshEmail();
    const [one, other] = [await ask(known), await ask(unknown)];
    assert.match(one.title, /Check your email/);
    assert.equal(one.plain.replaceAll(known, ''), other.plain.replaceAll(unknown, ''));
    for (const email of [known, unknown]) {
      assert.deepEqual(await shown(email), []);
      const [notice] = await query('select 1 from notices where organization_id = $1 and title like $2', [
        books.organizationId,
        '%No way in%',
      ]);
      assert.equal(notice, undefined);
    }
    const link = await questionLink(known);
    const reader = await new Browser().open(link);
    assert.match(reader.title, /Send your question/);
    assert.deepEqual(await shown(known), [], 'opening the link is not enough: mail scanners do it');
    await reader.submit(`${link}/send`);
    assert.match(reader.text, /Sent\. The answer comes by email.*Please help/);
    await reader.open(link);
    const [ticket] = await shown(known);
    assert.deepEqual([ticket.customer_id, ticket.asker.kind, ticket.state], [customerId, 'visitor', 'new']);
    await new Browser().open(await questionLink(unknown));
    assert.deepEqual(await shown(unknown), []);
  });

  test('the desk is told once the question is confirmed, and the answer is read by the link', async () => {
    const email = freshEmail();
    await ask(email);
    const link = await questionLink(email);
    const reader = await new Browser().open(link);
    const form = reader.filled(`${link}/send`);
    await Promise.all([1, 2].map(() => reader.post(`${link}/send`, form)));
    await workOff('react', books.organizationId);
    await workOff('tell-staff', books.organizationId);
    const [ticket] = await shown(email);
    const notices = await query<{ title: string }>('select title from notices where path = $1', [
      `/tickets/${ticket.id}`,
    ]);
    assert.deepEqual(notices, [{ title: 'Bo asks: No way in' }]);
    const desk = await staffOf(books);
    await desk.call('POST', `/v1/tickets/${ticket.id}/posts`, { words: 'Secret: call first', note: true });
    await desk.call('POST', `/v1/tickets/${ticket.id}/posts`, { words: 'Try this.' });
    await reader.open(link);
    assert.match(reader.text, /Answered.*Try this\./);
    assert.doesNotMatch(reader.html, /Secret/);
    await reader.submit(link, { words: 'Thanks, it works.' });
    assert.equal((await shown(email))[0].state, 'open');
    const asked = await questionLink(email);
    assert.equal(asked, link, 'every mail leads to the same page');
  });

  test('a link that is not ours opens nothing, and one ticket’s link opens no other', async () => {
    const [a, b] = [freshEmail(), freshEmail()];
    await ask(a);
    await ask(b);
    const [one, two] = [await questionLink(a), await questionLink(b)];
    const mixed = `/q/${one.split('/')[2]}/${two.split('/')[3]}`;
    const browser = await new Browser().open(mixed);
    assert.equal(browser.status, 404);
    assert.doesNotMatch(browser.html, /No way in|Please help/);
    assert.equal((await new Browser().open('/q/tkt_0000000000000000000000/x')).status, 404);
  });

  test('what is missing is said at its field; an address is not written to without end; forged forms are refused', async () => {
    const wrong = await ask('nobody', { name: '', subject: '' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /Enter your name.*Enter your email address.*Give your question a subject/);
    const email = freshEmail();
    for (let n = 0; n < 3; n += 1) assert.match((await ask(email)).title, /Check your email/);
    const late = await ask(email);
    assert.match(late.text, /Several mails went to this address of late/);
    const url = `/portal/ask?organization=${books.organizationId}`;
    const forged = new URLSearchParams({
      csrf: 'x',
      category: 'other',
      name: 'B',
      email,
      subject: 's',
      words: 'w',
    });
    assert.equal((await new Browser().post(url, forged)).status, 403);
  });

  test('a question that no address stood by is forgotten, and what rests is closed', async () => {
    const email = freshEmail();
    await ask(email);
    const link = await questionLink(email);
    const other = freshEmail();
    await ask(other);
    const reader = await new Browser().open(await questionLink(other));
    await reader.submit(`${await questionLink(other)}/send`);
    const [ticket] = await shown(other);
    const desk = await staffOf(books);
    await desk.call('POST', `/v1/tickets/${ticket.id}/posts`, { words: 'Done.' });
    const { organizationId } = books;
    const at = async (days: number) => {
      const now = later(days * 86_400, new Date());
      await restTickets(books.db, { organizationId, now, today: now.toISOString().slice(0, 10) });
    };
    await at(2);
    assert.match((await new Browser().open(link)).title, /Send your question/);
    await at(4);
    assert.equal((await new Browser().open(link)).status, 404);
    assert.equal((await shown(other))[0].state, 'waiting');
    await at(8);
    await at(8);
    const closed = await desk.call('GET', `/v1/tickets/${ticket.id}`);
    assert.equal(closed.body.state, 'closed');
    assert.equal(closed.body.posts.filter(({ kind }: { kind: string }) => kind === 'change').length, 1);
    await query(`update tickets set updated_at = now() - interval '70 days' where id = $1 returning 1`, [
      ticket.id,
    ]);
    assert.equal((await reader.open(await questionLink(other))).status, 410);
  });
});
