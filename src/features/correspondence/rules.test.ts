import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { MailOutcome } from '#features/correspondence/mailer.ts';
import {
  decideDelivery,
  readersOf,
  retryAfter_s,
  routeOf,
  tryCountsAsLostAfter_s,
} from '#features/correspondence/rules.ts';

const message = (change = {}) => ({
  recipients: ['a@x', 'b@x'],
  acceptedEmails: [],
  refusedEmails: [],
  attempts: 1,
  ...change,
});
const accepted = (emails: string[], change = {}): MailOutcome => ({
  outcome: 'accepted',
  accepted: emails,
  refused: [],
  deferred: [],
  ...change,
});

describe('a message on its way', () => {
  test('it is tried after 1 and 5 and 30 minutes, 2, 6, 12 and 24 hours, then a person is told', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 8]
      .map((attempts) => retryAfter_s(attempts))
      .map((s) => s && s / 60);
    assert.deepEqual(minutes, [1, 5, 30, 120, 360, 720, 1440, undefined]);
  });

  test('a try counts as lost only after the mail connector has given up', () => {
    assert.ok(tryCountsAsLostAfter_s > 2 * 120);
  });

  test('practice mail never leaves, and without a mail server none does', () => {
    assert.equal(routeOf('live', true), 'smtp');
    for (const route of [routeOf('live', false), routeOf('sandbox', true), routeOf('sandbox', false)])
      assert.equal(route, 'mailbox');
  });

  test('a reader who is named twice gets one mail', () => {
    assert.deepEqual(readersOf(['Ana@x.com', 'ana@X.com', ''], ['ANA@x.com', 'ben@x.com']), {
      to: ['Ana@x.com'],
      cc: ['ben@x.com'],
    });
  });

  test('all have it: sent', () => {
    const delivery = decideDelivery(message(), accepted(['a@x', 'b@x']));
    assert.deepEqual([delivery.state, delivery.error, delivery.retryAfter_s], ['sent', null, undefined]);
  });

  test('nobody answered: tried again in a minute, and nothing is forgotten', () => {
    const delivery = decideDelivery(message({ acceptedEmails: ['a@x'] }), {
      outcome: 'unknown',
      reason: 'timeout',
    });
    assert.deepEqual(delivery, {
      state: 'queued',
      acceptedEmails: ['a@x'],
      refusedEmails: [],
      error: 'timeout',
      retryAfter_s: 60,
    });
  });

  test('one is refused and one has it: failed in sight, with the one who has it remembered', () => {
    const delivery = decideDelivery(
      message(),
      accepted(['a@x'], { refused: [{ email: 'b@x', reason: 'no such user' }] }),
    );
    assert.deepEqual(
      [delivery.state, delivery.acceptedEmails, delivery.error],
      ['failed', ['a@x'], 'b@x: no such user'],
    );
  });

  test('one is put off and one has it: only the one is tried again', () => {
    const delivery = decideDelivery(
      message(),
      accepted(['a@x'], { deferred: [{ email: 'b@x', reason: 'busy' }] }),
    );
    assert.deepEqual(
      [delivery.state, delivery.acceptedEmails, delivery.retryAfter_s],
      ['queued', ['a@x'], 60],
    );
  });

  test('the last try failed: failed, with the reason', () => {
    const delivery = decideDelivery(message({ attempts: 8 }), {
      outcome: 'unknown',
      reason: 'connection refused',
    });
    assert.deepEqual([delivery.state, delivery.error], ['failed', 'connection refused']);
  });

  test('whatever happens on the way, a message that is sent reached every reader', () => {
    const reader = fc.constantFrom('accepted' as const, 'refused' as const, 'deferred' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(reader, reader), { maxLength: 9 }), (tries) => {
        let underway = message();
        for (const answers of tries) {
          const open = underway.recipients.filter(
            (email) => !([...underway.acceptedEmails, ...underway.refusedEmails] as string[]).includes(email),
          );
          const of = (kind: string) =>
            open.filter((email) => answers[underway.recipients.indexOf(email)] === kind);
          const troubles = (kind: string) => of(kind).map((email) => ({ email, reason: kind }));
          const delivery = decideDelivery(
            underway,
            accepted(of('accepted'), { refused: troubles('refused'), deferred: troubles('deferred') }),
          );
          if (delivery.state === 'sent')
            assert.deepEqual([...delivery.acceptedEmails].sort(), ['a@x', 'b@x']);
          if (delivery.state !== 'queued') return;
          assert.ok(delivery.retryAfter_s);
          underway = message({ ...delivery, attempts: underway.attempts + 1 });
        }
        assert.ok(tries.length < 8);
      }),
    );
  });
});
