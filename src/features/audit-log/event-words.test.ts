import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailsOf } from '#features/audit-log/detail-rules.ts';
import type { TimelineEvent } from '#features/audit-log/event-rules.ts';
import { actorOf, kindWords, knownKinds, wordsOf } from '#features/audit-log/event-rules.ts';
import { areaNames, areaOf, areas, kindsOf } from '#features/audit-log/kind-rules.ts';
import { subscriptions } from '#subscriptions.ts';

const ink = { money: (amount: number) => `$${amount / 100}` };
const event = (type: string, data: Record<string, unknown> = {}, kind = 'user'): TimelineEvent => ({
  type,
  subject_id: 'inv_0000000000000000000000',
  actor: { kind, id: null, name: null },
  data,
});

test('an issued invoice tells its total, from the document it keeps', () => {
  assert.equal(
    wordsOf(event('invoice.issued', { document: { total: 123_450 } }), ink).text,
    'Issued for $1234.5',
  );
});

test('a bank debit under way is never called paid', () => {
  for (const state of ['submitted', 'accepted', 'collected']) {
    assert.doesNotMatch(wordsOf(event(`payment.${state}`, { amount: 100 }), ink).text, /paid|settled/i);
  }
});

test('a type that is new to the console still reads', () => {
  assert.equal(wordsOf(event('lighthouse.switched_off'), ink).text, 'Lighthouse switched off');
});

test('what the machine did by itself says so', () => {
  assert.equal(actorOf(event('invoice.issued', {}, 'job')), 'Owed');
  assert.equal(actorOf(event('invoice.viewed', {}, 'payer_link')), 'The customer, by a link');
});

test('every kind of act that the code records has words, whatever it holds', () => {
  const kinds = Object.keys(subscriptions);
  assert.ok(kinds.length > 200);
  assert.deepEqual(
    kinds.filter((kind) => !knownKinds.includes(kind)),
    [],
  );
  assert.deepEqual(
    knownKinds.filter((kind) => !kinds.includes(kind)),
    [],
    'words of what nobody records',
  );
  for (const kind of kinds) {
    const words = kindWords(kind);
    assert.match(words, /^[A-Z“].{3,}/, kind);
    assert.doesNotMatch(wordsOf(event(kind), ink).text, /undefined|null|NaN|\[object/, kind);
    assert.doesNotMatch(words, /undefined|null|NaN|\[object|_|\.\.| $/, `${kind}: ${words}`);
    assert.ok(
      areas[areaOf(kind)].of.some((prefix) => kind.startsWith(`${prefix}.`)),
      `${kind} stands nowhere`,
    );
  }
});

test('the same words do not stand for two kinds of the same area', () => {
  for (const area of areaNames) {
    const words = kindsOf(area).map(kindWords);
    assert.deepEqual(
      words.filter((each, at) => words.indexOf(each) !== at),
      [],
      area,
    );
  }
});

test('what changed is told from what to what, in whichever way it was kept', () => {
  assert.deepEqual(detailsOf({ changes: { display_name: ['Ada', 'Ada Lee'], notes: [null, 'x'] } }, ink), [
    { field: 'Display name', before: 'Ada', after: 'Ada Lee' },
    { field: 'Notes', before: '—', after: 'x' },
  ]);
  assert.deepEqual(detailsOf({ before: { roles: ['a'], name: 'B' }, roles: ['a', 'b'], name: 'B' }, ink), [
    { field: 'Roles', before: 'a', after: 'a, b' },
  ]);
  assert.deepEqual(
    detailsOf({ before: { is_active: true }, after: { is_active: false }, name: 'Std' }, ink),
    [
      { field: 'Is active', before: 'yes', after: 'no' },
      { field: 'Name', after: 'Std' },
    ],
  );
  assert.deepEqual(detailsOf({ amount: 1250, currency: 'USD', payment_id: 'pay_1', document: {} }, ink), [
    { field: 'Amount', after: '$12.5' },
  ]);
});
