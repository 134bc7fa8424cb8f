import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { question, refusalFrom } from '../gateway-lab.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { newSecretKey } from './sandbox-lab.ts';

/**
 * Whatever may stand where the gateway should be: a proxy, a captive portal, a gateway that changed its mind.
 */
const strangers: Record<string, { status: number; body: string }> = {
  'a proxy that knows no such page': { status: 404, body: '<h1>Not found</h1>' },
  'a JSON 404 that is not about charges': {
    status: 404,
    body: '{"error":{"code":"route_not_found","message":"?"}}',
  },
  'a captive portal': { status: 200, body: '<h1>Welcome to our wifi</h1>' },
  'another API': { status: 200, body: '{"ok":true}' },
  'an empty answer': { status: 200, body: '' },
  'a redirect': { status: 302, body: '' },
  'a refused key': { status: 401, body: '{"error":{"code":"key_invalid","message":"No such key."}}' },
  'a status that was invented later': {
    status: 200,
    body: '{"object":"charge","id":"ch_1","status":"in_review","method":{"kind":"card"}}',
  },
  'a bad gateway': { status: 502, body: '{"error":{"code":"card_declined","message":"Declined."}}' },
};

async function decidesNothingOfMoneyBack(gateway: PaymentGateway, at: Date): Promise<void> {
  const { void: voidCharge, refund, lookup } = must(gateway.refunds, 'refunds');
  const ofPayment = { paymentId: 'pay_1', reference: 'ch_1', at };
  const asked = {
    ...ofPayment,
    refundId: 'ref_1',
    amount: 100n,
    currency: 'USD',
    method: { last4: '4242' },
    requestedAt: at,
  };
  for (const outcome of [await voidCharge(ofPayment), await refund(asked), await lookup(asked)])
    assert.equal(outcome.outcome, 'unknown');
  const { list, sendEvidence } = must(gateway.chargebacks, 'chargebacks');
  const evidence = { text: 'winning', files: [] };
  const refusals = [
    await refusalFrom(list({ since: at, at })),
    await refusalFrom(must(sendEvidence, 'evidence')({ reference: 'dp_1', evidence, at })),
    await refusalFrom(must(gateway.payouts, 'payouts').list({ since: '2026-03-02', at })),
  ];
  assert.deepEqual(
    refusals.map((each) => each.code),
    ['unavailable', 'unavailable', 'unavailable'],
  );
}

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
    const secretKey = newSecretKey();
    const gateway = sandboxGateway({ url, secretKey, timeout_ms: 200 });
    const at = new Date('2026-03-02T15:00:00Z');
    const outcome = await gateway.charge({
      paymentId: 'pay_1',
      amount: 100n,
      currency: 'USD',
      source: { kind: 'stored', token: 'sm_1' },
      description: 'Invoice 1',
      customerId: 'cus_1',
      at,
    });
    assert.equal(outcome.outcome, 'unknown');
    assert.equal((await gateway.lookup(question('pay_1', at))).outcome, 'unknown');
    assert.ok(!JSON.stringify(outcome).includes(secretKey));
    await decidesNothingOfMoneyBack(gateway, at);
  });
}

test('a key that is no sandbox key is refused when the connector is made', () => {
  assert.throws(
    () => sandboxGateway({ url: 'http://127.0.0.1:1', secretKey: 'sk_live_abc' }),
    /sandbox secret key/,
  );
});
