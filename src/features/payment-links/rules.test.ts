import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideAmount, readLinkWord, stateOfLink, writeLinkWord } from '#features/payment-links/rules.ts';
import { newId } from '#lib/ids.ts';

const now = new Date('2026-03-02T15:00:00Z');
const later = new Date('2026-04-01T15:00:00Z');
const open = { expiresAt: later, withdrawnAt: null, payment: undefined };
const typing = { currency: 'USD', locale: 'en-US' };

test('a link takes one payment: none that was declined or came back, and a voided one ends it', () => {
  const card = (state: 'pending' | 'unknown' | 'approved' | 'settled' | 'declined' | 'voided') =>
    stateOfLink({ ...open, payment: { kind: 'card', state } }, now);
  assert.deepEqual(
    [card('pending'), card('unknown'), card('approved'), card('settled'), card('declined'), card('voided')],
    ['pending', 'pending', 'paid', 'paid', 'open', 'withdrawn'],
  );
  const bank = (state: 'submitted' | 'collected' | 'settled' | 'returned') =>
    stateOfLink({ ...open, payment: { kind: 'bank_account', state } }, now);
  assert.deepEqual(
    [bank('submitted'), bank('collected'), bank('settled'), bank('returned')],
    ['pending', 'pending', 'paid', 'open'],
  );
});

test('what was paid stays paid when the link expires or is withdrawn; what was not ends', () => {
  const payment = { kind: 'card', state: 'settled' } as const;
  assert.equal(stateOfLink({ ...open, payment }, later), 'paid');
  assert.equal(stateOfLink({ ...open, payment, withdrawnAt: now }, now), 'paid');
  assert.equal(stateOfLink(open, later), 'expired');
  assert.equal(stateOfLink({ ...open, withdrawnAt: now }, later), 'withdrawn');
});

test('a fixed amount is what it is, an open one what was typed, else what was suggested', () => {
  const suggested = { amount: 50_000n, isFixed: false };
  assert.deepEqual(decideAmount({ amount: 50_000n, isFixed: true }, '1', typing), { amount: 50_000n });
  assert.deepEqual(decideAmount(suggested, undefined, typing), { amount: 50_000n });
  assert.deepEqual(decideAmount(suggested, '120.5', typing), { amount: 12_050n });
  assert.deepEqual(decideAmount({ amount: null, isFixed: false }, ' ', typing), {});
  for (const [typed, words] of [
    ['a lot', /as a number, such as \$125\.00/],
    ['0', /more than zero/],
    ['100000000000000', /at most/],
  ] as const)
    assert.match(decideAmount(suggested, typed, typing).error ?? '', words);
});

test('a form says the amount of its own link, and a fixed one cannot be changed on the way', () => {
  const [id, other] = [newId('paymentLink'), newId('paymentLink')];
  const fixed = { id, amount: 50_000n, isFixed: true };
  const free = { id, amount: null, isFixed: false };
  assert.equal(readLinkWord(fixed, [writeLinkWord(id, 50_000n)]), 50_000n);
  assert.equal(readLinkWord(free, [writeLinkWord(id, 1n)]), 1n);
  for (const words of [
    [],
    [`${id}.49999`],
    [`${other}.50000`],
    [`${id}.50000`, `${id}.50000`],
    [`${newId('invoice')}.50000`],
  ])
    assert.equal(readLinkWord(fixed, words), undefined, words.join());
  assert.equal(readLinkWord(free, [`${id}.0`]), undefined);
});
