import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { ChargeRequest, GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { secondsLater } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { question, request } from '../gateway-lab.ts';
import { allOf, find, passTo } from './fake/account.ts';
import { failDebit } from './fake/confirm.ts';
import { startStripeFake } from './fake/stripe-fake.ts';
import { startReceiver } from './receiver.ts';
import { type StripeLab, stripeLab } from './stripe-lab.ts';

const fake = await startStripeFake();
const receiver = await startReceiver();
after(async () => {
  await fake.stop();
  receiver.stop();
});
const lab = (): Promise<StripeLab> => stripeLab(fake, receiver);
const tokenOf = async ({ sdk }: StripeLab, test: string): Promise<string> =>
  (await sdk.testHelpers.confirmationTokens.create({ payment_method: test })).id;
const daysAfter = (start: Date, days: number): Date => secondsLater(start, days * 86_400);

async function chargeOf(each: StripeLab, test: string, change: Partial<ChargeRequest> = {}) {
  const charge = request(each, await tokenOf(each, test), change);
  return { charge, outcome: await each.gateway.charge(charge) };
}

async function lookupAfter(each: StripeLab, { paymentId }: ChargeRequest, days: number) {
  const at = daysAfter(each.start, days);
  passTo(each.account, at);
  return each.gateway.lookup({ paymentId, requestedAt: each.start, at });
}

test('each reason that Stripe has for a decline comes in our words, with Stripe’s own kept', async () => {
  const each = await lab();
  const codes: Record<string, string> = {
    pm_card_chargeDeclined: 'declined',
    pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
    pm_card_chargeDeclinedLostCard: 'lost_or_stolen',
    pm_card_chargeDeclinedStolenCard: 'lost_or_stolen',
    pm_card_chargeDeclinedExpiredCard: 'expired_card',
    pm_card_chargeDeclinedIncorrectCvc: 'incorrect_cvc',
  };
  for (const [method, code] of Object.entries(codes)) {
    const { outcome } = await chargeOf(each, method);
    assert.ok(outcome.outcome === 'declined');
    assert.deepEqual([outcome.code, outcome.method?.brand], [code, 'visa']);
    assert.ok(outcome.vendor?.code && outcome.vendor.message, method);
  }
});

test('a card whose bank wants its holder to confirm is declined with what to do, now and by lookup', async () => {
  const each = await lab();
  const { charge, outcome } = await chargeOf(each, 'pm_card_authenticationRequired');
  assert.ok(outcome.outcome === 'declined' && outcome.code === 'authentication_required');
  assert.match(outcome.message, /another card, or a bank account/);
  assert.deepEqual(await each.gateway.lookup(question(charge.paymentId, each.start)), outcome);
});

test('a debit that would wait for micro-deposits is ended, so that it can never be drawn after all', async () => {
  const each = await lab();
  const { charge, outcome } = await chargeOf(each, 'pm_usBankAccount_unverified');
  assert.ok(outcome.outcome === 'declined' && outcome.code === 'authentication_required');
  assert.deepEqual(
    allOf(each.account, 'payment_intent').map((intent) => intent.status),
    ['canceled'],
  );
  assert.deepEqual(await lookupAfter(each, charge, 10), outcome);
  assert.deepEqual(await each.captured(), []);
});

test('a payment left half done by a crash is found by its lookup, and ended before it is called declined', async () => {
  const each = await lab();
  const paymentId = newId('payment');
  await each.sdk.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    metadata: { owed_payment_id: paymentId },
  });
  assert.equal((await each.gateway.lookup(question(paymentId, each.start))).outcome, 'declined');
  assert.equal(allOf(each.account, 'payment_intent')[0]?.status, 'canceled');
});

