import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { question } from '../gateway-lab.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { askSandbox, newSecretKey, sandboxToken } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';

const at = new Date('2026-03-02T15:00:00Z');
const charge = (paymentId: string, token: string, kind: 'one_time' | 'stored') => ({
  paymentId,
  amount: 100n,
  currency: 'USD',
  source: kind === 'stored' ? { kind, token } : { kind, token, store: false },
  description: 'Invoice 1',
  customerId: 'cus_1',
  at,
});

async function startProcess(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: (JSON.parse(line.toString()) as { url: string }).url };
}

test('a gateway killed among its charges keeps what it answered, and charges nothing twice', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  const secretKey = newSecretKey();
  const first = await startProcess(dataDir);
  let child = first.child;
  t.after(async () => {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true });
  });
  const oneTime = await sandboxToken(first.url, secretKey, 'approve');
  let gateway = sandboxGateway({ url: first.url, secretKey });
  const { storedToken = '' } = await must(gateway.methods, 'a vault').store({
    methodId: 'pmt_1',
    token: oneTime,
    customerId: 'cus_1',
    at,
  });
  const unusedToken = await sandboxToken(first.url, secretKey, 'approve');

  const ids = Array.from({ length: 300 }, (_, n) => `pay_${n}`);
  const answered = new Map<string, GatewayOutcome>();
  const queue = [...ids];
  const clerk = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && !child.killed; id = queue.shift()) {
      const outcome = await gateway.charge(charge(id, storedToken, 'stored'));
      if (outcome.outcome === 'approved') answered.set(id, outcome);
      if (answered.size === 40) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 12 }, clerk));
  assert.ok(answered.size >= 40 && answered.size < 100, `killed after ${answered.size} answers`);

  const second = await startProcess(dataDir);
  child = second.child;
  gateway = sandboxGateway({ url: second.url, secretKey });
  for (const [id, outcome] of answered) assert.deepEqual(await gateway.lookup(question(id, at)), outcome);
  for (const id of ids)
    assert.equal((await gateway.charge(charge(id, storedToken, 'stored'))).outcome, 'approved');
  assert.equal((await gateway.charge(charge('pay_token', unusedToken, 'one_time'))).outcome, 'approved');
  const totals = await askSandbox(second.url, secretKey, 'GET /v1/totals');
  assert.equal(totals.charges, 301);
  assert.deepEqual(totals.amount_captured, { USD: 30_100 });
});

test('a line that was cut off by a crash never happened, and the journal goes on after it', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const secretKey = newSecretKey();
  for (const id of ['pay_1', 'pay_2', 'pay_3']) {
    const { url, stop } = await startSandboxGateway({ port: 0, dataDir });
    const gateway = sandboxGateway({ url, secretKey });
    await gateway.charge(charge(id, await sandboxToken(url, secretKey, 'approve'), 'one_time'));
    assert.equal((await askSandbox(url, secretKey, 'GET /v1/totals')).charges, Number(id.slice(4)));
    await stop();
    await appendFile(join(dataDir, 'journal.jsonl'), '{"k":"charge","a":"pk_sandbox_');
  }
});

test('the clock, the removed method and the webhook endpoint come back with the gateway', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const secretKey = newSecretKey();
  const before = await startSandboxGateway({ port: 0, dataDir });
  const gateway = sandboxGateway({ url: before.url, secretKey });
  const oneTime = await sandboxToken(before.url, secretKey, 'settle');
  const { storedToken = '' } = await must(gateway.methods, 'a vault').store({
    methodId: 'pmt_1',
    token: oneTime,
    customerId: 'cus_1',
    at,
  });
  await gateway.charge(charge('pay_1', storedToken, 'stored'));
  await gateway.lookup(question('pay_1', new Date('2026-03-10T15:00:00Z')));
  await gateway.charge({ ...charge('pay_3', storedToken, 'stored'), at: new Date('2026-03-11T15:00:00Z') });
  await must(gateway.methods, 'a vault').remove({ storedToken, at });
  await askSandbox(before.url, secretKey, 'PUT /v1/webhook-endpoint', { url: 'http://127.0.0.1:9/hook' });
  await before.stop();

  const again = await startSandboxGateway({ port: 0, dataDir });
  t.after(() => again.stop());
  const { data } = (await askSandbox(again.url, secretKey, 'GET /v1/charges')) as {
    data: { status: string }[];
  };
  assert.deepEqual(
    data.map((each) => each.status),
    ['settled', 'submitted'],
  );
  const later = await sandboxGateway({ url: again.url, secretKey }).charge(
    charge('pay_2', storedToken, 'stored'),
  );
  assert.ok(later.outcome === 'declined' && later.code === 'method_removed');
  assert.match(await readFile(join(dataDir, 'journal.jsonl'), 'utf8'), /"k":"endpoint"/);
});
