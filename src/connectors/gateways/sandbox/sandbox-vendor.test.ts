import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { publishableKeyOf } from './keys.ts';
import { newSecretKey, sandboxToken } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import { sandboxVendor } from './sandbox-vendor.ts';

const vendorAt = (url: string) => sandboxVendor({ url, publicUrl: url });

test('an account that works is found to, and its gateway charges', async (t) => {
  const sandbox = await startSandboxGateway({ port: 0 });
  t.after(() => sandbox.stop());
  const vendor = vendorAt(sandbox.url);
  const secretKey = newSecretKey();
  const checked = await vendor.check({ secretKey });
  assert.ok(checked.ok && checked.mode === 'test');
  assert.equal(vendor.publishableKey({ secretKey }), publishableKeyOf(secretKey));
  const outcome = await vendor.make({ secretKey }).charge({
    paymentId: 'pay_1',
    amount: 100n,
    currency: 'USD',
    source: { kind: 'one_time', token: await sandboxToken(sandbox.url, secretKey, 'approve'), store: false },
    description: 'Invoice 1',
    customerId: 'cus_1',
    at: new Date('2026-03-02T15:00:00Z'),
  });
  assert.equal(outcome.outcome, 'approved');
});

test('what is wrong with an account is said in words, without its key', async (t) => {
  const known = newSecretKey();
  const isKnown = async (key: string) => key === publishableKeyOf(known);
  const sandbox = await startSandboxGateway({ port: 0, isKnown });
  const other = createServer((_, response) => response.writeHead(200).end('{"ok":true}'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(async () => {
    other.close();
    await sandbox.stop();
  });
  const otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const stranger = newSecretKey();
  const cases: [string, string, RegExp][] = [
    [sandbox.url, 'sk_live_abc', /sk_sandbox_/],
    [sandbox.url, stranger, /no account/],
    ['http://127.0.0.1:2', known, /cannot be reached/],
    [otherUrl, known, /did not answer as it should/],
  ];
  for (const [url, secretKey, says] of cases) {
    const checked = await vendorAt(url).check({ secretKey });
    assert.ok(!checked.ok && says.test(checked.message), String(says));
    assert.ok(!checked.message.includes(secretKey));
  }
  assert.ok((await vendorAt(sandbox.url).check({ secretKey: known })).ok);
});
