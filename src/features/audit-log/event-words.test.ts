import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelineEvent } from '#features/audit-log/event-rules.ts';
import { actorOf, wordsOf } from '#features/audit-log/event-rules.ts';

const ink = { money: (amount: number) => `$${amount / 100}` };
const event = (type: string, data: Record<string, unknown> = {}, kind = 'user'): TimelineEvent => ({
  object: 'event',
  id: 'evt_0000000000000000000000',
  type,
  subject_id: 'inv_0000000000000000000000',
  customer_id: null,
  actor: { kind, id: null, name: null },
  data,
  occurred_at: new Date('2026-03-12T10:00:00Z'),
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