test('a bank debit is submitted until Stripe knows, and a lookup of its reference tells the same', async () => {
  const each = await lab();
  const { charge, outcome } = await chargeOf(each, 'pm_usBankAccount_success', { kind: 'bank_account' });
  assert.ok(outcome.outcome === 'submitted' && outcome.method.brand === 'STRIPE TEST BANK');
  const seen: string[] = [];
  for (const days of [1, 3, 4, 60]) seen.push((await lookupAfter(each, charge, days)).outcome);
  assert.deepEqual(seen, ['submitted', 'submitted', 'settled', 'settled']);
  const { reference } = outcome;
  const known = await each.gateway.lookup({ ...question(charge.paymentId, each.start), reference });
  assert.equal(known.outcome === 'settled' && known.reference, reference);
});

test('a debit that comes back carries the code of the network, before it settled and long after', async () => {
  const each = await lab();
  const early: Record<string, string> = {
    pm_usBankAccount_insufficientFunds: 'R01',
    pm_usBankAccount_accountClosed: 'R02',
    pm_usBankAccount_noAccount: 'R03',
    pm_usBankAccount_debitNotAuthorized: 'R10',
  };
  const charges: [ChargeRequest, string][] = [];
  for (const [method, code] of Object.entries(early))
    charges.push([(await chargeOf(each, method)).charge, code]);
  for (const [charge, code] of charges) {
    const told = await lookupAfter(each, charge, 3);
    assert.equal(told.outcome === 'returned' && told.returnCode, code);
  }
});

test('a debit taken back after it succeeded is returned, whether Stripe calls it a dispute or a failure', async () => {
  const each = await lab();
  const disputed = (await chargeOf(each, 'pm_usBankAccount_dispute')).charge;
  const failed = await chargeOf(each, 'pm_usBankAccount_success');
  assert.equal((await lookupAfter(each, disputed, 29)).outcome, 'settled');
  assert.ok(failed.outcome.outcome === 'submitted');
  const failure = { code: 'insufficient_funds', network: 'R01', message: 'Not enough money.' };
  failDebit(each.account, failed.outcome.reference, failure, true);
  const late = await lookupAfter(each, failed.charge, 29);
  assert.equal(late.outcome === 'returned' && late.returnCode, 'R01');
  const taken = await lookupAfter(each, disputed, 31);
  assert.ok(taken.outcome === 'returned' && taken.returnCode === 'R10' && taken.message.length > 10);
});

test('an inquiry about a debit takes nothing back', async () => {
  const each = await lab();
  const { charge, outcome } = await chargeOf(each, 'pm_usBankAccount_success');
  assert.equal((await lookupAfter(each, charge, 5)).outcome, 'settled');
  assert.ok(outcome.outcome === 'submitted');
  const booked = allOf(each.account, 'charge')[0];
  assert.ok(booked);
  booked.disputed = true;
  assert.equal((await lookupAfter(each, charge, 6)).outcome, 'settled');
});

test('consent to a card does not carry over to a debit, nor the other way round', async () => {
  const each = await lab();
  for (const [method, kind] of [
    ['pm_usBankAccount_success', 'card'],
    ['pm_card_visa', 'bank_account'],
  ] as const) {
    const { outcome } = await chargeOf(each, method, { kind });
    assert.equal(outcome.outcome, 'declined');
  }
  assert.equal((await chargeOf(each, 'pm_card_visa', { kind: 'paypal' })).outcome.outcome, 'declined');
  assert.deepEqual(await each.captured(), []);
});

test('a token that is not Stripe’s never leaves', async () => {
  const each = await lab();
  const outcome = await each.gateway.charge(request(each, 'tok_sandbox_1'));
  assert.equal(outcome.outcome === 'declined' && outcome.code, 'wrong_method');
  assert.equal(each.account.keys.size, 0);
});

const storedBy = async (each: StripeLab): Promise<ChargeRequest['source']> => {
  const source = { kind: 'one_time', token: await tokenOf(each, 'pm_card_visa'), store: true } as const;
  const { outcome } = await chargeOf(each, 'pm_card_visa', { source });
  assert.ok(outcome.outcome === 'approved' && outcome.method.storedToken);
  return { kind: 'stored', token: outcome.method.storedToken };
};

