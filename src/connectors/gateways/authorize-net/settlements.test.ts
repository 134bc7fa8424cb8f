import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GatewayPayout } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';
import { request } from '../gateway-lab.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { type AuthorizeNetLab, authorizeNetLab, tokenFor } from './authorize-net-lab.ts';
import type { Behaviour } from './fake-books.ts';

const fake = await startAuthorizeNetFake();
after(() => fake.stop());

const day_ms = 86_400_000;
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function charged(lab: AuthorizeNetLab, behaviour: Behaviour, amount: bigint) {
  const charge = request(lab, tokenFor(lab.account, behaviour), { amount });
  const outcome = await lab.gateway.charge(charge);
  assert.ok('reference' in outcome && outcome.reference);
  return { ...charge, reference: outcome.reference };
}

function pass(lab: AuthorizeNetLab, days: number): Date {
  lab.account.now = new Date(lab.start.getTime() + days * day_ms);
  return lab.account.now;
}

const payoutsOn = async (lab: AuthorizeNetLab, days: number): Promise<GatewayPayout[]> =>
  must(lab.gateway.payouts, 'payouts').list({ since: dayOf(lab.start), at: pass(lab, days) });

const shown = ({ amount, lines }: GatewayPayout) => ({
  amount,
  lines: lines
    .map(({ kind, gross, paymentId }) => ({ kind, gross, paymentId }))
    .sort((a, b) => Number(a.gross - b.gross)),
});

test('cards and eChecks settle in batches of their own, whose lines name our payments and add up', async () => {
  const lab = authorizeNetLab(fake, 150);
  const [one, two] = [await charged(lab, 'approve', 110n), await charged(lab, 'approve', 3_333n)];
  const gone = await charged(lab, 'approve', 500n);
  await lab.gateway.refunds?.void({ paymentId: gone.paymentId, reference: gone.reference, at: lab.start });
  await lab.gateway.charge(request(lab, tokenFor(lab.account, 'decline')));
  const debit = await charged(lab, 'bank', 70_001n);
  const payouts = await payoutsOn(lab, 10);
  assert.deepEqual(payouts.map(shown), [
    {
      amount: 3_443n,
      lines: [
        { kind: 'charge', gross: 110n, paymentId: one.paymentId },
        { kind: 'charge', gross: 3_333n, paymentId: two.paymentId },
      ],
    },
    { amount: 70_001n, lines: [{ kind: 'charge', gross: 70_001n, paymentId: debit.paymentId }] },
  ]);
  for (const payout of payouts) {
    assert.deepEqual([payout.state, payout.currency], ['paid', 'USD']);
    assert.equal(sum(payout.lines.map((line) => line.net)), payout.amount);
    assert.ok(payout.lines.every((line) => line.fee === 0n));
  }
  assert.deepEqual(await payoutsOn(lab, 10), payouts, 'asked again, the same');
});

test('refunds, returns and disputes are lines that go back, and name what they are about', async () => {
  const lab = authorizeNetLab(fake, 150);
  const card = await charged(lab, 'approve', 10_000n);
  const debit = await charged(lab, 'bank_returned_late', 5_000n);
  const disputed = await charged(lab, 'dispute', 700n);
  const at = pass(lab, 3);
  const refundId = newId('refund');
  const { paymentId, reference } = card;
  const refund = { refundId, paymentId, reference, amount: 2_500n, currency: 'USD', requestedAt: at, at };
  const outcome = await lab.gateway.refunds?.refund({ ...refund, method: { last4: '1111' } });
  assert.equal(outcome?.outcome, 'submitted');
  const lines = (await payoutsOn(lab, 70)).flatMap((each) => each.lines);
  const back = lines.filter((line) => line.kind !== 'charge');
  assert.deepEqual(
    back.map(({ kind, gross, paymentReference }) => [kind, gross, paymentReference]),
    [
      ['refund', -2_500n, card.reference],
      ['chargeback', -700n, disputed.reference],
      ['return', -5_000n, debit.reference],
      ['chargeback_reversal', 700n, disputed.reference],
    ],
  );
  assert.equal(back[0]?.refundId, refundId);
  assert.equal(back[2]?.paymentId, debit.paymentId);

  const chargebacks = await must(lab.gateway.chargebacks, 'chargebacks').list({
    since: lab.start,
    at: pass(lab, 70),
  });
  assert.deepEqual(
    chargebacks.map(({ reference: dispute, state, amount, paymentId: of }) => [dispute, state, amount, of]),
    [
      [disputed.reference, 'opened', 700n, disputed.paymentId],
      [disputed.reference, 'won', 700n, disputed.paymentId],
    ],
  );
});

test('a row missing from a batch makes the payout differ from its lines', async () => {
  const lab = authorizeNetLab(fake, 150);
  await charged(lab, 'approve', 110n);
  await charged(lab, 'approve', 220n);
  const row = must(lab.account.rows[0], 'a row');
  Object.defineProperty(row, 'transId', { get: () => must(lab.account.rows[1], 'a row').transId });
  const [payout] = await payoutsOn(lab, 3);
  assert.equal(payout?.amount, 330n);
  assert.equal(payout?.lines.length, 1);
});

test('an account of several currencies is not guessed at', async () => {
  const lab = authorizeNetLab(fake, 150);
  await charged(lab, 'approve', 110n);
  lab.account.currencies.push('CAD');
  await assert.rejects(payoutsOn(lab, 3), /several currencies/);
});
