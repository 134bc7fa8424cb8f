import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  debitAuthorization,
  decideAmounts,
  expectedSettlement,
  isRequestKey,
  readPayLines,
  refusalWords,
  requestKeyOf,
  standingOf,
  writePayLine,
} from '#features/payments/portal-rules.ts';
import { newId } from '#lib/ids.ts';

const [one, two, us] = [newId('invoice'), newId('invoice'), newId('customer')];
const policy = { currency: 'USD', locale: 'en-US', partial: true };
const pick = (change: object = {}) => ({
  id: one,
  number: '1042',
  customerId: us,
  payable: 12_500n,
  typed: undefined,
  ...change,
});

test('a bank debit is never called paid before it has settled', () => {
  assert.deepEqual(
    (['pending', 'unknown', 'submitted', 'accepted', 'collected', 'settled', 'returned'] as const).map(
      (state) => standingOf('bank_account', state),
    ),
    ['waiting', 'checking', 'processing', 'processing', 'processing', 'paid', 'returned'],
  );
  assert.deepEqual(
    (['pending', 'unknown', 'approved', 'settling', 'settled', 'declined', 'voided'] as const).map((state) =>
      standingOf('card', state),
    ),
    ['waiting', 'checking', 'paid', 'paid', 'paid', 'declined', 'voided'],
  );
  assert.deepEqual(
    (['submitted', 'settled'] as const).map((state) => standingOf('paypal', state)),
    ['processing', 'paid'],
  );
});

test('a checkout’s lines read back as they were written, and nothing else does', () => {
  const lines = [
    { invoiceId: one, amount: 12_500n },
    { invoiceId: two, amount: 1n },
  ];
  assert.deepEqual(readPayLines(lines.map(writePayLine)), lines);
  const wrong = [
    [],
    [`${one}.0`],
    [`${one}.-5`],
    [`${one}.1.5`],
    [`${newId('payment')}.5`],
    [`${one}.5`, `${one}.5`],
    [`${one}.5 `],
  ];
  for (const texts of wrong) assert.equal(readPayLines(texts), undefined, JSON.stringify(texts));
});

test('an amount may be typed as people write it, within what can be paid now', () => {
  const amountOf = (typed: string | undefined) => decideAmounts([pick({ typed })], policy).lines[0]?.amount;
  assert.deepEqual([undefined, '', '125', '$125.00', ' 1.5 ', '0.01'].map(amountOf), [
    12_500n,
    12_500n,
    12_500n,
    12_500n,
    150n,
    1n,
  ]);
  for (const typed of ['0', '-1', '125.01', '1.234', 'all', '1e2', '12,5', '1,2']) {
    const { lines, errors } = decideAmounts([pick({ typed })], policy);
    assert.deepEqual(lines, [], typed);
    assert.match(errors[`amount_${one}`] ?? '', /1042/);
  }
});

test('a comma is the decimal mark where the organization writes it so, and a point there is asked about', () => {
  const german = { currency: 'EUR', locale: 'de-DE', partial: true };
  const amountOf = (typed: string) =>
    decideAmounts([pick({ typed, payable: 500_000n })], german).lines[0]?.amount;
  assert.deepEqual(['12,50', '1.250,00 €', '1250', '4.999,5'].map(amountOf), [
    1_250n,
    125_000n,
    125_000n,
    499_950n,
  ]);
  for (const typed of ['12.50', '1.25', '1,250.00', '12,505']) {
    const { lines, errors } = decideAmounts([pick({ typed, payable: 500_000n })], german);
    assert.deepEqual(lines, [], typed);
    assert.match(errors[`amount_${one}`] ?? '', /such as 5\.000,00\s€/);
  }
  const yen = { currency: 'JPY', locale: 'ja-JP', partial: true };
  assert.equal(decideAmounts([pick({ typed: '￥1,250' })], yen).lines[0]?.amount, 1_250n);
});

test('a part is refused where parts are not allowed, and all of it is taken', () => {
  const whole = { ...policy, partial: false };
  assert.match(
    decideAmounts([pick({ typed: '100' })], whole).errors[`amount_${one}`] ?? '',
    /in full: \$125\.00/,
  );
  assert.equal(decideAmounts([pick({ typed: '125' })], whole).lines.length, 1);
  assert.equal(decideAmounts([pick({ typed: undefined })], whole).lines[0]?.amount, 12_500n);
});

test('nothing ticked, and invoices of two customers at once, are told', () => {
  assert.match(decideAmounts([], policy).errors.invoice ?? '', /Tick at least one/);
  const mixed = decideAmounts([pick(), pick({ id: two, customerId: newId('customer') })], policy);
  assert.match(mixed.errors.invoice ?? '', /one customer at a time/);
});

test('two tabs of one page carry one key; another amount, payer or try carries another', () => {
  const standing = [{ id: one, balanceDue: 12_500n, reserved: 0n }];
  const facts = { payer: 'ptu_1', words: [`${one}.5000`], standing, tries: 0 };
  const key = requestKeyOf(facts);
  assert.ok(isRequestKey(key));
  assert.equal(requestKeyOf({ ...facts }), key);
  const others = [
    { ...facts, tries: 1 },
    { ...facts, payer: 'ptu_2' },
    { ...facts, words: [`${one}.5001`] },
    { ...facts, standing: standing.map((each) => ({ ...each, reserved: 5_000n })) },
  ];
  assert.equal(new Set([key, ...others.map(requestKeyOf)]).size, 5);
});

test('the authorization names payee, amount and day', () => {
  const words = debitAuthorization(
    { name: 'Harbor & Pine', phone: null, email: 'b@harbor.example', locale: 'en-US' },
    { amount: 211_250n, currency: 'USD', on: '2026-11-22' },
  );
  assert.match(words, /Harbor & Pine to debit my bank account once for \$2,112\.50 on or after Nov 22, 2026/);
  assert.match(words, /writing to b@harbor\.example/);
});

test('a debit submitted on a Thursday is expected on the Wednesday after', () => {
  assert.equal(expectedSettlement('2026-03-05'), '2026-03-11');
  assert.equal(expectedSettlement('2026-03-07'), '2026-03-12');
});

test('who comes second is told what happened to the invoice', () => {
  const invoice = { number: '7', balanceDue: 100n, reserved: 0n, currency: 'USD', voidedAt: null };
  assert.match(refusalWords({ ...invoice, balanceDue: 0n }, '', 'en-US'), /has just been paid/);
  assert.match(refusalWords({ ...invoice, reserved: 100n }, '', 'en-US'), /already on its way/);
  assert.match(refusalWords({ ...invoice, reserved: 40n }, '', 'en-US'), /\$0\.60 of it can still be paid/);
  assert.match(refusalWords({ ...invoice, voidedAt: new Date(0) }, '', 'en-US'), /withdrawn/);
});
