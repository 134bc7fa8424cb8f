import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Evidence, RefundRequest } from '#features/payments/payment-gateway.ts';
import { secondsLater } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';
import { refusalFrom, request } from '../gateway-lab.ts';
import { allOf, find, passTo } from './fake/account.ts';
import { failPayout, makePayout } from './fake/entries.ts';
import { startStripeFake } from './fake/stripe-fake.ts';
import { startReceiver } from './receiver.ts';
import { refundedAt, type StripeLab, stripeLab } from './stripe-lab.ts';

const fake = await startStripeFake();
const receiver = await startReceiver();
after(async () => {
  await fake.stop();
  receiver.stop();
});
const lab = (): Promise<StripeLab> => stripeLab(fake, receiver);
const later = (each: StripeLab, days: number): Date => {
  const at = secondsLater(each.start, days * 86_400);
  passTo(each.account, at);
  return at;
};

async function charged(each: StripeLab, method: string) {
  const { id } = await each.sdk.testHelpers.confirmationTokens.create({ payment_method: method });
  const charge = request(each, id);
  const outcome = await each.gateway.charge(charge);
  assert.ok(outcome.outcome === 'approved' || outcome.outcome === 'submitted', outcome.outcome);
  return { charge, reference: outcome.reference };
}

async function refundOf(each: StripeLab, method: string, days: number): Promise<RefundRequest> {
  const { charge, reference } = await charged(each, method);
  const at = later(each, days);
  const { paymentId, amount, currency } = charge;
  const refundId = newId('refund');
  return { refundId, paymentId, reference, amount, currency, method: { last4: '' }, requestedAt: at, at };
}

test('a refund that waits is submitted until it arrives; one that comes back fails with its reason', async () => {
  const each = await lab();
  const refunds = must(each.gateway.refunds, 'refunds');
  const waiting = await refundOf(each, 'pm_card_pendingRefund', 3);
  const failing = await refundOf(each, 'pm_card_refundFail', 3);
  const debit = await refundOf(each, 'pm_usBankAccount_success', 8);
  assert.equal((await refunds.refund(waiting)).outcome, 'submitted');
  assert.equal((await refunds.refund(failing)).outcome, 'settled', 'Stripe calls it succeeded at first');
  assert.equal((await refunds.refund(debit)).outcome, 'submitted');
  later(each, 20);
  assert.equal((await refunds.lookup(waiting)).outcome, 'settled');
  assert.equal((await refunds.lookup(debit)).outcome, 'settled');
  const failed = await refunds.lookup(failing);
  assert.ok(failed.outcome === 'failed' && failed.code === 'expired_or_canceled_card');
  assert.match(failed.message, /expired/);
});

test('a refund of what is disputed, or was given back, fails with the reason of Stripe', async () => {
  const each = await lab();
  const refunds = must(each.gateway.refunds, 'refunds');
  const twice = await refundOf(each, 'pm_card_visa', 3);
  assert.equal((await refunds.refund(twice)).outcome, 'settled');
  const again = await refunds.refund({ ...twice, refundId: newId('refund') });
  assert.equal(again.outcome === 'failed' && again.code, 'charge_already_refunded');
  const disputed = await refunds.refund(await refundOf(each, 'pm_card_createDispute', 6));
  assert.equal(disputed.outcome === 'failed' && disputed.code, 'charge_disputed');
  assert.equal(refundedAt(each.account).length, 1);
});

test('an inquiry is no chargeback, and a debit that was taken back is none either', async () => {
  const each = await lab();
  await charged(each, 'pm_card_createDisputeInquiry');
  await charged(each, 'pm_usBankAccount_dispute');
  const { charge } = await charged(each, 'pm_card_createDispute');
  const at = later(each, 40);
  assert.equal(allOf(each.account, 'dispute').length, 3);
  const found = await must(each.gateway.chargebacks, 'chargebacks').list({ since: each.start, at });
  assert.deepEqual(
    found.map(({ paymentId, code, reason, state }) => ({ paymentId, code, reason, state })),
    [
      {
        paymentId: charge.paymentId,
        code: '10.4',
        reason: 'The cardholder did not make this payment',
        state: 'lost',
      },
    ],
  );
});