test('a charge sent again when Stripe has forgotten its key charges nobody twice', async () => {
  const each = await lab();
  const stored = request(each, '', { source: await storedBy(each) });
  const fresh = request(each, await each.tokens.approve());
  for (const charge of [stored, fresh]) assert.equal((await each.gateway.charge(charge)).outcome, 'approved');
  const before = (await each.captured()).length;
  const at = daysAfter(each.start, 3);
  passTo(each.account, at);
  for (const charge of [stored, fresh]) {
    assert.equal((await each.gateway.charge({ ...charge, at })).outcome, 'settled');
    const other = await each.gateway.charge({ ...charge, amount: charge.amount + 1n, at });
    assert.equal(other.outcome, 'unknown', 'with another amount');
  }
  assert.equal((await each.captured()).length, before);
});

test('a token that another payment used pays nothing, whenever it comes', async () => {
  const each = await lab();
  const token = await each.tokens.approve();
  await each.gateway.charge(request(each, token));
  passTo(each.account, daysAfter(each.start, 3));
  assert.equal((await each.gateway.charge(request(each, token))).outcome, 'declined');
  assert.equal((await each.captured()).length, 1);
});

test('one customer of ours is one customer at Stripe, and a stored method is charged without the payer', async () => {
  const each = await lab();
  const customerId = newId('customer');
  for (let n = 0; n < 2; n += 1) {
    const source = { kind: 'one_time', token: await each.tokens.approve(), store: true } as const;
    await each.gateway.charge(request(each, '', { source, customerId }));
  }
  const [customer, ...others] = allOf(each.account, 'customer');
  assert.deepEqual([others, customer?.metadata], [[], { owed_customer_id: customerId }]);
});

test('a payment among hundreds is found by its id, and nothing is absent before the last page', async () => {
  const each = await lab();
  const { charge, outcome } = await chargeOf(each, 'pm_card_visa');
  for (let n = 0; n < 205; n += 1) await each.sdk.paymentIntents.create({ amount: 500, currency: 'usd' });
  assert.deepEqual(await each.gateway.lookup(question(charge.paymentId, each.start)), outcome);
  const absent = await each.gateway.lookup(question(newId('payment'), each.start));
  assert.equal(absent.outcome, 'absent');
});

test('a key that Stripe no longer knows, or that may not read, makes a lookup unknown and never absent', async () => {
  const each = await lab();
  const charge = request(each, await each.tokens.approve());
  each.account.denied.add('payment_intent_read');
  const unseen: GatewayOutcome = await each.gateway.lookup(question(charge.paymentId, each.start));
  assert.equal(unseen.outcome, 'unknown');
  each.account.denied.add('payment_intent_write');
  assert.equal((await each.gateway.charge(charge)).outcome, 'unknown');
});

test('a void ends a debit that has not left, and is refused once it has', async (t: TestContext) => {
  const each = await lab();
  const { refunds } = each.gateway;
  assert.ok(refunds);
  const first = await chargeOf(each, 'pm_usBankAccount_success');
  const second = await chargeOf(each, 'pm_usBankAccount_success');
  assert.ok(first.outcome.outcome === 'submitted' && second.outcome.outcome === 'submitted');
  const { reference } = first.outcome;
  const { paymentId } = first.charge;
  for (let n = 0; n < 2; n += 1)
    assert.deepEqual(await refunds.void({ paymentId, reference, at: each.start }), {
      outcome: 'voided',
      reference,
    });
  assert.equal((await lookupAfter(each, first.charge, 5)).outcome, 'voided');
  const late = await refunds.void({
    paymentId: second.charge.paymentId,
    reference: second.outcome.reference,
    at: each.start,
  });
  assert.ok(late.outcome === 'refused' && late.code === 'too_late');
  t.diagnostic(late.message);
  const intent = find(each.account, 'payment_intent', second.outcome.reference);
  assert.equal(intent?.status, 'succeeded');
});
