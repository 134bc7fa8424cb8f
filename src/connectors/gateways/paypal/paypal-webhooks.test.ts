import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { type Delivery, passDays, refundOf, request } from '../gateway-lab.ts';
import { chainHolds } from './certificates.ts';
import { certificateChain, fakeRoot, type Signer, signedHeaders } from './fake/sign-webhook.ts';
import { paypalLab } from './paypal-lab.ts';

async function until(holds: () => boolean): Promise<void> {
  for (let waited_ms = 0; !holds(); waited_ms += 10) {
    if (waited_ms > 5_000) throw new Error('waited five seconds in vain');
    await sleep(10);
  }
}

async function listening(t: TestContext, refuseFirst = 0) {
  const got: Delivery[] = [];
  let refused = 0;
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    refused += 1;
    if (refused <= refuseFirst) return response.writeHead(503).end();
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([key, value]) => [key, `${value}`]),
    );
    got.push({ raw: Buffer.concat(chunks), headers });
    return response.writeHead(200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const lab = await paypalLab({ endpoint });
  t.after(async () => {
    await lab.close();
    server.closeAllConnections();
    server.close();
  });
  const hints = () => Promise.all(got.map(({ raw, headers }) => lab.gateway.readWebhook(raw, headers)));
  return { lab, got, hints };
}

test('approval, capture, refund and dispute each send a webhook that names what to look up', async (t) => {
  const { lab, got, hints } = await listening(t);
  const charge = request(lab, await lab.approvedBy('disputes'));
  const outcome = await lab.gateway.charge(charge);
  assert.ok(outcome.outcome === 'settled');
  const made = { charge, reference: outcome.reference, method: outcome.method };
  await must(lab.gateway.refunds, 'refunds').refund(refundOf(lab, made, { amount: 100n }));
  await passDays(lab, 5);
  await until(() => got.length >= 4);
  const kept = await hints();
  assert.ok(
    kept.every((hint) => hint !== undefined),
    'every signature holds',
  );
  const told = kept.map(({ eventId: _, ...hint }) => hint);
  const { paymentId } = charge;
  const references = [outcome.reference];
  assert.deepEqual(
    told.sort((a, b) => (a.type < b.type ? -1 : 1)),
    [
      { type: 'CHECKOUT.ORDER.APPROVED', paymentIds: [], references: [], about: ['charge'] },
      { type: 'CUSTOMER.DISPUTE.CREATED', paymentIds: [paymentId], references, about: ['chargeback'] },
      { type: 'PAYMENT.CAPTURE.COMPLETED', paymentIds: [paymentId], references, about: ['charge'] },
      { type: 'PAYMENT.CAPTURE.REFUNDED', paymentIds: [], references, about: ['refund'] },
    ],
  );
});

test('a webhook that is refused comes again; one may come twice with the same id, and late', async (t) => {
  const { lab, got, hints } = await listening(t, 1);
  const token = await lab.approvedBy('balance');
  await until(() => got.length === 1);
  lab.fake.fault('duplicate_webhook');
  await lab.gateway.charge(request(lab, token));
  await until(() => got.length === 3);
  const ids = (await hints()).map((hint) => hint?.eventId);
  assert.equal(new Set(ids).size, 2);
  lab.fake.fault('late_webhook');
  const next = await lab.approvedBy('echeck');
  await lab.gateway.charge(request(lab, next));
  await until(() => got.length === 5);
  const types = (await hints()).slice(3).map((hint) => hint?.type);
  assert.deepEqual(types, ['PAYMENT.CAPTURE.PENDING', 'CHECKOUT.ORDER.APPROVED']);
});

test('only PayPal’s own certificate, valid today and from PayPal’s own host, signs a webhook', async (t) => {
  const { lab } = await listening(t);
  const { raw, headers } = lab.signedWebhook('pay_1', systemNow());
  const holds = async (change: Record<string, string>): Promise<boolean> =>
    (await lab.gateway.readWebhook(raw, { ...headers, ...change })) !== undefined;
  const signedBy = (signer: Signer) =>
    holds(
      signedHeaders(raw, {
        url: lab.fake.url,
        webhookId: lab.fake.app.webhookId,
        sentAt: systemNow(),
        signer,
      }),
    );
  assert.equal(await signedBy('signer'), true);
  assert.equal(await signedBy('stranger'), false, 'a certificate of another name');
  assert.equal(await signedBy('expired'), false, 'a certificate out of date');
  assert.equal(await signedBy('selfmade'), false, 'a certificate that nobody issued');

  const other = await paypalLab();
  t.after(() => other.close());
  const certificate = '/v1/notifications/certs/CERT-signer';
  for (const url of [
    `${other.fake.url}${certificate}`,
    `https://api.paypal.com.example.com${certificate}`,
    `http://user@${new URL(lab.fake.url).host}${certificate}`,
    `${lab.fake.url}/v1/notifications/certs/../certs/CERT-none`,
    `${lab.fake.url}/elsewhere`,
    'not a url',
  ])
    assert.equal(await holds({ 'paypal-cert-url': url }), false, url);
  assert.equal(await holds({ 'paypal-auth-algo': 'SHA1withRSA' }), false);
  assert.equal(await holds({ 'paypal-transmission-id': 'another' }), false);
  const foreign = signedHeaders(raw, { url: lab.fake.url, webhookId: 'OF-ANOTHER-APP', sentAt: systemNow() });
  assert.equal(await holds(foreign), false, 'a webhook of another app');
  assert.equal(await holds({}), true);
});

test('a certificate is fetched once', async (t) => {
  const { lab } = await listening(t);
  for (let n = 0; n < 3; n += 1) {
    const { raw, headers } = lab.signedWebhook(`pay_${n}`, systemNow());
    assert.ok(await lab.gateway.readWebhook(raw, headers));
  }
  const fetched = lab.fake.exchanges.filter((each) => each.path.startsWith('/v1/notifications/certs/'));
  assert.equal(fetched.length, 1);
});

test('a chain that is served without its issuer holds by TLS alone; a broken or self-made one never', () => {
  const read = (name: string): X509Certificate[] =>
    must(certificateChain(name), name)
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .filter((each) => each.includes('BEGIN'))
      .map((each) => new X509Certificate(each));
  const now = systemNow();
  const [leaf, issuer] = read('CERT-signer');
  const [selfmade] = read('CERT-selfmade');
  assert.ok(leaf && issuer && selfmade);
  const holds = (chain: X509Certificate[], roots: string[], overTls: boolean): boolean =>
    chainHolds(chain, { roots, overTls, now });
  assert.equal(holds([leaf, issuer], [fakeRoot()], false), true);
  assert.equal(holds([leaf], [fakeRoot()], false), false, 'a link is missing, and nobody vouches for it');
  assert.equal(holds([leaf], [fakeRoot()], true), true);
  assert.equal(holds([leaf, selfmade], [fakeRoot()], true), false, 'not issued by the next');
  assert.equal(holds([selfmade], [fakeRoot()], true), false);
  assert.equal(holds([], [fakeRoot()], true), false);
});
