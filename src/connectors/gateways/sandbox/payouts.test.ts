import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { must } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';
import { charged, type GatewayLab, passDays, refundOf } from '../gateway-lab.ts';
import { feeOf } from './payout-lines.ts';
import { askSandbox, sandboxLab, sandboxToken, startReceiver } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import type { Behaviour } from './test-numbers.ts';

const sandbox = await startSandboxGateway({ port: 0 });
const receiver = await startReceiver();
after(async () => {
  await sandbox.stop();
  receiver.stop();
});

const newLab = (): Promise<GatewayLab> => sandboxLab(sandbox.url, receiver, 150);
const keyOf = (lab: GatewayLab): string => must(lab.neverShown[0], 'the secret key');
const tokenOf = (lab: GatewayLab, behaviour: Behaviour): Promise<string> =>
  sandboxToken(sandbox.url, keyOf(lab), behaviour);

async function payoutsOn(lab: GatewayLab, days: number, since = '2026-03-02') {
  const at = await passDays(lab, days);
  return must(lab.gateway.payouts, 'payouts').list({ since, at });
}

test('a card costs 2.9 % and 30, a bank debit 0.8 % and 5.00 at most, rounded once', () => {
  const fees: [bigint, bigint, bigint][] = [
    [1n, 30n, 0n],
    [63n, 32n, 1n],
    [12_345n, 388n, 99n],
    [62_499n, 1_842n, 500n],
    [100_000n, 2_930n, 500n],
    [9_000_000_000_000n, 261_000_000_030n, 500n],
  ];
  for (const [amount, card, bank] of fees)
    assert.deepEqual([feeOf('card', amount), feeOf('bank_account', amount)], [card, bank], String(amount));
});

test('cards and bank debits are paid out apart, each on its days', async () => {
  const lab = await newLab();
  await charged(lab, await tokenOf(lab, 'approve'), { amount: 10_000n });
  await charged(lab, await tokenOf(lab, 'settle'), { amount: 20_000n });
  const brief = async (days: number) =>
    (await payoutsOn(lab, days)).map((each) => [
      each.initiatedOn,
      each.arrivesOn,
      each.state,
      each.amount,
      each.lines.map((line) => line.on),
    ]);
  const card = ['2026-03-04', '2026-03-05'];
  const bank = ['2026-03-07', '2026-03-09'];
  assert.deepEqual(await brief(1.8), []);
  assert.deepEqual(await brief(2), [[...card, 'in_transit', 9_680n, ['2026-03-03']]]);
  assert.deepEqual(await brief(5), [
    [...card, 'paid', 9_680n, ['2026-03-03']],
    [...bank, 'in_transit', 19_840n, ['2026-03-06']],
  ]);
  const changed = await payoutsOn(lab, 7, '2026-03-08');
  assert.deepEqual(
    changed.map((each) => [each.initiatedOn, each.state]),
    [['2026-03-07', 'paid']],
    'made before the day, but paid on it or after',
  );
});

test('a refund that fails comes back to the balance, and both lines carry our refund id', async () => {
  const lab = await newLab();
  const made = await charged(lab, await tokenOf(lab, 'refund_fails'), { amount: 10_000n });
  const request = refundOf(lab, made, { at: await passDays(lab, 3), amount: 4_000n });
  await must(lab.gateway.refunds, 'refunds').refund(request);
  const lines = (await payoutsOn(lab, 10)).flatMap((each) => each.lines);
  assert.deepEqual(
    lines.map(({ kind, gross, fee, refundId, paymentId }) => [kind, gross, fee, refundId, paymentId]),
    [
      ['charge', 10_000n, 320n, undefined, made.charge.paymentId],
      ['refund', -4_000n, 0n, request.refundId, made.charge.paymentId],
      ['adjustment', 4_000n, 0n, request.refundId, made.charge.paymentId],
    ],
  );
  const amounts = (await payoutsOn(lab, 10)).map((each) => each.amount);
  assert.deepEqual(amounts, [9_680n, -4_000n, 4_000n], 'less than nothing is drawn from the bank');
});

test('the payout of the short card is 1.00 less than its lines, each time it is asked for', async () => {
  const lab = await newLab();
  await charged(lab, await tokenOf(lab, 'approve'));
  await charged(lab, await tokenOf(lab, 'payout_short'));
  const [payout, ...others] = await payoutsOn(lab, 4);
  const { amount, lines } = must(payout, 'a payout');
  assert.deepEqual(others, []);
  assert.equal(sum(lines.map((line) => line.net)) - amount, 100n);
  assert.ok(lines.every((line) => line.gross - line.fee === line.net));
  assert.deepEqual(await payoutsOn(lab, 4), [payout]);
});

test('a list of payouts can be asked to be wrong once', async () => {
  const lab = await newLab();
  await charged(lab, await tokenOf(lab, 'approve'));
  await askSandbox(sandbox.url, keyOf(lab), 'POST /v1/faults', { faults: [{ fault: 'payout_sum_wrong' }] });
  const [wrong] = await payoutsOn(lab, 4);
  const [right] = await payoutsOn(lab, 4);
  const total = sum(must(right, 'a payout').lines.map((line) => line.net));
  assert.deepEqual([wrong?.amount, right?.amount], [total + 1n, total]);
});

test('pages of payouts and of their lines follow each other without a gap', async () => {
  const lab = await newLab();
  for (let n = 0; n < 3; n += 1) {
    const at = await passDays(lab, n);
    for (let m = 0; m < 3; m += 1) await charged(lab, await tokenOf(lab, 'approve'), { at });
  }
  await payoutsOn(lab, 9);
  type Page = { data: { id: string }[]; has_more: boolean };
  const walk = async (path: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let more = true; more; ) {
      const after = ids.length > 0 ? `&starting_after=${ids.at(-1)}` : '';
      const page = (await askSandbox(
        sandbox.url,
        keyOf(lab),
        `GET ${path}?limit=2${after}` as 'GET /',
      )) as Page;
      ids.push(...page.data.map((each) => each.id));
      more = page.has_more;
    }
    return ids;
  };
  const payouts = await walk('/v1/payouts');
  assert.equal(new Set(payouts).size, 3);
  for (const id of payouts) assert.equal(new Set(await walk(`/v1/payouts/${id}/lines`)).size, 3);
});
