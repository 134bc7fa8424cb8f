import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { question } from '../gateway-lab.ts';
import { sandboxGateway } from './sandbox-gateway.ts';
import { askSandbox, newSecretKey, sandboxToken } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import type { Behaviour } from './test-numbers.ts';

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

/** Twelve clerks ask for each id until the gateway is killed, at its fortieth answer. What it answered. */
async function askUntilKilled<T>(
  child: ChildProcess,
  ids: readonly string[],
  ask: (id: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const answered = new Map<string, T>();
  const queue = [...ids];
  const clerk = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && !child.killed; id = queue.shift()) {
      const outcome = await ask(id);
      if (outcome) answered.set(id, outcome);
      if (answered.size === 40) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 12 }, clerk));
  assert.ok(answered.size >= 40 && answered.size < 100, `killed after ${answered.size} answers`);
  return answered;
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
  const answered = await askUntilKilled(child, ids, async (id) => {
    const outcome = await gateway.charge(charge(id, storedToken, 'stored'));
    return outcome.outcome === 'approved' ? outcome : undefined;
  });

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
  assert.ok(later.outcome === 'declined' && later.vendor?.code === 'method_removed');
  assert.match(await readFile(join(dataDir, 'journal.jsonl'), 'utf8'), /"k":"endpoint"/);
});

const later = (days: number): Date => new Date(at.getTime() + days * 86_400_000);

/** Everything the gateway says of the money that went back, and of its payouts. */
async function told(gateway: PaymentGateway, on: Date) {
  const { refunds, chargebacks, payouts } = gateway;
  return {
    charges: [
      await gateway.lookup(question('pay_void', on)),
      await gateway.lookup(question('pay_refund', on)),
    ],
    refund: await must(refunds, 'refunds').lookup({ ...aRefund, at: on }),
    disputes: await must(chargebacks, 'chargebacks').list({ since: at, at: on }),
    payouts: await must(payouts, 'payouts').list({ since: '2026-03-02', at: on }),
  };
}

const aRefund = {
  refundId: 'ref_1',
  paymentId: 'pay_refund',
  reference: 'ch_1',
  amount: 40n,
  currency: 'USD',
  method: { last4: '4242' },
  requestedAt: later(1),
};

test('voids, refunds, disputes and payouts come back with the gateway, to the same words', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const secretKey = newSecretKey();
  const before = await startSandboxGateway({ port: 0, dataDir });
  const gateway = sandboxGateway({ url: before.url, secretKey });
  const refunds = must(gateway.refunds, 'refunds');
  const token = (behaviour: Behaviour) => sandboxToken(before.url, secretKey, behaviour);
  await gateway.charge(charge('pay_void', await token('approve'), 'one_time'));
  await gateway.charge(charge('pay_refund', await token('approve'), 'one_time'));
  for (const id of ['pay_won', 'pay_lost'])
    await gateway.charge(charge(id, await token('disputed'), 'one_time'));
  await refunds.void({ paymentId: 'pay_void', reference: 'ch_1', at });
  await refunds.refund({ ...aRefund, at: later(1) });
  const { list, sendEvidence } = must(gateway.chargebacks, 'chargebacks');
  const won = (await list({ since: at, at: later(3) })).find((each) => each.paymentId === 'pay_won');
  const evidence = { text: 'A winning answer, by Mr. Private', files: [] };
  await must(sendEvidence, 'evidence')({ reference: won?.reference ?? '', evidence, at: later(3) });
  const first = await told(gateway, later(20));
  assert.equal(first.charges[0]?.outcome, 'voided');
  assert.equal(first.refund.outcome, 'settled');
  assert.deepEqual(new Set(first.disputes.map((each) => each.state)), new Set(['won', 'lost']));
  assert.equal(first.payouts.length, 3);
  await before.stop();

  const again = await startSandboxGateway({ port: 0, dataDir });
  t.after(() => again.stop());
  const reopened = sandboxGateway({ url: again.url, secretKey });
  assert.deepEqual(await told(reopened, later(20)), first);
  const { void: voidAgain, refund } = must(reopened.refunds, 'refunds');
  assert.equal((await voidAgain({ paymentId: 'pay_void', reference: 'ch_1', at })).outcome, 'voided');
  assert.equal((await refund({ ...aRefund, at: later(21) })).outcome, 'submitted', 'the same one, as it was');
  assert.deepEqual(await told(reopened, later(20)), first);
  assert.ok(!(await readFile(join(dataDir, 'journal.jsonl'), 'utf8')).includes('Private'));
});

test('a gateway killed among its refunds keeps what it answered, and gives nothing back twice', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  const secretKey = newSecretKey();
  const first = await startProcess(dataDir);
  let child = first.child;
  t.after(async () => {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true });
  });
  let gateway = sandboxGateway({ url: first.url, secretKey });
  const oneTime = await sandboxToken(first.url, secretKey, 'approve');
  await gateway.charge({ ...charge('pay_refund', oneTime, 'one_time'), amount: 10_000n });
  const refundOf = (refundId: string) => ({ ...aRefund, refundId, at: later(1) });
  const ids = Array.from({ length: 200 }, (_, n) => `ref_${n}`);
  const answered = await askUntilKilled(child, ids, async (id) => {
    const outcome = await must(gateway.refunds, 'refunds').refund(refundOf(id));
    return outcome.outcome === 'submitted' ? outcome : undefined;
  });

  const second = await startProcess(dataDir);
  child = second.child;
  gateway = sandboxGateway({ url: second.url, secretKey });
  const { lookup, refund } = must(gateway.refunds, 'refunds');
  for (const [id, outcome] of answered) assert.deepEqual(await lookup(refundOf(id)), outcome);
  for (const id of ids) assert.equal((await refund(refundOf(id))).outcome, 'submitted');
  const totals = await askSandbox(second.url, secretKey, 'GET /v1/totals');
  assert.deepEqual(totals.amount_refunded, { USD: 200 * 40 });
});

test('a journal of version 0.1.0, before there were refunds and payouts, still loads', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'owed-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const fixture = join(import.meta.dirname, 'fixtures', 'journal-of-0.1.0.jsonl');
  await copyFile(fixture, join(dataDir, 'journal.jsonl'));
  const { url, stop } = await startSandboxGateway({ port: 0, dataDir });
  t.after(stop);
  const gateway = sandboxGateway({ url, secretKey: 'sk_sandbox_journal_of_the_first_version' });
  const { refunds, payouts } = {
    refunds: must(gateway.refunds, 'refunds'),
    payouts: must(gateway.payouts, 'p'),
  };
  const on = later(40);
  const states: string[] = [];
  for (const id of ['pay_card', 'pay_stored', 'pay_debit', 'pay_declined', 'pay_hidden'])
    states.push((await gateway.lookup(question(id, on))).outcome);
  assert.deepEqual(states, ['settled', 'settled', 'returned', 'declined', 'settled']);
  const refund = await refunds.refund({ ...aRefund, paymentId: 'pay_card', amount: 1n, at: on });
  assert.equal(refund.outcome, 'submitted');
  const lines = (await payouts.list({ since: '2026-03-01', at: later(50) })).flatMap((each) => each.lines);
  assert.deepEqual(lines.map((line) => [line.paymentId, line.kind, line.gross]).sort(), [
    ['pay_card', 'charge', 10_000n],
    ['pay_card', 'refund', -1n],
    ['pay_debit', 'charge', 20_000n],
    ['pay_debit', 'return', -20_000n],
    ['pay_hidden', 'charge', 700n],
    ['pay_stored', 'charge', 500n],
  ]);
});
