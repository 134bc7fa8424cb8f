import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { must } from '#lib/errors.ts';
import { publishableKeyOf } from './keys.ts';
import { isRoutingNumber, passesLuhn, readExpiry } from './read-instrument.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { newSecretKey, sandboxToken } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import { testBankAccounts, testBanks, testCards } from './test-numbers.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
const parentOrigin = 'https://pay.example.com';
const sandbox = await startSandboxGateway({ port: 0, dataDir, allowedParents: [parentOrigin] });
after(async () => {
  await sandbox.stop();
  await rm(dataDir, { recursive: true });
});
const secretKey = newSecretKey();
const key = publishableKeyOf(secretKey);

type Made = {
  status: number;
  body: Record<string, unknown> & { error?: { code: string; field: string; message: string } };
};

async function post(body: object, headers: Record<string, string> = {}): Promise<Made> {
  const response = await fetch(`${sandbox.url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Made['body'] };
}

test('the page of the fields may be framed by its parent alone and runs its own script alone', async () => {
  const { hostedFields } = sandboxGateway({ url: sandbox.url, secretKey });
  const { cardUrl, bankAccountUrl } = must(hostedFields, 'hosted fields')({ parentOrigin, fieldsUrl: '' });
  for (const page of [cardUrl, `${bankAccountUrl}&theme=dark`]) {
    const response = await fetch(page);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    assert.equal(response.status, 200);
    assert.match(policy, /^default-src 'none';/);
    assert.match(policy, /frame-ancestors https:\/\/pay\.example\.com$/);
    assert.equal(html.split(`nonce="${nonce}"`).length, 3, 'the style and the script, nothing else');
    assert.ok(!/unsafe|\*/.test(policy));
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.ok(!html.includes(secretKey));
  }
  const [one, two] = await Promise.all([fetch(cardUrl), fetch(cardUrl)]);
  assert.notEqual(one.headers.get('content-security-policy'), two.headers.get('content-security-policy'));
});

test('a parent that was not named, or is no origin, gets no fields', async () => {
  const wrong = [
    'https://evil.example',
    `${parentOrigin}/`,
    `${parentOrigin}; script-src *`,
    '*',
    'null',
    'javascript:1',
    '',
  ];
  for (const parent of wrong) {
    const response = await fetch(`${sandbox.url}/fields/card?${new URLSearchParams({ key, parent })}`);
    assert.equal(response.status, 400, parent);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  }
  const noKey = await fetch(
    `${sandbox.url}/fields/card?${new URLSearchParams({ key: '"><script>', parent: parentOrigin })}`,
  );
  assert.equal(noKey.status, 400);
});

test('another page can make no token, even with the right key', async () => {
  const card = { type: 'card', number: '4242424242424242', expiry: '12/39', cvc: '123' };
  for (const origin of [parentOrigin, 'https://evil.example', 'null']) {
    assert.equal((await post(card, { origin })).status, 403, origin);
  }
  assert.equal((await post(card, { origin: sandbox.url })).status, 200);
  assert.equal((await post(card, { authorization: `Bearer ${secretKey}` })).status, 401);
});

test('each test number gives a token with what may be shown of it, and nothing more', async () => {
  for (const { number, brand, funding } of testCards) {
    const { body } = await post({
      type: 'card',
      number,
      expiry: '1/2039',
      cvc: brand === 'amex' ? '1234' : '123',
    });
    const { object, token, ...shown } = body;
    assert.match(String(token), /^tok_sandbox_/);
    const expiry = { year: 2039, month: 1 };
    assert.deepEqual(shown, { kind: 'card', brand, last4: number.slice(-4), expiry, funding });
  }
  for (const { accountNumber } of testBankAccounts) {
    for (const { routingNumber, name } of testBanks) {
      const { body } = await post({
        type: 'bank_account',
        routing_number: routingNumber,
        account_number: accountNumber,
      });
      assert.equal(body.brand, name);
      assert.equal(body.last4, accountNumber.slice(-4));
    }
  }
});

test('a mistake is named by its field, in words, without repeating what was typed', async () => {
  const good = { type: 'card', number: '4242 4242 4242 4242', expiry: '12 / 39', cvc: '123' };
  const bank = { type: 'bank_account', routing_number: '110000000', account_number: '000123456789' };
  const cases: [object, string, string][] = [
    [{ ...good, number: '' }, 'number', 'number_missing'],
    [{ ...good, number: '4242424242424241' }, 'number', 'number_invalid'],
    [{ ...good, number: '4111111111111111' }, 'number', 'not_a_test_number'],
    [{ ...good, expiry: '' }, 'expiry', 'expiry_missing'],
    [{ ...good, expiry: '13/39' }, 'expiry', 'expiry_invalid'],
    [{ ...good, expiry: '01/21' }, 'expiry', 'expiry_past'],
    [{ ...good, expiry: '01/2099' }, 'expiry', 'expiry_invalid'],
    [{ ...good, cvc: '12' }, 'cvc', 'cvc_invalid'],
    [{ ...good, number: '378282246310005' }, 'cvc', 'cvc_invalid'],
    [{ ...bank, routing_number: '110000001' }, 'routing_number', 'routing_invalid'],
    [{ ...bank, routing_number: '021000021' }, 'routing_number', 'not_a_test_number'],
    [{ ...bank, account_number: '12' }, 'account_number', 'account_invalid'],
    [{ ...bank, account_number: '998877665544' }, 'account_number', 'not_a_test_number'],
  ];
  for (const [body, field, code] of cases) {
    const { status, body: answer } = await post(body);
    assert.equal(status, 422);
    assert.deepEqual([answer.error?.field, answer.error?.code], [field, code]);
    assert.ok(!/4111|0210|9988/.test(JSON.stringify(answer)));
  }
});

test('no number of a card or bank account reaches the journal, even of requests that fail', async () => {
  const numbers = [
    ...testCards.map((card) => card.number),
    ...testBankAccounts.map((each) => each.accountNumber),
  ];
  const token = await sandboxToken(sandbox.url, secretKey, 'approve');
  const torn = await fetch(`${sandbox.url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{"type":"card","number":"4242424242424242",',
  });
  assert.equal(torn.status, 400);
  assert.ok(!(await torn.text()).includes('4242'));
  const journal = await readFile(join(dataDir, 'journal.jsonl'), 'utf8');
  assert.ok(journal.includes(token), 'the journal is the one in use');
  for (const number of numbers) assert.ok(!journal.includes(number), `ends in ${number.slice(-4)}`);
  assert.ok(!/"cvc"|"number"|account_number|routing/.test(journal));
  assert.ok(!journal.includes(secretKey));
});

test('check digits and expiry dates are read as printed', () => {
  assert.ok(testCards.every((card) => passesLuhn(card.number)));
  assert.ok(!passesLuhn('4242424242424224'), 'two digits the wrong way round');
  assert.ok(!passesLuhn(''));
  assert.ok(['110000000', '220000000', '021000021'].every(isRoutingNumber));
  assert.ok(!['000000000', '110000001', '11000000', '12100002l'].some(isRoutingNumber));
  const december = { year: 2029, month: 12 };
  for (const text of ['12/29', '12 / 29', '1229', '12/2029', '12-29'])
    assert.deepEqual(readExpiry(text), december);
  for (const text of ['00/29', '13/29', '1/1', '129', '12/1929', 'x'])
    assert.equal(readExpiry(text), undefined, text);
});
