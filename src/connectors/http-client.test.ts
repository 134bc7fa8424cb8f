import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type HttpClientOptions, httpClient, redact } from './http-client.ts';

type Turn = (response: ServerResponse, request: IncomingMessage) => void;

/** A vendor that plays its turns in order, then answers 200. */
async function vendor(t: TestContext, turns: Turn[], options: Partial<HttpClientOptions> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`.trim());
    const turn = turns.shift();
    if (turn) turn(response, request);
    else response.end('{"ok":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: httpClient({ url, timeout_ms: 2_000, ...options }), asked };
}

const status =
  (code: number, headers: Record<string, string> = {}): Turn =>
  (response) =>
    response.writeHead(code, headers).end();
const drop: Turn = (response) => response.socket?.destroy();
const hang: Turn = () => {};
const keyed = { method: 'POST', path: '/charges', json: { amount: 1 }, idempotencyKey: 'pay_1' } as const;

test('a keyed effect that the vendor says it did not do is sent again with the same key', async (t) => {
  const { client, asked } = await vendor(t, [status(429, { 'retry-after': '0' }), status(503)]);
  const result = await client.send(keyed);
  assert.ok(result.kind === 'answered' && result.status === 200);
  assert.deepEqual(asked, ['POST pay_1', 'POST pay_1', 'POST pay_1']);
});

test('a status by which this vendor says that it did nothing is tried again, and a form goes as it is', async (t) => {
  const bodies: string[] = [];
  const read: Turn = async (response, request) => {
    for await (const chunk of request as AsyncIterable<Buffer>) bodies.push(chunk.toString());
    response.end('{}');
  };
  const { client, asked } = await vendor(t, [status(409), read], { passing: [409] });
  const { json: _, ...form } = keyed;
  await client.send({ ...form, content: 'amount=1&currency=usd' });
  assert.deepEqual([asked.length, bodies], [2, ['amount=1&currency=usd']]);
  const strict = await vendor(t, [status(409)]);
  await strict.client.send(keyed);
  assert.equal(strict.asked.length, 1);
});

test('an effect without a key is sent once, whatever happens', async (t) => {
  for (const turn of [status(429), status(503), status(500), drop]) {
    const { client, asked } = await vendor(t, [turn]);
    await client.send({ method: 'POST', path: '/charges' });
    assert.equal(asked.length, 1);
  }
});

test('a lost answer, a late answer and a 500 to an effect are told, never tried again', async (t) => {
  const cases: [Turn, string][] = [
    [drop, 'dropped'],
    [hang, 'timeout'],
    [status(500), '500'],
    [status(502), '502'],
    [
      (response) =>
        void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
      'dropped',
    ],
  ];
  for (const [turn, expected] of cases) {
    const { client, asked } = await vendor(t, [turn], { timeout_ms: 150 });
    const result = await client.send(keyed);
    assert.equal(result.kind === 'failed' ? result.failure : String(result.status), expected);
    assert.equal(asked.length, 1, expected);
  }
});

test('a question may be asked again after anything passing', async (t) => {
  const { client, asked } = await vendor(t, [drop, status(500), status(429)]);
  const result = await client.send({ method: 'GET', path: '/charges/1' });
  assert.ok(result.kind === 'answered' && result.status === 200);
  assert.equal(asked.length, 4);
});

test('a question that a vendor takes by POST may be asked again too', async (t) => {
  const { client, asked } = await vendor(t, [drop, status(500)]);
  const result = await client.send({ method: 'POST', path: '/api', json: {}, changesNothing: true });
  assert.ok(result.kind === 'answered' && result.status === 200);
  assert.deepEqual(asked, ['POST', 'POST', 'POST']);
});

test('a vendor that asks for more patience than the deadline has is not waited for', async (t) => {
  const { client, asked } = await vendor(t, [status(429, { 'retry-after': '60' })]);
  const began_ms = performance.now();
  const result = await client.send(keyed);
  assert.ok(result.kind === 'answered' && result.status === 429);
  assert.ok(performance.now() - began_ms < 1_000);
  assert.equal(asked.length, 1);
});

test('no redirect is followed: the key stays with the vendor', async (t) => {
  const { client, asked } = await vendor(t, [status(302, { location: 'http://127.0.0.1:1/' })]);
  const result = await client.send({ method: 'GET', path: '/' });
  assert.ok(result.kind === 'answered' && result.status === 302);
  assert.equal(asked.length, 1);
});

test('an answer that is too large is let go', async (t) => {
  const { client } = await vendor(t, [(response) => response.end('x'.repeat(5_000))], {
    maxBody_bytes: 1_000,
  });
  const result = await client.send({ method: 'GET', path: '/' });
  assert.ok(result.kind === 'failed' && result.failure === 'too_large');
});

test('where nobody listens is told apart from an answer that was lost', async () => {
  const client = httpClient({ url: 'http://127.0.0.1:2', timeout_ms: 120, secrets: ['sk_1'] });
  const result = await client.send({ method: 'POST', path: '/charges?key=sk_1' });
  assert.ok(result.kind === 'failed' && result.failure === 'unreachable');
  assert.ok(!result.reason.includes('sk_1'));
});

test('secrets and numbers are struck from what is passed on', () => {
  assert.equal(redact('key sk_1 and 4242 4242-42424242.', ['sk_1']), 'key [secret] and [number].');
  assert.equal(redact('after 30 days, code 1042'), 'after 30 days, code 1042');
});
