import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GatewayHint, RefundRequest } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import {
  charged,
  type GatewayLab,
  lookupOn,
  passDays,
  refundOf,
  refusalFrom,
  settledCharge,
} from '../gateway-lab.ts';
import { sandboxLab, sandboxToken, startReceiver } from './sandbox-lab.ts';
import { startSandboxGateway } from './sandbox-server.ts';
import type { Behaviour } from './test-numbers.ts';

const sandbox = await startSandboxGateway({ port: 0, slowAnswer_ms: 500, webhookBackoff_ms: 20 });
const receiver = await startReceiver();
after(async () => {
  await sandbox.stop();
  receiver.stop();
});

type Lab = GatewayLab & { token(behaviour: Behaviour): Promise<string> };

async function newLab(): Promise<Lab> {
  const lab = await sandboxLab(sandbox.url, receiver, 150);
  const secretKey = must(lab.neverShown[0], 'the secret key');
  return { ...lab, token: (behaviour) => sandboxToken(sandbox.url, secretKey, behaviour) };
}

const refund = (lab: Lab, request: RefundRequest) => must(lab.gateway.refunds, 'refunds').refund(request);

async function disputeOn(lab: Lab, days: number) {
  const at = await passDays(lab, days);
  const found = await must(lab.gateway.chargebacks, 'chargebacks').list({ since: lab.start, at });
  return found[0];
}

test('a bank debit is voided until it leaves, and given back once it has settled', async () => {
  const lab = await newLab();
  const { void: voidCharge } = must(lab.gateway.refunds, 'refunds');
  const early = await charged(lab, await lab.token('settle'));
  const ofEarly = { paymentId: early.charge.paymentId, reference: early.reference };
  assert.equal((await voidCharge({ ...ofEarly, at: lab.start })).outcome, 'voided');
  assert.equal((await lookupOn(lab, early.charge.paymentId, 5)).outcome, 'voided');

  const late = await charged(lab, await lab.token('settle'), { at: await passDays(lab, 5) });
  const ofLate = { paymentId: late.charge.paymentId, reference: late.reference };
  const tooLate = await voidCharge({ ...ofLate, at: await passDays(lab, 6) });
  assert.equal(tooLate.outcome === 'refused' && tooLate.code, 'not_voidable');
  const tooEarly = await refund(lab, refundOf(lab, late, { at: await passDays(lab, 8) }));
  assert.equal(tooEarly.outcome === 'failed' && tooEarly.code, 'too_early');
  const done = await refund(lab, refundOf(lab, late, { at: await passDays(lab, 9) }));
  assert.equal(done.outcome, 'submitted');
});

test('a returned debit, a declined and a voided charge have nothing to give back', async () => {
  const lab = await newLab();
  const returned = await charged(lab, await lab.token('return_r01'));
  assert.equal((await lookupOn(lab, returned.charge.paymentId, 3)).outcome, 'returned');
  const outcome = await refund(lab, refundOf(lab, returned));
  assert.equal(outcome.outcome === 'failed' && outcome.code, 'not_refundable');
});

test('a refund in another currency than its charge fails', async () => {
  const lab = await newLab();
  const made = await settledCharge(lab);
  const outcome = await refund(lab, refundOf(lab, made, { currency: 'EUR' }));
  assert.equal(outcome.outcome === 'failed' && outcome.code, 'currency_invalid');
});

test('what a failed refund did not give back can be given back again', async () => {
  const lab = await newLab();
  const made = await settledCharge(lab, {}, await lab.token('refund_fails'));
  assert.equal((await refund(lab, refundOf(lab, made))).outcome, 'submitted');
  const meanwhile = await refund(lab, refundOf(lab, made));
  assert.equal(meanwhile.outcome === 'failed' && meanwhile.code, 'amount_too_large');
  const later = { at: await passDays(lab, 6) };
  assert.equal((await refund(lab, refundOf(lab, made, later))).outcome, 'submitted');
});

test('money goes back by refund or by dispute, not by both', async () => {
  const lab = await newLab();
  const [all, part, none] = await Promise.all(
    [0, 1, 2].map(async () => charged(lab, await lab.token('disputed'))),
  );
  // Settled on the morning after; disputed the morning after that.
  const at = await passDays(lab, 1);
  await refund(lab, refundOf(lab, must(all, 'a charge'), { at }));
  await refund(lab, refundOf(lab, must(part, 'a charge'), { at, amount: 345n }));
  const later = await passDays(lab, 5);
  const { list } = must(lab.gateway.chargebacks, 'chargebacks');
  const amounts = (await list({ since: lab.start, at: later })).map((each) => [each.paymentId, each.amount]);
  assert.deepEqual(
    new Map(amounts as [string, bigint][]),
    new Map([
      [must(part, 'a charge').charge.paymentId, 12_000n],
      [must(none, 'a charge').charge.paymentId, 12_345n],
    ]),
  );
  const refused = await refund(lab, refundOf(lab, must(none, 'a charge'), { at: later, amount: 1n }));
  assert.equal(refused.outcome === 'failed' && refused.code, 'disputed');
});

