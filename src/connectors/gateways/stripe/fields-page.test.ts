import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { browser, closeBrowser } from '../../../../test/support/browser.ts';
import { fieldsPage, hostedFieldsAt } from './fields-page.ts';

const nonce = 'bm9uY2Utb2YtdGhlLXBhZ2U=';
const credentials = {
  publishableKey: 'pk_test_0123456789',
  secretKey: 'sk_test_never_here',
  webhookSecret: 'whsec_x',
};

/** Stands where Stripe's script would: the same calls, and what it was asked. */
const stripeJs = `window.Stripe = (key) => {
  const asked = { key };
  window.asked = asked;
  return {
    elements: (options) => {
      asked.options = options;
      return {
        create: (type, more) => {
          asked.element = { type, more };
          const heard = {};
          return {
            on: (name, run) => { heard[name] = run; },
            mount: (where) => {
              const box = document.createElement('input');
              box.id = 'number';
              box.style.height = '120px';
              document.querySelector(where).append(box);
              heard.ready();
            },
          };
        },
        submit: async () =>
          document.getElementById('number').value === '' ? { error: { message: 'Your card number is incomplete.' } } : {},
      };
    },
    createConfirmationToken: async ({ params }) => {
      asked.params = params;
      const card = { brand: 'visa', last4: '4242', funding: 'credit', exp_month: 8, exp_year: 2039 };
      const us_bank_account = { bank_name: 'STRIPE TEST BANK', last4: '6789' };
      const bank = asked.options.allowedPaymentMethodTypes[0] === 'us_bank_account';
      return { confirmationToken: { id: 'ctoken_1', payment_method_preview: bank ? { us_bank_account } : { card } } };
    },
  };
};`;

/** The pay page: hears what the frame says, and asks it for a token. */
const payPage = (
  url: string,
): string => `<!doctype html><title>Pay</title><iframe id="frame" src="${url}"></iframe><script>
window.heard = [];
addEventListener('message', ({ data, origin }) => window.heard.push({ ...data, origin }));
window.tokenize = () => document.getElementById('frame').contentWindow.postMessage({ type: 'owed.tokenize' }, '*');
</script>`;

type Heard = { type: string; px?: number; message?: string } & Record<string, unknown>;

