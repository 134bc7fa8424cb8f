import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { extractText, getDocumentProxy } from 'unpdf';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf, Browser, query, tokenFor, workOff } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

const png =
  'data:image/png;base64,' +
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const ada = { name: 'Ada Marsh', email: 'ada@example.com', agree: 'yes' };

type Method = { id: string; state: string; kind: string; addedBy: string };
const methodsOf = (customerId: string): Promise<Method[]> =>
  query(
    'select id, state, kind, added_by as "addedBy" from payment_methods where customer_id = $1 order by id',
    [customerId],
  );

async function textOfCopy(bytes: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return text.replaceAll(/\s+/g, ' ');
}

test('a bank account is stored unusable, signed by hand, and its copy is mailed and kept', async () => {
  const { browser, customerId } = await payerOf(books);
  await browser.open('/portal/methods/add');
  await browser.submit('/portal/methods/add', {
    kind: 'bank_account',
    token: await tokenFor(books, 'settle'),
  });
  const signing = browser.path;
  assert.equal((await methodsOf(customerId))[0]?.state, 'needs_authorization');
  await browser.open('/portal/methods');
  assert.match(browser.text, /Needs your signature.*Sign now/);
  await browser.open(signing);
  const words = /I authorize .* is not stopped by it\./.exec(browser.text)?.[0] ?? '';
  await browser.submit(signing, { ...ada, agree: '' });
  assert.equal(browser.status, 422);
  await browser.submit(signing, { ...ada, name: '' });
  assert.match(browser.text, /Type your full name/);
  await browser.submit(signing, { ...ada, text_hash: 'another' });
  assert.match(browser.text, /words have changed meanwhile/);
  await browser.submit(signing, { ...ada, drawing: 'data:image/png;base64,AAAA' });
  assert.match(browser.text, /could not be read/);
  assert.equal((await methodsOf(customerId))[0]?.state, 'needs_authorization');
  const signed = browser.filled(signing, { ...ada, drawing: png });
  await browser.post(signing, signed);
  assert.equal(browser.path, '/portal/methods');
  await browser.post(signing, signed);
  const rows = await query<Record<string, unknown>>('select * from authorizations where customer_id = $1', [
    customerId,
  ]);
  assert.equal(rows.length, 1, 'signed twice is once');
  const { text, version, signature_kind, name, email, ip, user_agent } = rows[0] ?? {};
  assert.deepEqual(
    { text, version, signature_kind, name, email, ip, user_agent },
    {
      text: words,
      version: 'bank-debit-1',
      signature_kind: 'drawn',
      name: ada.name,
      email: ada.email,
      ip: browser.address,
      user_agent: 'a test browser',
    },
  );
  await workOff('react', books.organizationId);
  await workOff('send-authorization-copy', books.organizationId);
  const [mail] = await query<{ bytes: Buffer }>(
    `select a.bytes from messages m join message_attachments a on a.message_id = m.id
     where m.kind = 'authorization_copy' and m.customer_id = $1`,
    [customerId],
  );
  assert.ok(mail);
  assert.ok(mail.bytes.includes('pdfuaid:part>1<'), 'tagged like the receipts');
  const copy = await textOfCopy(mail.bytes);
  for (const said of [
    ada.name,
    words.slice(0, 60),
    'Signed electronically by hand',
    browser.address,
    String(rows[0]?.hash),
  ])
    assert.ok(copy.includes(said), `${said} is missing in: ${copy}`);
  await browser.open(`${signing.replace('/sign', '')}/authorization`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  const other = await payerOf(books);
  await other.browser.open(`${signing.replace('/sign', '')}/authorization`);
  assert.equal(other.browser.status, 404);
});

const link = async (path: string, body: object = {}): Promise<{ url: string; status: number }> => {
  const reply = await callApi(key, 'POST', path, body);
  return { url: reply.body.url, status: reply.status };
};

test('an invitation adds one card without sign-in, shows nothing of the customer, and then is used', async () => {
  const customerId = await given.customer(books, {
    displayName: 'Secret Customer Ltd',
    email: 'who@example.com',
  });
  const { url } = await link(`/v1/customers/${customerId}/payment-method-links`);
  const [mail] = await query<{ text: string }>(
    `select text from messages where kind = 'method_invitation' and customer_id = $1`,
    [customerId],
  );
  assert.ok(mail?.text.includes(url));
  const browser = await new Browser().open(url);
  assert.equal(browser.status, 200);
  assert.ok(!/Secret Customer|who@example/.test(browser.html));
  const path = browser.path;
  await browser.submit(path, { kind: 'card', token: await tokenFor(books, 'decline') });
  assert.equal(browser.status, 422, 'a refused card leaves the link as it was');
  const [form, again] = [
    browser.filled(path, { kind: 'card', token: await tokenFor(books, 'approve') }),
    await new Browser().open(url),
  ];
  const second = again.filled(path, { kind: 'card', token: await tokenFor(books, 'approve') });
  await Promise.all([browser.post(path, form), again.post(path, second)]);
  const saved = [browser, again].filter(({ title }) => /saved/.test(title));
  assert.equal(saved.length, 1, 'two at once are one');
  await again.open(url);
  assert.deepEqual([again.status, again.title], [410, 'This link has already been used']);
  assert.match(again.text, /can send you a new link/);
  const methods = await methodsOf(customerId);
  assert.deepEqual(
    methods.map(({ state, addedBy }) => [state, addedBy]),
    [['active', 'payer']],
  );
  assert.equal((await new Browser().open('/portal/add-method/nothing-of-ours')).status, 404);
});

test('an invitation that was not used in time has expired, and says where a new one comes from', async () => {
  const customerId = await given.customer(books, {});
  const { url } = await link(`/v1/customers/${customerId}/payment-method-links`, { mail: false });
  await query(`update method_links set expires_at = '2020-01-01' where customer_id = $1`, [customerId]);
  const browser = await new Browser().open(url);
  assert.deepEqual([browser.status, browser.title], [410, 'This link has expired']);
});

test('a bank account added by an invitation is signed for by the next link, and the copy is at hand', async () => {
  const customerId = await given.customer(books, {});
  const { url } = await link(`/v1/customers/${customerId}/payment-method-links`, { mail: false });
  const browser = await new Browser().open(url);
  await browser.submit(browser.path, { kind: 'bank_account', token: await tokenFor(books, 'settle') });
  const signing = browser.path;
  assert.match(signing, /^\/portal\/sign\//);
  assert.equal((await new Browser().open(signing.replace('/sign/', '/add-method/'))).status, 404);
  await browser.submit(signing, ada);
  assert.match(browser.title, /it is signed/);
  assert.equal((await methodsOf(customerId))[0]?.state, 'active');
  await browser.open(`${signing}/copy`);
  assert.equal(browser.headers['content-type'], 'application/pdf');
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method: 'GET',
    url: `/v1/payment-methods/${(await methodsOf(customerId))[0]?.id}/authorization`,
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(reply.statusCode, 200);
  assert.match(await textOfCopy(reply.rawPayload), /by typing the name/);
});
