import assert from 'node:assert/strict';
import {
  assertHides,
  bookedOnce,
  type Case,
  goodOutcome,
  question,
  request,
  unknownThenApproved,
} from './gateway-lab.ts';

/** What the network and the vendor do wrong, and what a connector must then say. */
export const trouble: Record<string, Case> = {
  'an answer later than the deadline is unknown, and the lookup tells that it was approved': async (
    lab,
    t,
  ) => {
    if (!lab.hasty || !lab.tokens.slow) return t.skip();
    await unknownThenApproved(lab, lab.hasty, await lab.tokens.slow());
  },

  'an answer lost on the way is unknown, and the lookup tells that it was approved': async (lab, t) => {
    if (!lab.tokens.lostAnswer) return t.skip();
    await unknownThenApproved(lab, lab.gateway, await lab.tokens.lostAnswer());
  },

  'a 500 after the charge was made is unknown, and the lookup tells that it was approved': async (lab, t) => {
    if (!lab.tokens.errorAfterCommit) return t.skip();
    await unknownThenApproved(lab, lab.gateway, await lab.tokens.errorAfterCommit());
  },

  'a connection dropped after the charge was made is never sent again by the connector itself': async (
    lab,
    t,
  ) => {
    if (!lab.trouble) return t.skip();
    await lab.trouble('dropAfterCommit');
    await unknownThenApproved(lab, lab.gateway, await lab.tokens.approve());
  },

  'a connection dropped before the charge was made is unknown, then absent, and can be sent again': async (
    lab,
    t,
  ) => {
    if (!lab.trouble) return t.skip();
    const charge = request(lab, await lab.tokens.approve());
    await lab.trouble('dropBeforeCommit');
    assert.equal((await lab.gateway.charge(charge)).outcome, 'unknown');
    assert.equal((await lab.gateway.lookup(question(charge.paymentId, lab.start))).outcome, 'absent');
    assert.equal((await lab.gateway.charge(charge)).outcome, goodOutcome(lab));
    await bookedOnce(lab, charge);
  },

  'a gateway that is busy for a moment is asked again, and charges once': async (lab, t) => {
    if (!lab.trouble) return t.skip();
    for (const passing of ['unavailableOnce', 'rateLimitedOnce'] as const) {
      const charge = request(lab, await lab.tokens.approve());
      await lab.trouble(passing);
      assert.equal((await lab.gateway.charge(charge)).outcome, goodOutcome(lab));
      await bookedOnce(lab, charge);
    }
  },

  'a gateway that cannot be reached makes a charge and a lookup unknown, not declined or absent': async (
    lab,
  ) => {
    const charge = request(lab, await lab.tokens.approve());
    const outcomes = [
      await lab.unreachable.charge(charge),
      await lab.unreachable.lookup(question(charge.paymentId, lab.start)),
    ];
    assert.deepEqual(
      outcomes.map((each) => each.outcome),
      ['unknown', 'unknown'],
    );
    assertHides(lab, outcomes);
  },

  'a charge that is still being decided stays unknown until the gateway knows': async (lab, t) => {
    if (!lab.tokens.processing) return t.skip();
    const charge = request(lab, await lab.tokens.processing());
    const seen = [(await lab.gateway.charge(charge)).outcome];
    for (let i = 0; i < 2; i += 1)
      seen.push((await lab.gateway.lookup(question(charge.paymentId, lab.start))).outcome);
    assert.deepEqual(seen, ['unknown', 'unknown', 'approved']);
    await bookedOnce(lab, charge);
  },
};
