import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { GatewayPayout } from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';
import { passDays, refundOf, request } from '../gateway-lab.ts';
import type { BalanceRecord } from './balance-records.ts';
import { record, withdraw } from './fake/books.ts';
import type { PaypalFakeOptions } from './fake/paypal-fake.ts';
import { type PaypalLab, paypalLab } from './paypal-lab.ts';
import { payoutsOf } from './withdrawals.ts';

async function lab(t: TestContext, options: Partial<PaypalFakeOptions> = {}): Promise<PaypalLab> {
  const made = await paypalLab({ nightlySweep: false, ...options });
  t.after(() => made.close());
  return made;
}

const listOn = async (paypal: PaypalLab, days: number, since = '2026-03-02'): Promise<GatewayPayout[]> =>
  must(paypal.gateway.payouts, 'payouts').list({ since, at: await passDays(paypal, days) });

const netOf = (payout: GatewayPayout | undefined): bigint =>
  sum((payout?.lines ?? []).map((line) => line.net));

async function charge(paypal: PaypalLab) {
  const asked = request(paypal, await paypal.approvedBy('pay_later'));
  const outcome = await paypal.gateway.charge(asked);
  assert.ok(outcome.outcome === 'settled');
  return { charge: asked, reference: outcome.reference, method: outcome.method };
}

test('a withdrawal is a payout whose lines are what moved the balance since the one before', async (t) => {
  const paypal = await lab(t);
  const { books } = paypal.fake;
  const first = await charge(paypal);
  await must(paypal.gateway.refunds, 'refunds').refund(refundOf(paypal, first, { amount: 345n }));
  withdraw(books, 'USD', must(books.balances.get('USD'), 'a balance'));
  await passDays(paypal, 1);
  await charge(paypal);
  withdraw(books, 'USD', must(books.balances.get('USD'), 'a balance'));
  const [one, two] = await listOn(paypal, 3);
  const [sale, refund] = must(one, 'a payout').lines;
  assert.deepEqual(
    [
      sale?.kind,
      sale?.gross,
      sale?.fee,
      sale?.net,
      sale?.paymentId,
      sale?.paymentReference,
      sale?.description,
    ],
    ['charge', 12_345n, 480n, 11_865n, first.charge.paymentId, first.reference, 'T0006 payment Pay Later'],
  );
  assert.deepEqual(
    [refund?.kind, refund?.net, refund?.paymentReference, refund?.refundId?.startsWith('ref_')],
    ['refund', -345n, first.reference, true],
  );
  assert.equal(one?.amount, 11_520n);
  assert.equal(netOf(one), one?.amount);
  assert.equal(two?.lines.length, 1);
  assert.equal(netOf(two), two?.amount);
  assert.deepEqual([one?.state, one?.initiatedOn, one?.arrivesOn], ['paid', '2026-03-02', '2026-03-03']);
});

test('a balance that is not emptied leaves the gap to see: no line is made up to close it', async (t) => {
  const paypal = await lab(t);
  await charge(paypal);
  withdraw(paypal.fake.books, 'USD', 10_000n);
  const [payout] = await listOn(paypal, 1);
  assert.deepEqual(
    payout?.lines.map((line) => line.kind),
    ['charge'],
  );
  assert.deepEqual([payout?.amount, netOf(payout)], [10_000n, 11_865n]);
});

test('a withdrawal of the last three hours waits until the reports are whole', async (t) => {
  const paypal = await lab(t);
  await charge(paypal);
  withdraw(paypal.fake.books, 'USD', 11_865n);
  assert.deepEqual(await listOn(paypal, 0.1), []);
  const [payout] = await listOn(paypal, 0.2);
  assert.deepEqual([payout?.state, netOf(payout)], ['in_transit', 11_865n]);
});

test('the withdrawal before is found months back, and neither page nor span loses a record', async (t) => {
  const paypal = await lab(t, { reportRecords_max: 700 });
  const { books } = paypal.fake;
  record(books, { code: 'T0006', amount: 700n, currency: 'USD' });
  withdraw(books, 'USD', 700n);
  for (let n = 0; n < 1_203; n += 1) {
    await passDays(paypal, 1 + n / 20);
    record(books, { code: 'T0006', amount: 101n, fee: -1n, currency: 'USD', custom: `pay_${n}` });
  }
  await passDays(paypal, 120);
  withdraw(books, 'USD', 120_300n);
  const payouts = await listOn(paypal, 122, '2026-06-20');
  assert.equal(payouts.length, 1);
  assert.equal(payouts[0]?.lines.length, 1_203);
  assert.deepEqual([netOf(payouts[0]), payouts[0]?.amount], [120_300n, 120_300n]);
});