test('a dispute waits ten days for its answer, and the bank five for its decision', async () => {
  const lab = await newLab();
  const send = must(lab.gateway.chargebacks?.sendEvidence, 'evidence');
  await charged(lab, await lab.token('disputed'));
  assert.equal(await disputeOn(lab, 1.6), undefined);
  const dispute = must(await disputeOn(lab, 2), 'a dispute');
  assert.equal(dispute.openedAt.toISOString(), '2026-03-04T06:00:00.000Z');
  assert.equal(dispute.evidenceDueAt?.toISOString(), '2026-03-14T06:00:00.000Z');
  const file = { name: 'receipt.pdf', contentType: 'application/pdf', bytes: Buffer.alloc(200_000) };
  const evidence = { text: 'A winning answer', files: [file] };
  const input = { reference: dispute.reference, evidence, at: await passDays(lab, 3) };
  await send(input);
  await send(input);
  const other = await refusalFrom(send({ ...input, evidence: { text: 'Another answer', files: [] } }));
  assert.equal(other.code, 'state_refused');
  assert.equal((await disputeOn(lab, 7.9))?.state, 'evidence_sent');
  assert.equal((await disputeOn(lab, 8))?.state, 'won');
});

test('evidence whose answer was lost can be sent again', async () => {
  const lab = await newLab();
  const send = must(lab.gateway.chargebacks?.sendEvidence, 'evidence');
  await charged(lab, await lab.token('disputed'));
  const { reference } = must(await disputeOn(lab, 2), 'a dispute');
  await must(lab.trouble, 'faults')('dropAfterCommit');
  const input = { reference, evidence: { text: 'winning', files: [] }, at: await passDays(lab, 2) };
  assert.equal((await refusalFrom(send(input))).code, 'unavailable');
  await send(input);
  assert.equal((await disputeOn(lab, 2))?.state, 'evidence_sent');
});

test('a debit that the bank answers with a notice of change settles, and says what changed', async () => {
  const lab = await newLab();
  const source = { kind: 'one_time', token: await lab.token('change_c01'), store: true } as const;
  const { charge, method } = await charged(lab, '', { source });
  assert.equal(method.last4, '2201');
  const early = await lookupOn(lab, charge.paymentId, 1);
  assert.ok(early.outcome === 'accepted' && early.change === undefined);
  const stored = { kind: 'stored', token: must(method.storedToken, 'a stored method') } as const;
  const before = await charged(lab, '', { source: stored, at: await passDays(lab, 1) });
  assert.equal(before.method.last4, '2201');
  for (const days of [2, 4]) {
    const told = await lookupOn(lab, charge.paymentId, days);
    assert.ok(told.outcome === 'collected' || told.outcome === 'settled');
    assert.deepEqual(told.change, { code: 'C01', correctedLast4: '6789' });
    assert.equal(told.method.last4, '2201', 'the debit itself was drawn on what was given');
  }
  const next = await charged(lab, '', { source: stored, at: await passDays(lab, 4) });
  assert.equal(next.method.last4, '6789');
  const settled = await lookupOn(lab, next.charge.paymentId, 9);
  assert.ok(settled.outcome === 'settled' && settled.change === undefined);
});

test('each move of a refund, a void, a dispute and a payout sends its webhook', async () => {
  const lab = await newLab();
  const voided = await charged(lab, await lab.token('approve'));
  const ofVoided = { paymentId: voided.charge.paymentId, reference: voided.reference, at: lab.start };
  await must(lab.gateway.refunds, 'refunds').void(ofVoided);
  const failing = await settledCharge(lab, {}, await lab.token('refund_fails'));
  await refund(lab, refundOf(lab, failing));
  const disputed = await charged(lab, await lab.token('disputed'), { at: await passDays(lab, 3) });
  const dispute = must(await disputeOn(lab, 6), 'a dispute');
  const evidence = { text: 'losing', files: [] };
  const at = await passDays(lab, 6);
  await must(
    lab.gateway.chargebacks?.sendEvidence,
    'evidence',
  )({ reference: dispute.reference, evidence, at });
  await lookupOn(lab, disputed.charge.paymentId, 20);

  const wanted = [
    'charge.voided',
    'refund.submitted',
    'refund.failed',
    'dispute.opened',
    'dispute.lost',
  ].concat(['dispute.evidence_sent', 'payout.in_transit', 'payout.paid']);
  const hints: GatewayHint[] = [];
  for (const { raw, headers } of await must(lab.webhooks, 'webhooks')(21))
    hints.push(must(await lab.gateway.readWebhook(raw, headers), 'a hint'));
  const of = (type: string) => hints.filter((each) => each.type === type);
  for (const type of wanted)
    assert.ok(of(type).length > 0, `${type} among ${hints.map((each) => each.type)}`);
  assert.deepEqual(of('charge.voided')[0]?.paymentIds, [voided.charge.paymentId]);
  assert.deepEqual(of('refund.failed')[0], {
    eventId: of('refund.failed')[0]?.eventId,
    type: 'refund.failed',
    paymentIds: [failing.charge.paymentId],
    about: ['refund'],
  });
  assert.deepEqual(of('dispute.lost')[0]?.about, ['chargeback']);
  assert.deepEqual([of('payout.paid')[0]?.about, of('payout.paid')[0]?.paymentIds], [['payout'], []]);
  assert.equal(new Set(hints.map((each) => each.eventId)).size, 21, 'each move once');
});
