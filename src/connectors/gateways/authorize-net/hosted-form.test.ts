import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { systemNow } from '#lib/dates.ts';
import { browser, closeBrowser } from '../../../../test/support/browser.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { gatewayOf } from './authorize-net-lab.ts';
import { authorizeNetVendor } from './authorize-net-vendor.ts';
import { readOneTimeToken } from './tokens.ts';

const fake = await startAuthorizeNetFake();
const account = fake.openAccount({ now: systemNow() });
const { apiLoginId, transactionKey, signatureKey, clientKey } = account;
const credentials = { environment: 'sandbox', apiLoginId, transactionKey, signatureKey, clientKey };
const vendor = authorizeNetVendor({ url: fake.url, formUrl: fake.url });

/** Serves the fields page as the portal does, and a pay page that frames it and writes down what it hears. */
const server = createServer((asked, response) => {
  const url = new URL(asked.url ?? '/', 'http://localhost');
  const kind = url.searchParams.get('kind') === 'bank_account' ? 'bank_account' : 'card';
  if (url.pathname === '/fields') {
    const nonce = 'bm9uY2Utb2YtdGhpcy1wYWdl';
    const page = vendor.fieldsPage?.({ credentials, kind, parentOrigin: origin(), nonce });
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page?.contentSecurityPolicy ?? '',
    });
    return response.end(page?.html);
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>Pay</title><iframe src="/fields?kind=${kind}" title="fields"
 style="width:100%;height:60px;border:0"></iframe><script>
 window.heard = [];
 addEventListener('message', ({ data, origin }) => {
   if (origin !== location.origin || !String(data?.type).startsWith('owed.')) return;
   heard.push(data);
   if (data.type === 'owed.height') document.querySelector('iframe').style.height = data.px + 'px';
 });
 window.ask = () => document.querySelector('iframe').contentWindow.postMessage({ type: 'owed.tokenize' }, location.origin);
</script>`);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(async () => {
  await closeBrowser();
  await fake.stop();
  server.close();
  server.closeAllConnections();
});

type Heard = { type: string; token?: string; last4?: string; brand?: string; message?: string; px?: number };
const heardBy = (page: Page): Promise<Heard[]> => page.evaluate('heard') as Promise<Heard[]>;

async function payPage(
  kind: string,
): Promise<{ page: Page; fields: FrameLocator; form: FrameLocator; complaints: string[] }> {
  const page = await (await browser()).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin()}/?kind=${kind}`, { waitUntil: 'load' });
  const fields = page.frameLocator('iframe');
  return { page, fields, form: fields.frameLocator('#AcceptUIContainer iframe'), complaints };
}

async function tokenOf(page: Page): Promise<Heard> {
  await page.evaluate('ask()');
  await page.waitForFunction("heard.some((each) => each.type === 'owed.token')");
  const token = (await heardBy(page)).find((each) => each.type === 'owed.token');
  assert.ok(token);
  return token;
}

test("a card typed in the vendor's form becomes a token that the connector can charge", async () => {
  const { page, fields, form, complaints } = await payPage('card');
  await fields.getByRole('button', { name: 'Enter card details' }).click();
  await form.getByLabel('Card Number').fill('4111111111111111');
  await form.getByLabel('Exp. Date').fill('12/39');
  await form.getByLabel('Card Code').fill('123');
  const { px } = (await heardBy(page)).findLast((each) => each.type === 'owed.height') ?? {};
  assert.ok(px && px >= 288, `the frame grows with the form, not ${px}`);
  await form.getByRole('button', { name: 'Use this card' }).click();
  await fields.getByText('Visa ending in 1111').waitFor();

  const { token = '', last4, brand } = await tokenOf(page);
  assert.deepEqual([brand, last4], ['visa', '1111']);
  const { nonce, ...shown } = readOneTimeToken(token);
  assert.deepEqual(shown, { kind: 'card', expiry: { year: 2039, month: 12 } });
  assert.ok(nonce.length > 20);
  assert.deepEqual(complaints, [], 'the policy of the page breaks nothing');
  assert.ok(!JSON.stringify(await heardBy(page)).includes('411111111'), 'no number leaves the form');

  const outcome = await gatewayOf(account, { url: fake.url }).charge({
    paymentId: 'pay_form',
    kind: 'card',
    amount: 100n,
    currency: 'USD',
    description: 'Invoice 1',
    customerId: 'cus_1',
    at: account.now,
    source: { kind: 'one_time', token, store: false },
  });
  assert.ok(outcome.outcome === 'approved');
  assert.deepEqual(outcome.method, {
    kind: 'card',
    brand: 'visa',
    last4: '1111',
    expiry: { year: 2039, month: 12 },
  });

  await page.evaluate('heard.length = 0; ask()');
  await page.waitForFunction("heard.some((each) => each.type === 'owed.error')");
  const again = (await heardBy(page)).find((each) => each.type === 'owed.error');
  assert.match(again?.message ?? '', /Enter your card details first/, 'a token is for one attempt');
  await form.getByLabel('Card Number').waitFor();
  await page.close();
});

test("a bank account is typed in the vendor's form too, and a mistake is told in the page", async () => {
  const { page, fields, form, complaints } = await payPage('bank_account');
  await fields.getByRole('button', { name: 'Enter bank account' }).click();
  await form.getByLabel('Name On Account').fill('Ellen Johnson');
  await form.getByLabel('Routing Number').fill('12100002199');
  await form.getByLabel('Account Number').fill('123456789012');
  await form.getByRole('button', { name: 'Use this account' }).click();
  await fields.getByRole('alert').waitFor();
  assert.match((await fields.getByRole('alert').textContent()) ?? '', /routingNumber.*MaxLength/);
  await fields.getByRole('button', { name: 'Enter bank account' }).click();
  await form.getByLabel('Name On Account').fill('Ellen Johnson');
  await form.getByLabel('Routing Number').fill('121000021');
  await form.getByLabel('Account Number').fill('123456789012');
  await form.getByRole('button', { name: 'Use this account' }).click();
  await fields.getByText('Bank account ending in 9012').waitFor();
  const { token = '', last4 } = await tokenOf(page);
  assert.equal(last4, '9012');
  assert.equal(readOneTimeToken(token).kind, 'bank_account');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('the page names its parent, its nonce and one origin of the vendor, and shows no secret', () => {
  const input = {
    credentials: { ...credentials, environment: 'production' },
    kind: 'card',
    nonce: 'n0nce',
  } as const;
  const page = authorizeNetVendor().fieldsPage?.({ ...input, parentOrigin: 'https://pay.example.com' });
  assert.equal(
    page?.contentSecurityPolicy,
    "default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'; frame-src https://js.authorize.net; form-action 'none'; base-uri 'none'; frame-ancestors https://pay.example.com",
  );
  assert.equal(page.html.split('nonce="n0nce"').length, 4, 'one style and two scripts');
  assert.match(page.html, /src="https:\/\/js\.authorize\.net\/v3\/AcceptUI\.js"/);
  for (const secret of [transactionKey, signatureKey]) assert.ok(!page.html.includes(secret));
  const hostile = { ...input, credentials: { ...credentials, apiLoginId: '"><script>alert(1)</script>' } };
  const escaped = authorizeNetVendor().fieldsPage?.({ ...hostile, parentOrigin: 'https://pay.example.com' });
  assert.ok(!escaped?.html.includes('<script>alert'));
  for (const parentOrigin of ['https://pay.example.com/', '*', 'https://a.example; script-src *', 'null'])
    assert.throws(() => authorizeNetVendor().fieldsPage?.({ ...input, parentOrigin }));
});
