import assert from 'node:assert/strict';
import { must } from '#lib/errors.ts';
import { isRefunded, voidOf, wentBack, withRefunds } from './conformance-refunds.ts';
import { assertHides, type Case, charged, question, refundOf, settledCharge } from './gateway-lab.ts';

/** What goes wrong on the way of a void or a refund, and what a connector must then say. */
export const refundTrouble: Record<string, Case> = {
  'a refund whose answer was dropped is unknown, and the lookup tells that it was made': async (lab, t) => {
    const { refunds } = lab.gateway;
    if (!refunds || !lab.trouble) return t.skip();
    const made = await settledCharge(lab);
    const refund = refundOf(lab, made, { amount: 100n });
    await lab.trouble('dropAfterCommit');
    const lost = await refunds.refund(refund);
    assert.equal(lost.outcome, 'unknown');
    assertHides(lab, lost);
    const found = await refunds.lookup(refund);
    assert.ok(isRefunded(found), found.outcome);
    assert.deepEqual(await refunds.refund(refund), found, 'and sent again it is still the same one');
    assert.deepEqual(await wentBack(lab, made), [100n]);
  },

  'a refund dropped before it was made is unknown, then absent, and can be sent again': async (lab, t) => {
    const { refunds } = lab.gateway;
    if (!refunds || !lab.trouble) return t.skip();
    const made = await settledCharge(lab);
    const refund = refundOf(lab, made, { amount: 100n });
    await lab.trouble('dropBeforeCommit');
    assert.equal((await refunds.refund(refund)).outcome, 'unknown');
    assert.equal((await refunds.lookup(refund)).outcome, 'absent');
    assert.ok(isRefunded(await refunds.refund(refund)));
    assert.deepEqual(await wentBack(lab, made), [100n]);
  },

  'a gateway that is busy for a moment is asked again, and refunds once': async (lab, t) => {
    const { refunds } = lab.gateway;
    if (!refunds || !lab.trouble) return t.skip();
    const made = await settledCharge(lab);
    for (const passing of ['unavailableOnce', 'rateLimitedOnce'] as const) {
      await lab.trouble(passing);
      assert.ok(isRefunded(await refunds.refund(refundOf(lab, made, { amount: 100n }))), passing);
    }
    assert.deepEqual(await wentBack(lab, made), [100n, 100n]);
  },

  'a void whose answer was dropped is unknown, and asked again it is voided': async (lab, t) => {
    const { refunds } = lab.gateway;
    if (!refunds || !lab.trouble || lab.neverVoids) return t.skip();
    const made = await charged(lab, await lab.tokens.approve());
    await lab.trouble('dropAfterCommit');
    assert.equal((await refunds.void(voidOf(lab, made))).outcome, 'unknown');
    const found = await lab.gateway.lookup(question(made.charge.paymentId, lab.start));
    assert.equal(found.outcome, 'voided');
    assert.equal((await refunds.void(voidOf(lab, made))).outcome, 'voided');
  },

  'a gateway that cannot be reached makes voids, refunds and their lookups unknown, and shows no secret':
    withRefunds(async (lab) => {
      const made = await charged(lab, await lab.tokens.approve());
      const away = must(lab.unreachable.refunds, 'refunds');
      const refund = refundOf(lab, made);
      const outcomes = [
        await away.void(voidOf(lab, made)),
        await away.refund(refund),
        await away.lookup(refund),
      ];
      const [voided, ...others] = outcomes.map((each) => each.outcome);
      // A vendor that never voids may not be asked to.
      assert.ok(voided === 'unknown' || (lab.neverVoids && voided === 'refused'), voided);
      assert.deepEqual(others, ['unknown', 'unknown']);
      assertHides(lab, outcomes);
    }),
};
