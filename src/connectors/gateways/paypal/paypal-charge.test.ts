import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { currencyDigits } from '#lib/money.ts';
import { bookedOnce, lookupOn, question, request } from '../gateway-lab.ts';
import { newPaypalMemory, paypalGateway } from './paypal-gateway.ts';
import { type PaypalLab, paypalLab } from './paypal-lab.ts';

async function lab(t: TestContext): Promise<PaypalLab> {
  const made = await paypalLab();
  t.after(() => made.close());
  return made;
}

test('a payment from the bank is submitted until it clears, and is then settled', async (t) => {
  const paypal = await lab(t);
  const charge = request(paypal, await paypal.approvedBy('echeck'));
  const first = await paypal.gateway.charge(charge);
  assert.ok(first.outcome === 'submitted' && first.method.brand === 'paypal');
  assert.equal((await lookupOn(paypal, charge.paymentId, 3.9)).outcome, 'submitted');
  const settled = await lookupOn(paypal, charge.paymentId, 4);
  assert.ok(settled.outcome === 'settled' && settled.reference === first.reference);
  await bookedOnce(paypal, charge);
});

test('a payment from the bank that bounces ends as declined, and nothing was taken', async (t) => {
  const paypal = await lab(t);
  const charge = request(paypal, await paypal.approvedBy('echeck_bounces'));
  assert.equal((await paypal.gateway.charge(charge)).outcome, 'submitted');
  assert.equal((await lookupOn(paypal, charge.paymentId, 5)).outcome, 'declined');
  assert.deepEqual(await paypal.captured(), []);
});

test('a payment that PayPal looks at is submitted for that day', async (t) => {
  const paypal = await lab(t);
  const charge = request(paypal, await paypal.approvedBy('under_review'));
  assert.equal((await paypal.gateway.charge(charge)).outcome, 'submitted');
  assert.equal((await lookupOn(paypal, charge.paymentId, 1)).outcome, 'settled');
});

test('Venmo is told from PayPal; Pay Later is PayPal until its reports say more', async (t) => {
  const paypal = await lab(t);
  const brands: Record<string, string> = {};
  for (const buyer of ['balance', 'venmo', 'pay_later'] as const) {
    const outcome = await paypal.gateway.charge(request(paypal, await paypal.approvedBy(buyer)));
    assert.ok(outcome.outcome === 'settled');
    brands[buyer] = outcome.method.brand;
  }
  assert.deepEqual(brands, { balance: 'paypal', venmo: 'venmo', pay_later: 'paypal' });
});

test('a bank that declines, and an account that cannot pay, are declines with advice to the payer', async (t) => {
  const paypal = await lab(t);
  for (const [buyer, code, theirs] of [
    ['instrument_declined', 'do_not_honor', 'INSTRUMENT_DECLINED'],
    ['cannot_pay', 'payer_account', 'PAYER_CANNOT_PAY'],
  ] as const) {
    const charge = request(paypal, await paypal.approvedBy(buyer));
    const outcome = await paypal.gateway.charge(charge);
    assert.ok(outcome.outcome === 'declined' && /another way/.test(outcome.message));
    assert.deepEqual([outcome.code, outcome.vendor?.code], [code, theirs]);
    assert.equal((await paypal.gateway.lookup(question(charge.paymentId, paypal.start))).outcome, 'absent');
  }
});

test('two payments that race for one order: one owns the capture, the other is declined', async (t) => {
  const paypal = await lab(t);
  for (let round = 0; round < 10; round += 1) {
    const token = await paypal.approvedBy('balance');
    const pair = [request(paypal, token), request(paypal, token)];
    const told = await Promise.all(pair.map((each) => paypal.gateway.charge(each)));
    const asked = await Promise.all(
      pair.map((each) => paypal.gateway.lookup(question(each.paymentId, paypal.start))),
    );
    for (const outcomes of [told, asked]) {
      assert.deepEqual(outcomes.map((each) => each.outcome).sort(), ['declined', 'settled']);
    }
    assert.deepEqual(told, asked);
  }
  assert.equal((await paypal.captured()).length, 10);
});

test('an order whose payer was declined can be paid by the next payment, under its own id', async (t) => {
  const paypal = await lab(t);
  const token = await paypal.approvedBy('instrument_declined');
  assert.equal((await paypal.gateway.charge(request(paypal, token))).outcome, 'declined');
  paypal.fake.approve(token, 'venmo');
  const second = request(paypal, token);
  assert.equal((await paypal.gateway.charge(second)).outcome, 'settled');
  await bookedOnce(paypal, second);
});

test('a capture whose answer was lost is found days later, when PayPal has forgotten the request id', async (t) => {
  const paypal = await lab(t);
  const charge = request(paypal, await paypal.approvedBy('balance'));
  paypal.fake.fault('drop_after_commit');
  assert.equal((await paypal.gateway.charge(charge)).outcome, 'unknown');
  assert.equal((await lookupOn(paypal, charge.paymentId, 5)).outcome, 'settled');
  assert.equal((await paypal.gateway.charge(charge)).outcome, 'settled', 'sent again, it is still one');
  await bookedOnce(paypal, charge);
});

test('an order that expired before it was captured is absent, then declined', async (t) => {
  const paypal = await lab(t);
  const charge = request(paypal, await paypal.approvedBy('balance'));
  assert.equal((await lookupOn(paypal, charge.paymentId, 1)).outcome, 'absent');
  const outcome = await paypal.gateway.charge(charge);
  assert.ok(outcome.outcome === 'declined' && outcome.vendor?.code === 'order_expired');
});

