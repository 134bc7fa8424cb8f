import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemNow } from '#lib/dates.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';

const fake = await startAuthorizeNetFake();
after(() => fake.stop());
const account = fake.openAccount({ now: systemNow() });
const { apiLoginId: name, transactionKey } = account;
const keys = { name, transactionKey };

async function post(body: unknown): Promise<{ status: number; first: string; code: string; text: string }> {
  const response = await fetch(`${fake.url}/xml/v1/request.api`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8').slice(1);
  const { messages } = JSON.parse(text) as { messages: { message: { code: string; text: string }[] } };
  const [message] = messages.message;
  return {
    status: response.status,
    first: bytes.subarray(0, 3).toString('hex'),
    code: message?.code ?? '',
    text: message?.text ?? '',
  };
}

test('answers are 200 with a byte order mark, errors too', async () => {
  for (const body of [
    { authenticateTestRequest: { merchantAuthentication: keys } },
    { nothingRequest: {} },
  ]) {
    const { status, first } = await post(body);
    assert.deepEqual([status, first], [200, 'efbbbf']);
  }
});

test('keys out of the order of the schema, unknown, too long or missing are E00003', async () => {
  const order = { invoiceNumber: 'a'.repeat(20) };
  const good = { transactionType: 'authCaptureTransaction', amount: '1.00', order };
  const cases: [string, object, RegExp][] = [
    [
      'order',
      { amount: '1.00', transactionType: 'authCaptureTransaction' },
      /invalid child element 'amount'/,
    ],
    ['order', { ...good, currencyCode: 'USD' }, /invalid child element 'currencyCode'/],
    ['unknown', { ...good, invoice: 1 }, /invalid child element 'invoice'/],
    ['long', { ...good, order: { invoiceNumber: 'a'.repeat(21) } }, /greater than the MaxLength/],
    ['missing', {}, /incomplete content.*transactionType/],
    ['digits', { ...good, profile: { customerProfileId: 'x' } }, /invalid child|Pattern constraint/],
  ];
  for (const [what, transactionRequest, text] of cases) {
    const answer = await post({
      createTransactionRequest: { merchantAuthentication: keys, transactionRequest },
    });
    assert.equal(answer.code, 'E00003', what);
    assert.match(answer.text, text, what);
  }
  const late = { refId: 'r', merchantAuthentication: keys, transactionRequest: good };
  assert.equal((await post({ createTransactionRequest: late })).code, 'E00003');
  const long = { merchantAuthentication: keys, refId: 'r'.repeat(21), transactionRequest: good };
  assert.equal((await post({ createTransactionRequest: long })).code, 'E00003');
});

test('the schema is looked at before the keys, and the keys before anything else', async () => {
  const wrong = { name, transactionKey: 'x' };
  assert.equal(
    (await post({ getTransactionDetailsRequest: { merchantAuthentication: wrong } })).code,
    'E00003',
  );
  const asked = { merchantAuthentication: wrong, transId: '1' };
  assert.equal((await post({ getTransactionDetailsRequest: asked })).code, 'E00007');
  const publicKey = { name, clientKey: account.clientKey };
  assert.equal(
    (await post({ authenticateTestRequest: { merchantAuthentication: publicKey } })).code,
    'E00007',
  );
});
