import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  bounceKind,
  isOfMailbox,
  type Knock,
  newsKinds,
  readerOf,
  softBouncesLast,
  stateByNews,
} from '#features/correspondence/news-rules.ts';
import { withoutProblems } from '#features/correspondence/rules.ts';

test('news in any order, any number of times, make the same state', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...newsKinds), { maxLength: 12 }), fc.nat(), (news, seed) => {
      const shuffled = [...news, ...news].sort((a, b) => (((a + b).length * (seed + 1)) % 3) - 1);
      // Step by step, as they come in, and all at once.
      const known: (typeof newsKinds)[number][] = [];
      let state = 'sent';
      for (const kind of shuffled) {
        known.push(kind);
        state = stateByNews(state, known);
      }
      assert.equal(state, stateByNews('sent', news));
    }),
  );
});

test('what is worse for a reader is never hidden by what is better for another', () => {
  assert.equal(stateByNews('sent', ['bounced', 'soft_bounced', 'delivered', 'opened', 'clicked']), 'bounced');
  assert.equal(stateByNews('bounced', ['bounced', 'complained']), 'complained');
  assert.equal(stateByNews('sent', ['soft_bounced']), 'soft_bounced');
  assert.equal(stateByNews('soft_bounced', ['soft_bounced', 'delivered']), 'delivered');
  assert.equal(stateByNews('opened', ['opened', 'delivered']), 'opened');
  assert.equal(stateByNews('sent', ['delayed']), 'soft_bounced');
  assert.equal(stateByNews('soft_bounced', ['delayed', 'delivered']), 'delivered');
});

test('news never move a message that waits, failed or was held back', () => {
  for (const state of ['queued', 'failed', 'suppressed'])
    for (const kind of newsKinds) assert.equal(stateByNews(state, [kind]), state);
});

test('only what speaks of the address itself stops the next mail', () => {
  const words: [string, 'bounced' | 'soft_bounced'][] = [
    ['550 5.1.1 The email account that you tried to reach does not exist', 'bounced'],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'bounced'],
    ['554 5.4.4 Host or domain name not found', 'bounced'],
    ['550 No such user here', 'bounced'],
    ['550 Unknown user', 'bounced'],
    ['552 5.2.2 The mailbox is full', 'soft_bounced'],
    ['550 5.7.1 Message rejected as spam', 'soft_bounced'],
    ['552 5.3.4 Message too big', 'soft_bounced'],
    ['554 Message refused', 'soft_bounced'],
    ['450 4.2.1 The user is receiving mail too quickly', 'soft_bounced'],
  ];
  for (const [said, kind] of words) assert.equal(bounceKind({ words: said }), kind, said);
  assert.equal(bounceKind({ status: '5.1.1', words: '' }), 'bounced');
  assert.equal(bounceKind({ status: '4.4.7', words: '550 No such user' }), 'soft_bounced');
});

test('a report about an address that we did not write to is about the one reader, or about none', () => {
  assert.equal(readerOf(['Ana@example.com'], 'ana@other.example'), 'ana@example.com');
  assert.equal(readerOf(['ana@example.com', 'ben@example.com'], 'ana@other.example'), '');
  assert.equal(
    readerOf(['ana@example.com', 'ben@example.com'], undefined, 'BEN@example.com'),
    'ben@example.com',
  );
});

test('a good copy takes the place of a reader whose address is bad; nobody left means not sent', () => {
  const bad = new Set(['ana@example.com']);
  assert.deepEqual(withoutProblems({ to: ['ANA@example.com', 'b@x.example'], cc: [] }, bad), {
    to: ['b@x.example'],
    cc: [],
  });
  assert.deepEqual(withoutProblems({ to: ['ana@example.com'], cc: ['c@x.example'] }, bad), {
    to: ['c@x.example'],
    cc: [],
  });
  assert.deepEqual(withoutProblems({ to: ['ana@example.com'], cc: [] }, bad), {
    to: ['ana@example.com'],
    cc: [],
    suppressedBy: 'email_problem',
  });
});

test('only a full or disabled mailbox is held against an address, never what is late, refused or slowed down', () => {
  const words: [string, boolean][] = [
    ['552 5.2.2 The mailbox is full', true],
    ['452 4.2.2 The email account is over quota', true],
    ['452 4.2.1 Mailbox disabled for now', true],
    ['552 Mailbox full', true],
    ['smtp; 552 Requested action aborted: exceeded storage allocation (5.2.2)', true],
    ['450 4.2.1 The user is receiving mail too quickly', false],
    ['450 4.2.0 Recipient address rejected: Greylisted', false],
    ['450 4.2.0 Try again', false],
    ['550 5.7.1 Message rejected as spam', false],
    ['550 5.7.1 Mailbox full of mail like this: rejected', false],
    ['552 5.3.4 Message too big', false],
    ['452 4.2.3 Message too long for this mailbox', false],
    ['421 4.4.7 Message expired', false],
    ['554 Message refused', false],
  ];
  for (const [said, counts] of words) assert.equal(isOfMailbox(said), counts, said);
});

describe('soft bounces that last', () => {
  const on = (day: number, arrived = false): Knock => ({
    ...{ arrived, messageId: `msg_${String(day).padStart(2, '0')}` },
    at: new Date(Date.UTC(2026, 2, day)),
  });
  const again = (day: number, messageId: string): Knock => ({ ...on(day), messageId });
  const cases: [string, boolean, Knock[]][] = [
    ['three messages over a week', true, [on(1), on(4), on(8)]],
    ['two messages over a month', false, [on(1), on(31)]],
    ['three messages in a week less a day', false, [on(1), on(4), on(7)]],
    ['one message that is told of for a week', false, [on(1), again(4, 'msg_01'), again(8, 'msg_01')]],
    ['one arrived in between', false, [on(1), on(4), on(5, true), on(8), on(12)]],
    ['the newest arrived', false, [on(1), on(4), on(8), on(9, true)]],
    [
      'an older one is told of only after a newer one arrived',
      false,
      [on(1), again(20, 'msg_02'), on(4, true), on(12)],
    ],
    ['three more after one arrived', true, [on(1), on(2, true), on(8), on(12), on(15)]],
  ];
  for (const [why, lasts, knocks] of cases)
    test(`${lasts ? 'are' : 'are not'} a bad address: ${why}`, () => {
      assert.equal(softBouncesLast(knocks), lasts);
      assert.equal(softBouncesLast([...knocks].reverse()), lasts);
    });
});