test('a payment is looked up by PayPal’s reference alone, and by nothing it stays unknown', async (t) => {
  const paypal = await lab(t);
  const outcome = await paypal.gateway.charge(request(paypal, await paypal.approvedBy('venmo')));
  assert.ok(outcome.outcome === 'settled');
  const [capture] = paypal.fake.books.captures.values();
  const paymentId = capture?.customId ?? '';
  const at = { requestedAt: paypal.start, at: paypal.start };
  assert.deepEqual(await paypal.gateway.lookup({ paymentId, reference: outcome.reference, ...at }), outcome);
  assert.equal((await paypal.gateway.lookup({ paymentId, ...at })).outcome, 'unknown');
  const strange = { paymentId, reference: '8WK75382LT1234567', ...at };
  assert.equal((await paypal.gateway.lookup(strange)).outcome, 'unknown', 'a named capture is never absent');
});

test('a stored method, and consent to a card, are declined before PayPal is asked', async (t) => {
  const paypal = await lab(t);
  const stored = request(paypal, '', { source: { kind: 'stored', token: 'x' } });
  assert.equal((await paypal.gateway.charge(stored)).outcome, 'declined');
  const card = request(paypal, await paypal.approvedBy('balance'), { kind: 'card' });
  const outcome = await paypal.gateway.charge(card);
  assert.ok(outcome.outcome === 'declined' && outcome.code === 'wrong_method');
  assert.deepEqual(await paypal.captured(), []);
});

test('forint are charged in whole units, and refused otherwise before anything is made', async (t) => {
  const paypal = await lab(t);
  // However many decimals the runtime gives the forint.
  const of = { amount: 4_500n * 10n ** BigInt(currencyDigits('HUF')), currency: 'HUF' };
  const charge = request(paypal, await paypal.approvedBy('balance', of), of);
  assert.equal((await paypal.gateway.charge(charge)).outcome, 'settled');
  await bookedOnce(paypal, charge);
  await assert.rejects(paypal.approvedBy('balance', { amount: 450_050n, currency: 'TWD' }), /whole units/);
  await assert.rejects(paypal.approvedBy('balance', { amount: 100n, currency: 'INR' }), /PayPal refused/);
});

test('many calls at once ask for one access token; one that ended is renewed once', async (t) => {
  const paypal = await lab(t);
  const lookups = Array.from({ length: 12 }, () =>
    paypal.gateway.lookup({
      paymentId: newId('payment'),
      source: { kind: 'one_time', token: '5O190127TN364715T', store: false },
      requestedAt: paypal.start,
      at: paypal.start,
    }),
  );
  const outcomes = await Promise.all(lookups);
  assert.ok(outcomes.every((each) => each.outcome === 'absent'));
  assert.equal(paypal.fake.tokens.made, 1);
  paypal.fake.tokens.issued.clear();
  await Promise.all([paypal.approvedBy('balance'), paypal.approvedBy('balance')]);
  assert.equal(paypal.fake.tokens.made, 2);
});

const unit = { amount: { currency_code: 'USD', value: '1.00' } };
const strangers: Record<string, { status: number; body: string }> = {
  'a proxy that knows no such page': { status: 404, body: '<h1>Not found</h1>' },
  'a JSON 404 that is not PayPal’s': { status: 404, body: '{"name":"NO_ROUTE","message":"?"}' },
  'a captive portal': { status: 200, body: '<h1>Welcome to our wifi</h1>' },
  'another API': { status: 200, body: '{"ok":true}' },
  'a redirect': { status: 302, body: '' },
  'a refused token': { status: 401, body: '{"error":"invalid_token"}' },
  'a bad gateway': {
    status: 502,
    body: '{"name":"UNPROCESSABLE_ENTITY","details":[{"issue":"PAYER_CANNOT_PAY"}]}',
  },
  'an order of two units': {
    status: 200,
    body: JSON.stringify({ id: '1', status: 'APPROVED', purchase_units: [unit, unit] }),
  },
};

for (const [who, { status, body }] of Object.entries(strangers)) {
  test(`${who} decides nothing: the charge is unknown, and so is its lookup`, async (t) => {
    const server = createServer((asked, response) => {
      const token = '{"access_token":"A21AAtoken","expires_in":32400,"scope":"","app_id":"APP-1"}';
      if (asked.url === '/v1/oauth2/token') return response.writeHead(200).end(token);
      return response.writeHead(status, { location: '/elsewhere' }).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const keys = { clientId: 'id', clientSecret: 'a-secret-of-ours', webhookId: 'w' };
    const options = { url, certificateOrigin: url, ...keys, timeout_ms: 200 };
    const gateway = paypalGateway(options, newPaypalMemory());
    const at = new Date('2026-03-02T15:00:00Z');
    const source = { kind: 'one_time', token: '5O190127TN364715T', store: false } as const;
    const wanted = { amount: 100n, currency: 'USD', description: 'Invoice 1', customerId: 'cus_1' };
    const outcome = await gateway.charge({ paymentId: 'pay_1', source, at, ...wanted });
    assert.equal(outcome.outcome, 'unknown');
    const later = await gateway.lookup({ paymentId: 'pay_1', source, requestedAt: at, at });
    assert.equal(later.outcome, 'unknown');
    assert.ok(!JSON.stringify([outcome, later]).includes('a-secret-of-ours'));
  });
}
