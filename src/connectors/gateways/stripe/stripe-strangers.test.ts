import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { question } from '../gateway-lab.ts';
import { stripeGateway } from './stripe-gateway.ts';

/** Whatever may stand where Stripe should be, or what Stripe may come to say. */
const strangers: Record<string, { status: number; body: string }> = {
  'a proxy that knows no such page': { status: 404, body: '<h1>Not found</h1>' },
  'a JSON 404 of somebody else': { status: 404, body: '{"error":{"code":"route_not_found","message":"?"}}' },
  'a 402 of somebody else': { status: 402, body: '{"error":{"code":"quota","message":"Pay first."}}' },
  'a captive portal': { status: 200, body: '<h1>Welcome to our wifi</h1>' },
  'another API': { status: 200, body: '{"ok":true}' },
  'an empty answer': { status: 200, body: '' },
  'a redirect': { status: 302, body: '' },
  'a refused key': {
    status: 401,
    body: '{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_****"}}',
  },
  'a key in use for longer than we wait': {
    status: 409,
    body: '{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"In use."}}',
  },
  'a status that was invented later': {
    status: 200,
    body: '{"object":"payment_intent","id":"pi_1","status":"in_review","metadata":{},"last_payment_error":null}',
  },
  'a bad gateway': {
    status: 502,
    body: '{"error":{"type":"card_error","code":"card_declined","message":"Declined."}}',
  },
};

for (const [who, { status, body }] of Object.entries(strangers)) {
  test(`${who} decides nothing: the charge is unknown, and so is its lookup`, async (t) => {
    const server = createServer((_, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(body),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const secretKey = 'sk_test_0123456789abcdef';
    const gateway = stripeGateway({
      url,
      secretKey,
      publishableKey: 'pk_test_0123456789',
      webhookSecret: 'whsec_0123456789',
      timeout_ms: 400,
    });
    const at = new Date('2026-03-02T15:00:00Z');
    const outcome = await gateway.charge({
      paymentId: 'pay_1',
      amount: 100n,
      currency: 'USD',
      source: { kind: 'one_time', token: 'ctoken_1', store: false },
      description: 'Invoice 1',
      customerId: 'cus_1',
      at,
    });
    assert.equal(outcome.outcome, 'unknown');
    assert.equal((await gateway.lookup({ ...question('pay_1', at), reference: 'pi_1' })).outcome, 'unknown');
    assert.equal((await gateway.lookup(question('pay_1', at))).outcome, 'unknown');
    assert.ok(!JSON.stringify(outcome).includes(secretKey));
  });
}
