import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ChargeRequest, PaymentGateway } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { bookedOnce, request } from '../gateway-lab.ts';
import { startAuthorizeNetFake } from './authorize-net-fake.ts';
import { type AuthorizeNetLab, authorizeNetLab, gatewayOf, tokenFor } from './authorize-net-lab.ts';
import { instrumentFor, mintNonce } from './fake-vault.ts';
import { madeAt } from './references.ts';

const fake = await startAuthorizeNetFake();
after(() => fake.stop());
const newLab = (): AuthorizeNetLab => authorizeNetLab(fake, 150);
const hours = (at: Date, count: number): Date => new Date(at.getTime() + count * 3_600_000);

async function stored(lab: AuthorizeNetLab): Promise<ChargeRequest['source']> {
  const source = { kind: 'one_time', token: tokenFor(lab.account, 'approve'), store: true } as const;
  const first = await lab.gateway.charge(request(lab, '', { source }));
  assert.ok(first.outcome === 'approved');
  return { kind: 'stored', token: must(first.method.storedToken, 'a stored token') };
}

const taken = async (lab: AuthorizeNetLab, { paymentId }: ChargeRequest): Promise<number> =>
  (await lab.captured()).filter((each) => each.paymentId === paymentId).length;

test('a stored method sent twice is refused as a duplicate and told as the original', async () => {
  const lab = newLab();
  const charge = request(lab, '', { source: await stored(lab) });
  const first = await lab.gateway.charge(charge);
  assert.ok(first.outcome === 'approved');
  lab.account.now = hours(lab.start, 7);
  assert.deepEqual(await lab.gateway.charge(charge), first);
  await bookedOnce(lab, charge);
});

test('a stored method sent again when the duplicate window is long over is still one charge', async () => {
  const lab = newLab();
  const charge = request(lab, '', { source: await stored(lab) });
  const first = await lab.gateway.charge(charge);
  assert.ok(first.outcome === 'approved');
  for (const count of [9, 40, 24 * 20]) {
    lab.account.now = hours(lab.start, count);
    const late = { ...charge, at: hours(must(madeAt('payment', charge.paymentId), 'a date'), count) };
    assert.deepEqual(await lab.gateway.charge(late), first, `after ${count} hours`);
  }
  assert.equal(await taken(lab, charge), 1);
});

test('two payments of the same amount by the same card at the same moment are two', async () => {
  const lab = newLab();
  const source = await stored(lab);
  const pair = [request(lab, '', { source }), request(lab, '', { source })];
  for (const charge of pair) assert.equal((await lab.gateway.charge(charge)).outcome, 'approved');
  for (const charge of pair) await bookedOnce(lab, charge);
});

test('a payment settled months ago is found, thirty-one days of batches at a time', async () => {
  const lab = newLab();
  const charge = request(lab, tokenFor(lab.account, 'approve'));
  await lab.gateway.charge(charge);
  for (let day = 1; day <= 8; day += 1) {
    lab.account.now = hours(lab.start, 24 * day);
    for (let n = 0; n < 4; n += 1) await lab.gateway.charge(request(lab, tokenFor(lab.account, 'approve')));
  }
  lab.account.now = hours(lab.start, 24 * 100);
  const asked = { paymentId: charge.paymentId, requestedAt: lab.start, at: lab.account.now };
  assert.equal((await lab.gateway.lookup(asked)).outcome, 'settled');
  const never = request(lab, '').paymentId;
  assert.deepEqual(await lab.gateway.lookup({ ...asked, paymentId: never }), { outcome: 'absent' });
});

test('a search that cannot be had whole never says absent', async () => {
  const lab = newLab();
  await lab.gateway.charge(request(lab, tokenFor(lab.account, 'approve')));
  lab.account.reportingEnabled = false;
  const asked = { paymentId: request(lab, '').paymentId, requestedAt: lab.start, at: lab.start };
  const outcome = await lab.gateway.lookup(asked);
  assert.ok(outcome.outcome === 'unknown' && outcome.reason.includes('E00011'));
});

test('a wrong key makes a charge unknown: the one before it may have been right', async () => {
  const lab = newLab();
  const gateway = gatewayOf({ ...lab.account, transactionKey: '0123456789abcdef' }, { url: fake.url });
  const outcome = await gateway.charge(request(lab, tokenFor(lab.account, 'approve')));
  assert.ok(outcome.outcome === 'unknown' && outcome.reason.includes('E00007'));
});