test('evidence goes to Stripe with its papers, each uploaded once however often it is sent', async () => {
  const each = await lab();
  await charged(each, 'pm_card_createDispute');
  const at = later(each, 2);
  const chargebacks = must(each.gateway.chargebacks, 'chargebacks');
  const [dispute] = await chargebacks.list({ since: each.start, at });
  const { reference } = must(dispute, 'a dispute');
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\r\n--boundary\r\n'), Buffer.from([0, 255, 13, 10])]);
  const files = [
    { name: 'signed receipt.pdf', contentType: 'application/pdf', bytes },
    { name: 'mail.png', contentType: 'image/png', bytes: Buffer.from([137, 80, 78, 71]) },
  ];
  const evidence: Evidence = { text: 'The customer signed for it.', files };
  const send = must(chargebacks.sendEvidence, 'evidence');
  for (let n = 0; n < 2; n += 1) await send({ reference, evidence, at });
  const kept = must(find(each.account, 'dispute', reference), 'the dispute');
  assert.equal(kept.evidence_details.submission_count, 1);
  assert.equal(kept.evidence.uncategorized_text, evidence.text);
  const uploaded = allOf(each.account, 'file').reverse();
  assert.deepEqual(
    uploaded.map(({ filename, size, type }) => [filename, size, type]),
    [
      ['signed receipt.pdf', bytes.length, 'pdf'],
      ['mail.png', 4, 'png'],
    ],
  );
  assert.deepEqual(
    [kept.evidence.uncategorized_file, kept.evidence.service_documentation],
    uploaded.map(({ id }) => id),
  );
  const [sent] = await chargebacks.list({ since: each.start, at });
  assert.equal(sent?.state, 'evidence_sent');
});

test('evidence that Stripe cannot take is refused before anything of it leaves', async () => {
  const each = await lab();
  const send = must(each.gateway.chargebacks?.sendEvidence, 'evidence');
  const file = (contentType: string, size = 4) => ({ name: 'paper', contentType, bytes: Buffer.alloc(size) });
  const wrong: Evidence['files'][] = [
    [file('text/html')],
    [file('application/pdf', 5_000_001)],
    Array.from({ length: 5 }, () => file('application/pdf')),
  ];
  for (const files of wrong) {
    const evidence = { text: 'See the paper.', files };
    const refusal = await refusalFrom(send({ reference: 'dp_1', evidence, at: each.start }));
    assert.ok(refusal.message.length > 10);
  }
  assert.equal(each.account.keys.size, 0);
});

test('a payout by hand has no lines that Stripe could tell, and so becomes an exception', async () => {
  const each = await lab();
  makePayout(each.account, { amount: 5_000, currency: 'usd', automatic: false });
  const payouts = must(each.gateway.payouts, 'payouts');
  const [payout] = await payouts.list({ since: '2026-03-02', at: each.start });
  assert.deepEqual([payout?.amount, payout?.lines], [5_000n, []]);
});

test('a payout that the bank sends back after it arrived is told again, as failed', async () => {
  const each = await lab();
  await charged(each, 'pm_card_visa');
  const at = later(each, 8);
  const payouts = must(each.gateway.payouts, 'payouts');
  const [paid] = await payouts.list({ since: '2026-03-02', at });
  assert.equal(paid?.state, 'paid');
  failPayout(each.account, must(paid, 'a payout').reference);
  const [failed] = await payouts.list({ since: '2026-03-10', at });
  assert.deepEqual([failed?.reference, failed?.state], [paid?.reference, 'failed']);
});

test('a failed refund comes back as a line of its own, and the fee of a charge stands with it', async () => {
  const each = await lab();
  const refunds = must(each.gateway.refunds, 'refunds');
  await refunds.refund(await refundOf(each, 'pm_card_refundFail', 0));
  const at = later(each, 12);
  const payouts = await must(each.gateway.payouts, 'payouts').list({ since: '2026-03-02', at });
  for (const { amount, lines, reference } of payouts)
    assert.equal(sum(lines.map((line) => line.net)), amount, `payout ${reference} is the sum of its lines`);
  const lines = payouts.flatMap((payout) => payout.lines);
  const refundLines = lines.filter((line) => line.kind === 'refund').map((line) => line.gross);
  assert.deepEqual(refundLines, [-12_345n, 12_345n]);
  const charge = lines.find((line) => line.kind === 'charge');
  assert.equal(charge?.fee, 388n, '2.9 % and 30 cents');
});

test('while Stripe still sorts out what a payout is made of, it is not told', async () => {
  const each = await lab();
  await charged(each, 'pm_card_visa');
  const at = later(each, 5);
  const payout = must(allOf(each.account, 'payout')[0], 'a payout');
  payout.reconciliation_status = 'in_progress';
  const payouts = must(each.gateway.payouts, 'payouts');
  assert.deepEqual(await payouts.list({ since: '2026-03-02', at }), []);
  payout.reconciliation_status = 'completed';
  assert.equal((await payouts.list({ since: '2026-03-02', at })).length, 1);
});