test('an app that may not read its transactions is told what to switch on', async (t) => {
  const paypal = await lab(t, { app: { scopes: [] } });
  await assert.rejects(listOn(paypal, 1), /Switch on Transaction search/);
});

const info = (change: Partial<BalanceRecord> & { transaction_id: string; value: string }): BalanceRecord => ({
  transaction_event_code: 'T0006',
  transaction_status: 'S',
  // As PayPal really writes it: the account's own zone, without a colon.
  transaction_initiation_date: '2026-03-02T23:30:00-0800',
  transaction_updated_date: '2026-03-02T23:30:00-0800',
  transaction_amount: { currency_code: 'USD', value: change.value },
  ...change,
});
const on = (day: number, time = '12:00:00') => ({
  transaction_initiation_date: `2026-03-0${day}T${time}-0800`,
  transaction_updated_date: `2026-03-0${day}T${time}-0800`,
});

test('each code of PayPal’s is a line of its kind, and what PayPal alone knows is an adjustment', () => {
  const codes: [code: string, value: string, kind: string][] = [
    ['T0006', '10.00', 'charge'],
    ['T0000', '-3.00', 'adjustment'],
    ['T0106', '-15.00', 'fee'],
    ['T0200', '5.00', 'adjustment'],
    ['T1107', '-2.00', 'refund'],
    ['T1106', '-2.00', 'chargeback'],
    ['T1110', '-4.00', 'chargeback'],
    ['T1111', '4.00', 'chargeback_reversal'],
    ['T1201', '-1.00', 'chargeback'],
    ['T1202', '1.00', 'chargeback_reversal'],
    ['T2103', '-1.00', 'adjustment'],
  ];
  const records = codes.map(([code, value], n) =>
    info({ transaction_id: `ID${n}`, transaction_event_code: code, value, ...on(3) }),
  );
  const out = info({ transaction_id: 'OUT', transaction_event_code: 'T0400', value: '-7.00', ...on(4) });
  const [payout] = payoutsOf([...records, out, ...records]);
  assert.deepEqual(
    payout?.lines.map((line) => line.kind),
    codes.map(([, , kind]) => kind),
  );
  assert.equal(netOf(payout), -800n);
  for (const line of payout?.lines ?? []) assert.equal(line.gross - line.fee, line.net);
});

test('a day is the account’s own, and money that had to clear belongs to the day on which it did', () => {
  const late = info({ transaction_id: 'LATE', value: '1.00' });
  const cleared = info({
    transaction_id: 'CHECK',
    value: '9.00',
    ...on(1),
    transaction_updated_date: '2026-03-06T12:00:00-0800',
  });
  const out = (id: string, day: number, value: string) =>
    info({ transaction_id: id, transaction_event_code: 'T0401', value, ...on(day) });
  const [one, two] = payoutsOf([cleared, late, out('OUT1', 4, '-1.00'), out('OUT2', 7, '-9.00')]);
  assert.deepEqual(
    one?.lines.map((line) => [line.reference, line.on]),
    [['LATE', '2026-03-02']],
  );
  assert.deepEqual(
    two?.lines.map((line) => line.reference),
    ['CHECK'],
  );
});

test('a withdrawal that the bank sent back has failed, and comes in again as an adjustment', () => {
  const sale = info({ transaction_id: 'SALE', value: '9.00', ...on(1) });
  const out = info({
    transaction_id: 'OUT',
    transaction_event_code: 'T0400',
    transaction_status: 'V',
    value: '-9.00',
    ...on(2),
  });
  const back = info({ transaction_id: 'BACK', transaction_event_code: 'T1101', value: '9.00', ...on(3) });
  const again = info({
    transaction_id: 'AGAIN',
    transaction_event_code: 'T0403',
    value: '-8.50',
    ...on(4),
    fee_amount: { currency_code: 'USD', value: '-0.50' },
  });
  const [failed, paid] = payoutsOf([sale, out, back, again]);
  assert.deepEqual([failed?.state, netOf(failed)], ['failed', 900n]);
  assert.deepEqual(
    paid?.lines.map((line) => [line.kind, line.net]),
    [
      ['adjustment', 900n],
      ['fee', -50n],
    ],
  );
  assert.deepEqual([paid?.state, paid?.amount, netOf(paid)], ['paid', 850n, 850n]);
});
