import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gatewayConformance } from '../conformance.ts';
import { question } from '../gateway-lab.ts';
import { publishableKeyOf, signatureHeader, webhookHolds, webhookSecretOf } from './keys.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { askSandbox, newSecretKey, sandboxLab, sandboxToken, startReceiver, until } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import { testBankAccounts, testCards } from './test-numbers.ts';

const sandbox = await startSandboxGateway({ port: 0, slowAnswer_ms: 500, webhookBackoff_ms: 20 });
const receiver = await startReceiver();
after(async () => {
  await sandbox.stop();
  receiver.stop();
});
const { url } = sandbox;

gatewayConformance('sandbox gateway', () => sandboxLab(url, receiver, 150));

const usd = (secretKey: string, paymentId: string, token: string) => ({
  gateway: sandboxGateway({ url, secretKey }),
  request: {
    paymentId,
    amount: 100n,
    currency: 'USD',
    source: { kind: 'one_time', token, store: false } as const,
    description: 'Invoice 1',
    customerId: 'cus_1',
    at: new Date('2026-03-02T15:00:00Z'),
  },
});

test('every test card and bank account does what its name says', async () => {
  const secretKey = newSecretKey();
  const seen: Record<string, string> = {};
  const behaviours = new Set([...testCards, ...testBankAccounts].map((each) => each.behaviour));
  for (const behaviour of behaviours) {
    const { gateway, request } = usd(
      secretKey,
      `pay_${behaviour}`,
      await sandboxToken(url, secretKey, behaviour),
    );
    const outcome = await gateway.charge(request);
    seen[behaviour] = outcome.outcome === 'declined' ? (outcome.vendor?.code ?? '') : outcome.outcome;
  }
  assert.deepEqual(seen, {
    approve: 'approved',
    decline: 'card_declined',
    insufficient_funds: 'insufficient_funds',
    expired_card: 'expired_card',
    lost_card: 'lost_card',
    stolen_card: 'stolen_card',
    incorrect_cvc: 'incorrect_cvc',
    decline_when_stored: 'approved',
    slow: 'approved',
    lost_answer: 'unknown',
    error_after_commit: 'unknown',
    unknown_until_looked_up_twice: 'unknown',
    disputed: 'approved',
    refund_fails: 'approved',
    payout_short: 'approved',
    settle: 'submitted',
    return_r01: 'submitted',
    return_r02: 'submitted',
    return_r03: 'submitted',
    return_r10: 'submitted',
    change_c01: 'submitted',
    bad_account: 'invalid_account',
  });
  const totals = await askSandbox(url, secretKey, 'GET /v1/totals');
  assert.equal(totals.charges, 22);
  assert.equal(totals.captured, 15);
  assert.deepEqual(totals.amount_captured, { USD: 1500 });
});

test('a card good for one payment can decline when autopay charges it from store', async () => {
  const secretKey = newSecretKey();
  const { gateway, request } = usd(
    secretKey,
    'pay_1',
    await sandboxToken(url, secretKey, 'decline_when_stored'),
  );
  const first = await gateway.charge({ ...request, source: { ...request.source, store: true } });
  assert.ok(first.outcome === 'approved' && first.method.storedToken);
  const stored = { kind: 'stored', token: first.method.storedToken } as const;
  const later = await gateway.charge({ ...request, paymentId: 'pay_2', source: stored });
  assert.ok(later.outcome === 'declined' && later.code === 'insufficient_funds');
});

test('accounts see nothing of each other, not even with the same payment id', async () => {
  const [mine, yours] = [newSecretKey(), newSecretKey()];
  const token = await sandboxToken(url, mine, 'approve');
  const { gateway, request } = usd(mine, 'pay_1', token);
  await gateway.charge(request);
  const other = usd(yours, 'pay_1', token);
  assert.equal((await other.gateway.lookup(question('pay_1', request.at))).outcome, 'absent');
  assert.equal((await other.gateway.charge(other.request)).outcome, 'declined', 'a token of another account');
  assert.equal((await askSandbox(url, mine, 'GET /v1/totals')).charges, 1);
});

