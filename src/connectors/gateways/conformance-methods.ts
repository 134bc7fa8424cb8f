import assert from 'node:assert/strict';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { assertHides, type Case, refusalFrom, request } from './gateway-lab.ts';

/** The vault, of gateways that have one. */
export const storedMethods: Record<string, Case> = {
  'a method stored while paying is charged again without the payer': async (lab, t) => {
    if (!lab.gateway.methods) return t.skip();
    const source = { kind: 'one_time', token: await lab.tokens.approve(), store: true } as const;
    const first = await lab.gateway.charge(request(lab, '', { source }));
    assert.ok(first.outcome === 'approved' && first.method.storedToken);
    const stored = { kind: 'stored', token: first.method.storedToken } as const;
    const again = await lab.gateway.charge(request(lab, '', { source: stored }));
    assert.ok(again.outcome === 'approved');
    assert.equal(again.method.last4, first.method.last4);
    assert.equal((await lab.captured()).length, 2);
  },

  'a method stored without paying is stored once, charges nothing, and declines when removed': async (
    lab,
    t,
  ) => {
    if (!lab.gateway.methods) return t.skip();
    const input = {
      methodId: newId('paymentMethod'),
      token: await lab.tokens.approve(),
      customerId: newId('customer'),
    };
    const method = await must(lab.gateway.methods, 'a vault').store({ ...input, at: lab.start });
    assert.deepEqual(await must(lab.gateway.methods, 'a vault').store({ ...input, at: lab.start }), method);
    assert.deepEqual(await lab.captured(), []);
    const { storedToken = '' } = method;
    const source = { kind: 'stored', token: storedToken } as const;
    assert.equal((await lab.gateway.charge(request(lab, '', { source }))).outcome, 'approved');

    await must(lab.gateway.methods, 'a vault').remove({ storedToken, at: lab.start });
    await must(lab.gateway.methods, 'a vault').remove({ storedToken, at: lab.start });
    assert.equal((await lab.gateway.charge(request(lab, '', { source }))).outcome, 'declined');
    assert.equal((await lab.captured()).length, 1);
  },

  'a token that is inspected says what kind of card it is, and pays afterwards as before': async (lab, t) => {
    const { inspect } = lab.gateway;
    if (!inspect) return t.skip();
    const token = await lab.tokens.approve();
    const told = must(await inspect({ token, at: lab.start }), 'the card');
    assert.equal(told.kind, 'card');
    assert.match(told.last4, /^\d{4}$/);
    assert.ok(['credit', 'debit', 'prepaid', 'unknown'].includes(told.funding ?? ''));
    assertHides(lab, told);
    assert.deepEqual(await lab.captured(), []);
    const outcome = await lab.gateway.charge(request(lab, token));
    assert.ok(outcome.outcome === 'approved');
    assert.deepEqual([outcome.method.funding, outcome.method.last4], [told.funding, told.last4]);
  },

  'of a token that is not good, and while the gateway is away, nothing is known': async (lab, t) => {
    const [here, away] = [lab.gateway.inspect, lab.unreachable.inspect];
    if (!here || !away) return t.skip();
    assert.equal(await here({ token: 'tok_never_made', at: lab.start }), undefined);
    assert.equal(await away({ token: await lab.tokens.approve(), at: lab.start }), undefined);
  },

  'a token that is not good, or a gateway that is away, refuses to store without showing a secret': async (
    lab,
    t,
  ) => {
    if (!lab.gateway.methods) return t.skip();
    const input = { methodId: newId('paymentMethod'), customerId: newId('customer'), at: lab.start };
    const bad = await refusalFrom(
      must(lab.gateway.methods, 'a vault').store({ ...input, token: 'tok_never_made' }),
    );
    assert.equal(bad.code, 'invalid_request');
    const away = await refusalFrom(
      must(lab.unreachable.methods, 'a vault').store({ ...input, token: await lab.tokens.approve() }),
    );
    assert.equal(away.code, 'unavailable');
    assertHides(lab, [bad.message, bad.stack, away.message, away.stack]);
  },
};
