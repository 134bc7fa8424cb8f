import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, Browser, query } from '../../../test/support/portal.ts';
import { payerOf, type TestPayer } from '../../../test/support/portal-payer.ts';
import { callApi, testServer } from '../../../test/support/server.ts';
import { staffOf } from '../../../test/support/support.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

/** Ask as a customer does, and answer where the question stands. */
async function ask({ browser }: TestPayer, subject = 'Two hours too many'): Promise<string> {
  await browser.open('/portal/questions/new?about=invoice');
  await browser.submit('/portal/questions/new', {
    subject,
    words: 'I counted two.\nMy card is 4242 4242 4242 4242.',
  });
  assert.match(browser.path, /^\/portal\/questions\/tkt_/, `${browser.status} ${browser.title}`);
  return browser.path.split('/').at(-1) ?? '';
}

/** Post a form with files, as a browser would. */
async function postFiles(
  browser: Browser,
  url: string,
  fields: Record<string, string>,
  files: [string, Buffer][],
) {
  const { app } = await testServer();
  const form = new FormData();
  for (const [name, value] of browser.form(url)) form.set(name, value);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.delete('files');
  for (const [name, bytes] of files) form.append('files', new File([new Uint8Array(bytes)], name));
  const body = new Response(form);
  const payload = Buffer.from(await body.arrayBuffer());
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return app.fastify.inject({
    method: 'POST',
    url,
    headers: { host: 'owed.test', cookie, 'content-type': body.headers.get('content-type') ?? '' },
    remoteAddress: browser.address,
    payload,
  });
}