const servers: { close(): void; closeAllConnections(): void }[] = [];
after(async () => {
  await closeBrowser();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (path: string) => { html: string; policy?: string }): Promise<string> {
  const server = createServer((request, response) => {
    const { html, policy } = answer(request.url ?? '/');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (policy) response.setHeader('content-security-policy', policy);
    response.end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function opened(kind: 'card' | 'bank_account', options: { script?: string; theme?: string } = {}) {
  let parentOrigin = '';
  const fields = await serve(() => {
    const { html, contentSecurityPolicy } = fieldsPage({ credentials, kind, parentOrigin, nonce });
    return { html, policy: contentSecurityPolicy };
  });
  parentOrigin = await serve(() => ({ html: payPage(`${fields}/?theme=${options.theme ?? 'light'}`) }));
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) blocked.push(message.text());
  });
  await context.route('https://js.stripe.com/**', (route) =>
    options.script === undefined
      ? route.fulfill({ contentType: 'text/javascript', body: stripeJs })
      : route.abort(),
  );
  await page.goto(parentOrigin);
  const heard = (): Promise<Heard[]> => page.evaluate('window.heard');
  const until = async (type: string): Promise<Heard> => {
    for (let waited_ms = 0; waited_ms < 5_000; waited_ms += 50) {
      const found = (await heard()).findLast((message) => message.type === type);
      if (found) return found;
      await page.waitForTimeout(50);
    }
    throw new Error(`the frame never said ${type}`);
  };
  const frame = page.frames()[1];
  assert.ok(frame);
  return { page, frame, until, heard, blocked, fields, close: () => context.close() };
}

test('the frame shows Stripe’s element and hands its token to the pay page, under its policy', async () => {
  for (const kind of ['card', 'bank_account'] as const) {
    const { page, frame, until, blocked, fields, close } = await opened(kind);
    await until('owed.ready');
    assert.ok(((await until('owed.height')).px ?? 0) > 100);
    await page.evaluate('window.tokenize()');
    assert.equal((await until('owed.error')).message, 'Your card number is incomplete.');
    await frame.fill('#number', '4242');
    await page.evaluate('window.tokenize()');
    const { origin, ...told } = await until('owed.token');
    const card = { brand: 'visa', last4: '4242', funding: 'credit', expiry: { year: 2039, month: 8 } };
    const bank = { brand: 'STRIPE TEST BANK', last4: '6789' };
    assert.deepEqual(told, {
      type: 'owed.token',
      kind,
      token: 'ctoken_1',
      ...(kind === 'card' ? card : bank),
    });
    assert.equal(origin, fields);
    const asked = (await frame.evaluate('window.asked')) as {
      key: string;
      options: { allowedPaymentMethodTypes: string[] };
    };
    assert.equal(asked.key, credentials.publishableKey);
    assert.deepEqual(asked.options.allowedPaymentMethodTypes, [kind === 'card' ? 'card' : 'us_bank_account']);
    assert.deepEqual(blocked, []);
    await close();
  }
});

test('when Stripe’s script does not come, the payer is told why there is no token', async () => {
  const { page, frame, until, close } = await opened('card', { script: 'none' });
  await until('owed.height');
  assert.match(await frame.innerText('#problem'), /could not be loaded/);
  await page.evaluate('window.tokenize()');
  assert.match((await until('owed.error')).message ?? '', /could not be loaded/);
  await close();
});

test('the page runs under a policy that lets nobody else in, and holds no secret', () => {
  const { html, contentSecurityPolicy } = fieldsPage({
    credentials,
    kind: 'card',
    parentOrigin: 'https://pay.example.com',
    nonce,
  });
  assert.match(contentSecurityPolicy, /^default-src 'none';/);
  assert.match(contentSecurityPolicy, /frame-ancestors https:\/\/pay\.example\.com$/);
  assert.ok(!/unsafe/.test(contentSecurityPolicy));
  assert.deepEqual(
    [...html.matchAll(/<script[^>]*src="([^"]+)"/g)].map(([, src]) => src),
    ['https://js.stripe.com/endive/stripe.js'],
  );
  for (const tag of html.match(/<(script|style)\b[^>]*>/g) ?? [])
    assert.ok(tag.includes(`nonce="${nonce}"`), tag);
  assert.ok(!html.includes(credentials.secretKey) && !html.includes(credentials.webhookSecret));
});

test('what is no origin, or no nonce, makes no page', () => {
  const page = { credentials, kind: 'card', parentOrigin: 'https://pay.example.com', nonce } as const;
  for (const parentOrigin of [
    '*',
    'null',
    'https://a.example/; script-src *',
    'https://a.example/',
    'javascript:1',
  ])
    assert.throws(() => fieldsPage({ ...page, parentOrigin }), /origin/, parentOrigin);
  assert.throws(() => fieldsPage({ ...page, nonce: "x' https://evil.example" }), /nonce/);
  const evil = { ...credentials, publishableKey: '"><script>' };
  assert.ok(!fieldsPage({ ...page, credentials: evil }).html.includes('"><script>'));
});

test('the fields are found where Owed serves them', () => {
  const fields = hostedFieldsAt({
    parentOrigin: 'https://pay.example.com',
    fieldsUrl: 'https://pay.example.com/gateway-fields/gwa_1',
  });
  assert.deepEqual(fields, {
    origin: 'https://pay.example.com',
    cardUrl: 'https://pay.example.com/gateway-fields/gwa_1/card?parent=https%3A%2F%2Fpay.example.com',
    bankAccountUrl:
      'https://pay.example.com/gateway-fields/gwa_1/bank_account?parent=https%3A%2F%2Fpay.example.com',
  });
});