test('a one-time token ends after its time', async () => {
  const brief = await startSandboxGateway({ port: 0, tokenLife_ms: 0 });
  const secretKey = newSecretKey();
  const { request } = usd(secretKey, 'pay_1', await sandboxToken(brief.url, secretKey, 'approve'));
  const outcome = await sandboxGateway({ url: brief.url, secretKey }).charge(request);
  assert.ok(outcome.outcome === 'declined' && outcome.vendor?.code === 'token_expired');
  await brief.stop();
});

test('pages of charges follow each other without a gap', async () => {
  const secretKey = newSecretKey();
  for (const n of [1, 2, 3]) {
    const { gateway, request } = usd(secretKey, `pay_${n}`, await sandboxToken(url, secretKey, 'approve'));
    await gateway.charge(request);
  }
  type Page = { data: { id: string; payment_id: string }[]; has_more: boolean };
  const first = (await askSandbox(url, secretKey, 'GET /v1/charges?limit=2')) as Page;
  const rest = (await askSandbox(
    url,
    secretKey,
    `GET /v1/charges?starting_after=${first.data[1]?.id}`,
  )) as Page;
  assert.deepEqual(
    [...first.data, ...rest.data].map((charge) => charge.payment_id),
    ['pay_1', 'pay_2', 'pay_3'],
  );
  assert.deepEqual([first.has_more, rest.has_more], [true, false]);
});

test('a webhook that is refused comes again, some come twice, and their order is not promised', async () => {
  const secretKey = newSecretKey();
  const path = `/${publishableKeyOf(secretKey)}`;
  await askSandbox(url, secretKey, 'PUT /v1/webhook-endpoint', { url: receiver.url + path });
  const faults = [{ fault: 'duplicate_webhooks' }, { fault: 'out_of_order_webhooks' }];
  await askSandbox(url, secretKey, 'POST /v1/faults', { faults });
  const { gateway, request } = usd(secretKey, 'pay_1', await sandboxToken(url, secretKey, 'approve'));
  receiver.refuseNext(2);
  await gateway.charge(request);
  await gateway.lookup(question('pay_1', new Date('2026-03-03T15:00:00Z')));
  await until(() => receiver.at(path).length === 4);
  const types = receiver.at(path).map(({ raw }) => (JSON.parse(raw.toString()) as { type: string }).type);
  assert.equal(types.filter((type) => type === 'charge.approved').length, 2);
  assert.ok(types.indexOf('charge.settled') < types.indexOf('charge.settling'), `order: ${types.join(', ')}`);
  const [first] = receiver.at(path);
  const check = {
    webhookSecret: webhookSecretOf(secretKey),
    body: first?.raw ?? Buffer.alloc(0),
    now: new Date('2026-01-01'),
  };
  assert.equal(
    webhookHolds({ ...check, header: first?.headers[signatureHeader] }),
    false,
    'too old or too new',
  );
});

test('webhooks go to this machine only, unless whoever started the gateway named the host', async () => {
  const put = (address: string) =>
    askSandbox(url, newSecretKey(), 'PUT /v1/webhook-endpoint', { url: address });
  for (const address of [
    'http://169.254.169.254/latest',
    'http://example.com/',
    'file:///etc/passwd',
    'http://127.0.0.1@x.com/',
  ]) {
    assert.ok('error' in (await put(address)), address);
  }
  assert.equal((await put('http://localhost:9/hook')).object, 'webhook_endpoint');
});

test('consent to a card charge does not carry over to a bank debit', async () => {
  const secretKey = newSecretKey();
  const { gateway, request } = usd(secretKey, 'pay_kind', await sandboxToken(url, secretKey, 'settle'));
  const refused = await gateway.charge({ ...request, kind: 'card' });
  assert.equal(refused.outcome === 'declined' && refused.code, 'wrong_method');
  const again = usd(secretKey, 'pay_kind_2', await sandboxToken(url, secretKey, 'settle'));
  assert.equal((await again.gateway.charge({ ...again.request, kind: 'bank_account' })).outcome, 'submitted');
});

test('a gateway that knows its accounts serves no key that was made up', async () => {
  const known = newSecretKey();
  const closed = await startSandboxGateway({
    port: 0,
    isKnown: async (key) => key === publishableKeyOf(known),
  });
  const ask = (key: string) =>
    fetch(`${closed.url}/v1/totals`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await ask(known)).status, 200);
  assert.equal((await ask(newSecretKey())).status, 401);
  await closed.stop();
});