suite('questions of those who are signed in', () => {
  test('a customer asks, sees the question, and it comes to the desk without the card number', async () => {
    const payer = await payerOf(books);
    const id = await ask(payer);
    assert.match(payer.browser.text, /Received.*I counted two\. My card is •••• 4242/);
    const key = await apiKeyOf(books);
    const { body } = await callApi(key, 'GET', `/v1/tickets/${id}`);
    assert.deepEqual(
      [body.state, body.category, body.asker.kind, body.asker.email, body.customer_id],
      ['new', 'invoice', 'portal_user', payer.email, payer.customerId],
    );
    assert.equal(body.context.browser, 'a test browser');
    assert.doesNotMatch(JSON.stringify(body), /4242 4242/);
    const mails = await query<{ subject: string; text: string }>(
      `select subject, text from messages where kind = 'ticket_received' and $1 = any(to_emails)`,
      [payer.email],
    );
    assert.equal(mails.length, 1);
    assert.match(mails[0]?.subject ?? '', /Re: Two hours too many \[#\d+\]/);
  });

  test('what is missing is said at its field, and a paper of another customer cannot be named', async () => {
    const payer = await payerOf(books);
    const { browser } = payer;
    await browser.open('/portal/questions/new?about=payment');
    await browser.submit('/portal/questions/new', { subject: ' ', words: 'x' });
    assert.equal(browser.status, 422);
    assert.match(browser.text, /Give your question a subject/);
    await browser.submit('/portal/questions/new', { category: 'plan', subject: 's', words: 'w' });
    assert.match(browser.title, /What is it about/);
    const { invoiceId } = await given.debtor(books, 100n);
    await browser.open(`/portal/questions/new?about=invoice&invoice=${invoiceId}`);
    assert.equal(browser.status, 404);
    const own = await given.invoice(books, payer.customerId, 100n, { number: 'Q-7' });
    await browser.open(`/portal/questions/new?about=invoice&invoice=${own}`);
    assert.match(browser.text, /Invoice Q-7/);
    await browser.submit('/portal/questions/new', { subject: 'This one', words: 'w' });
    const [row] = await query<{ invoice_id: string }>('select invoice_id from tickets where subject = $1', [
      'This one',
    ]);
    assert.equal(row?.invoice_id, own);
  });

  test('another payer, another organization and a stranger see nothing of it, nor may they write to it', async () => {
    const payer = await payerOf(books);
    const id = await ask(payer, 'Only mine');
    const page = `/portal/questions/${id}`;
    const others = [await payerOf(books), await payerOf(await given.organization())];
    for (const { browser } of others) {
      await browser.open(page);
      assert.equal(browser.status, 404);
      assert.doesNotMatch(browser.html, /Only mine/);
      await browser.open('/portal/questions');
      assert.match(browser.text, /Nothing asked yet/);
      const { csrf = '' } = Object.fromEntries(browser.form('/portal/sign-out'));
      await browser.post(page, new URLSearchParams({ csrf, words: 'Let me in' }));
      assert.equal(browser.status, 404);
    }
    const nobody = await new Browser().open(page);
    assert.equal(nobody.path, '/portal/sign-in');
    await payer.browser.open(page);
    assert.doesNotMatch(payer.browser.text, /Let me in/);
    const foreign = await apiKeyOf(await given.organization());
    assert.equal((await callApi(foreign, 'GET', `/v1/tickets/${id}`)).status, 404);
    const said = { words: 'Let me in' };
    assert.equal((await callApi(foreign, 'POST', `/v1/tickets/${id}/posts`, said)).status, 404);
  });

  test('the customer reads the answer, never a note, and writing again opens what was closed', async () => {
    const payer = await payerOf(books);
    const id = await ask(payer);
    const desk = await staffOf(books);
    const url = `/v1/tickets/${id}`;
    await desk.call('POST', `${url}/posts`, { words: 'Secret: a difficult one', note: true });
    const solved = await desk.call('POST', `${url}/posts`, { words: 'It is two now.', solve: true });
    assert.equal(solved.body.state, 'solved');
    assert.equal(solved.body.assignee_name, 'Ana Field');
    await desk.call('PATCH', url, { state: 'closed' });
    const page = `/portal/questions/${id}`;
    const { browser } = payer;
    await browser.open(page);
    assert.match(browser.text, /Closed.*It is two now\..*Not solved\? Write again/);
    assert.doesNotMatch(browser.html, /Secret/);
    await browser.submit(page, { words: 'It still says four.' });
    assert.match(browser.text, /In work.*It still says four/);
    const { body } = await desk.call('GET', url);
    assert.equal(body.state, 'open');
    assert.deepEqual(
      body.posts.map(({ kind, side }: { kind: string; side: string }) => `${side} ${kind}`),
      ['asker words', 'desk note', 'desk words', 'desk change', 'asker words'],
    );
  });

  test('files are taken by what they are, handed to their own customer alone, and never run in the page', async () => {
    const payer = await payerOf(books);
    const id = await ask(payer);
    const page = `/portal/questions/${id}`;
    const { browser } = payer;
    const pdf = Buffer.from('%PDF-1.7 sheet');
    const bad = await postFiles(browser, page, { words: 'See' }, [['sheet.pdf', Buffer.from('<script>')]]);
    assert.equal(bad.statusCode, 422);
    assert.match(bad.body, /holds something else than its name says/);
    const large = await postFiles(browser, page, { words: 'See' }, [
      ['a.pdf', Buffer.alloc(12_000_000, '%PDF-')],
    ]);
    assert.equal(large.statusCode, 413);
    const many = await postFiles(
      browser,
      page,
      { words: 'See' },
      Array.from({ length: 6 }, (_, at): [string, Buffer] => [`${at}.pdf`, pdf]),
    );
    assert.match(many.body, /At most 5 files/);
    const good = await postFiles(browser, page, { words: 'See the sheet' }, [['../sheet.pdf', pdf]]);
    assert.equal(good.statusCode, 303, good.body.slice(0, 300));
    await browser.open(page);
    const link = /\/portal\/questions\/tkt_\w+\/files\/tkf_\w+/.exec(browser.html)?.[0] ?? '';
    assert.match(browser.text, /See the sheet sheet\.pdf/);
    await browser.open(link);
    assert.equal(browser.html, '%PDF-1.7 sheet');
    assert.match(String(browser.headers['content-disposition']), /^attachment/);
    const other = await payerOf(books);
    await other.browser.open(link);
    assert.equal(other.browser.status, 404);
    const fileId = link.split('/').at(-1);
    const foreign = await apiKeyOf(await given.organization());
    assert.equal((await callApi(foreign, 'GET', `/v1/ticket-files/${fileId}`)).status, 404);
  });

  test('the list goes on where it ended, newest first', async () => {
    const payer = await payerOf(books);
    for (let n = 1; n <= 27; n += 1)
      await query(
        `insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name, asker_email,
          customer_id, created_at, updated_at) values ($1, 'tkt_0000000000000000000' || lpad($3::text, 3, '0'),
          'organization', 'new', 'other', 'normal', 'Question ' || $3, '', '', $2, now(), now()) returning 1`,
        [books.organizationId, payer.customerId, n],
      );
    const { browser } = payer;
    await browser.open('/portal/questions');
    assert.match(browser.text, /Question 27 .*Question 3 /);
    assert.doesNotMatch(browser.text, /Question 2 /);
    await browser.open(/href="(\/portal\/questions\?after=[^"]+)"/.exec(browser.html)?.[1] ?? '');
    assert.match(browser.text, /Question 2 .*Question 1 /);
  });
});
