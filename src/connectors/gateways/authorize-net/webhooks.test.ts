import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { idPrefixes, newId } from '#lib/ids.ts';
import type { Delivery } from '../gateway-lab.ts';
import { request } from '../gateway-lab.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { authorizeNetLab } from './authorize-net-lab.ts';
import { carried, madeAt, restoreId } from './references.ts';
import { readNotification } from './webhooks.ts';

const fake = await startAuthorizeNetFake();
after(() => fake.stop());

/**
 * A delivery of 12 December 2023 with its key and its header, as the owner of that sandbox account published
 * them in the vendor's forum (thread 88640). It tells what the help page does not: the key is its text.
 */
const published = {
  key: [
    'A6214F6105625D5ED957CF02E749BB440DBD4E418533D219CAD26AECD104BFFE',
    '7F47DBBE5C81927CCA484AE7722BE82CE57FB5318EDE02122277A2FE90EE68EB',
  ].join(''),
  body: [
    '{"notificationId":"570f7282-687a-42b7-903b-48e487d7694d","eventType":"net.authorize.payment.authcapture.created",',
    '"eventDate":"2023-12-12T12:45:09.3492643Z","webhookId":"a585ea29-a370-495a-bd83-f9be7160f260",',
    '"payload":{"responseCode":1,"avsResponse":"P","authAmount":1.10,',
    '"merchantReferenceId":"2M4zHFzshYBudvgIZ11B","entityName":"transaction","id":"120011377052"}}',
  ].join(''),
  header: [
    'sha512=',
    '8E3D41B0191A9A1E668FB729F350B73C6BBB81D676070FE7CFF001CA2543ABA9',
    '1BD16A4374A0F6FA4542659728C7DAF79D7EC901FEC582FC2DA3263A2D604DCF',
  ].join(''),
};
const receivedAt = new Date('2023-12-12T12:45:15Z');

const read = (body: string, header: string | undefined, now = receivedAt) =>
  readNotification(published.key, Buffer.from(body), { header, now });

test('a delivery that the vendor really signed is believed, in either case of its hex', () => {
  const hint = {
    eventId: '570f7282-687a-42b7-903b-48e487d7694d',
    type: 'net.authorize.payment.authcapture.created',
    paymentIds: [],
    references: ['120011377052'],
    about: ['charge'],
  };
  assert.deepEqual(read(published.body, published.header), hint, 'the reference is not one of ours');
  assert.deepEqual(read(published.body, published.header.toLowerCase()), hint);
  // Parsed and written again, the amount loses its zero and the signature no longer holds.
  assert.equal(read(JSON.stringify(JSON.parse(published.body)), published.header), undefined);
  assert.equal(read(published.body, published.header.replace('8E3D', '8E3E')), undefined);
  assert.equal(read(published.body, `${published.header}00`), undefined);
  assert.equal(
    readNotification('', Buffer.from(published.body), { header: published.header, now: receivedAt }),
    undefined,
  );
});

test("a delivery tried again through a week of the vendor's retries is taken, a much older one is not", () => {
  const after_days = (days: number): Date => new Date(receivedAt.getTime() + days * 86_400_000);
  assert.ok(read(published.body, published.header, after_days(7)));
  assert.equal(read(published.body, published.header, after_days(11)), undefined);
  assert.equal(read(published.body, published.header, after_days(-1)), undefined, 'nor one from the future');
});

test('an id comes back whole from its last twenty characters and a date within half a year', () => {
  for (let n = 0; n < 200; n += 1) {
    const id = newId('payment');
    const made = madeAt('payment', id);
    assert.ok(made && Math.abs(made.getTime() - Date.now()) < 5_000);
    for (const days of [-190, -1, 0, 1, 45, 190]) {
      const near: Date = new Date(made.getTime() + days * 86_400_000);
      assert.equal(restoreId('payment', carried(id), near), id, `${days} days`);
    }
    assert.notEqual(restoreId('payment', carried(id), new Date(made.getTime() + 300 * 86_400_000)), id);
  }
  const soon = new Date();
  for (const text of ['', undefined, 'INV-1042', '2M4zHFzshYBudvgIZ11B', 'x'.repeat(21)])
    assert.equal(restoreId('payment', text, soon), undefined);
  assert.equal(restoreId('refund', carried(newId('refund')), soon)?.slice(0, 4), `${idPrefixes.refund}_`);
});

async function receiver(): Promise<{ url: string; deliveries: Delivery[]; refuse(count: number): void }> {
  const deliveries: Delivery[] = [];
  let refusing = 0;
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    refusing -= 1;
    if (refusing >= 0) return response.writeHead(503).end();
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([key, value]) => [key, value?.toString()]),
    );
    deliveries.push({ raw: Buffer.concat(chunks), headers });
    response.writeHead(200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    deliveries,
    refuse: (count) => {
      refusing = count;
    },
  };
}

test('a charge, a void and a refund are announced, again when refused, twice at times', async () => {
  const { url, deliveries, refuse } = await receiver();
  const lab = authorizeNetLab(fake, 150);
  const { account, gateway } = lab;
  account.webhookUrl = url;
  account.faults.push('duplicateWebhook');
  refuse(2);
  const charge = request(lab, await lab.tokens.approve());
  const made = await gateway.charge(charge);
  assert.ok(made.outcome === 'approved');
  await until(() => deliveries.length === 2);
  await gateway.refunds?.void({ paymentId: charge.paymentId, reference: made.reference, at: lab.start });
  await until(() => deliveries.length === 3);
  const hints = await Promise.all(deliveries.map(({ raw, headers }) => gateway.readWebhook(raw, headers)));
  assert.equal(hints[0]?.eventId, hints[1]?.eventId, 'the same event twice has one name');
  for (const hint of hints) {
    assert.deepEqual(hint?.paymentIds, [charge.paymentId]);
    assert.deepEqual(hint?.references, [made.reference]);
  }
  assert.match(hints[2]?.type ?? '', /void/);
});

async function until(holds: () => boolean): Promise<void> {
  for (let waited_ms = 0; !holds(); waited_ms += 10) {
    if (waited_ms > 5_000) throw new Error('waited five seconds in vain');
    await sleep(10);
  }
}