test('an approval in test mode moves no money and is not called approved', async () => {
  const lab = newLab();
  lab.account.testMode = true;
  const charge = request(lab, tokenFor(lab.account, 'approve'));
  assert.equal((await lab.gateway.charge(charge)).outcome, 'unknown');
  assert.equal(await taken(lab, charge), 0);
});

test('a currency that the account does not take is declined in words', async () => {
  const lab = newLab();
  const outcome = await lab.gateway.charge(
    request(lab, tokenFor(lab.account, 'approve'), { currency: 'EUR' }),
  );
  assert.ok(
    outcome.outcome === 'declined' && outcome.vendor?.code === '39' && /currency/.test(outcome.message),
  );
});

test('consent to a card charge does not carry over to a bank debit, whatever the token says', async () => {
  const lab = newLab();
  const refuse = async (gateway: PaymentGateway, token: string): Promise<void> => {
    const charge = request(lab, token, { kind: 'card' });
    const outcome = await gateway.charge(charge);
    assert.ok(outcome.outcome === 'declined' && outcome.code === 'wrong_method', outcome.outcome);
    assert.equal(await taken(lab, charge), 0);
  };
  await refuse(lab.gateway, tokenFor(lab.account, 'bank'));
  // A page that was tampered with calls a bank account a card: it is voided before it leaves.
  await refuse(lab.gateway, `card:2039-12:${mintNonce(lab.account, instrumentFor('bank'))}`);
  const bank = request(lab, tokenFor(lab.account, 'bank'), { kind: 'bank_account' });
  assert.equal((await lab.gateway.charge(bank)).outcome, 'submitted');
});

test('a token is good for fifteen minutes', async () => {
  const lab = newLab();
  const token = tokenFor(lab.account, 'approve');
  lab.account.now = hours(lab.start, 0.3);
  const outcome = await lab.gateway.charge(request(lab, token));
  assert.ok(
    outcome.outcome === 'declined' && outcome.vendor?.code === 'E00115' && outcome.code === 'details_expired',
  );
});

test('a notice of change is no return: the money did move', async () => {
  const lab = newLab();
  const charge = request(lab, tokenFor(lab.account, 'bank'));
  await lab.gateway.charge(charge);
  const [row] = lab.account.rows;
  assert.ok(row);
  row.returned = { at: hours(lab.start, 24 * 5), code: 'C01', description: 'Incorrect bank account number' };
  lab.account.now = hours(lab.start, 24 * 6);
  const asked = { paymentId: charge.paymentId, requestedAt: lab.start, at: lab.account.now };
  assert.equal((await lab.gateway.lookup(asked)).outcome, 'settled');
});

test('a method stored by a charge whose answer was lost is stored once, and named by the lookup', async () => {
  const lab = newLab();
  const source = { kind: 'one_time', token: tokenFor(lab.account, 'lost_answer'), store: true } as const;
  const charge = request(lab, '', { source });
  assert.equal((await lab.gateway.charge(charge)).outcome, 'unknown');
  const asked = { paymentId: charge.paymentId, source, requestedAt: lab.start, at: lab.start };
  const [one, two] = [await lab.gateway.lookup(asked), await lab.gateway.lookup(asked)];
  assert.ok(one.outcome === 'approved' && one.method.storedToken);
  assert.deepEqual(two, one);
  assert.equal(lab.account.profiles.size, 1);
});

test('of a card that was stored the first digits are told, by the vault and with a charge, and never the rest', async () => {
  const lab = newLab();
  const source = { kind: 'one_time', token: tokenFor(lab.account, 'approve'), store: true } as const;
  const charged = await lab.gateway.charge(request(lab, '', { source }));
  assert.ok(charged.outcome === 'approved');
  assert.equal(charged.method.bin, '411111');
  const method = await lab.gateway.methods?.store({
    ...{ methodId: 'pmt_1', token: tokenFor(lab.account, 'approve'), customerId: 'cus_1', at: lab.start },
  });
  assert.deepEqual([method?.bin, method?.last4, method?.funding], ['411111', '1111', undefined]);
  const plain = await lab.gateway.charge(
    request(lab, '', { source: { ...source, token: tokenFor(lab.account, 'approve'), store: false } }),
  );
  assert.ok(plain.outcome === 'approved');
  assert.equal(plain.method.bin, undefined, 'a card that was not kept is asked about by nobody');
});
