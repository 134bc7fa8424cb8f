import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decideMove,
  decidePayment,
  type Effect,
  type InvoiceToPay,
  isFinal,
  isInProgress,
  nextLookupAfter_s,
  type PaymentState,
} from '#features/payments/rules.ts';

const states: readonly PaymentState[] = [
  'pending',
  'unknown',
  'approved',
  'settling',
  'settled',
  'declined',
  'submitted',
  'accepted',
  'collected',
  'returned',
  'voided',
];
const kinds = ['card', 'bank_account'] as const;

type Move = ReturnType<typeof decideMove>;

/**
 * Where the money is: reserved by a promise, applied in the books, or ended. Each effect has one place to
 * start.
 */
type Place = 'reserved' | 'applied' | 'ended';
const placeAfter: Record<Effect, Partial<Record<Place, Place>>> = {
  none: { reserved: 'reserved', applied: 'applied', ended: 'ended' },
  post: { reserved: 'applied' },
  release: { reserved: 'ended' },
  reverse: { applied: 'ended' },
};

test('any news in any order leaves the money in exactly one place, posted at most once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.constantFrom(...states), { maxLength: 40 }),
      (kind, news) => {
        let state: PaymentState = 'pending';
        let place: Place = 'reserved';
        let posted = 0;
        for (const to of news) {
          const move: Move | undefined = to === state ? undefined : decideMove(kind, state, to);
          if (!move) continue;
          const next: Place | undefined = placeAfter[move.effect][place];
          assert.ok(next, `${kind} ${state} → ${to}: ${move.effect} while ${place}`);
          [state, place, posted] = [move.to, next, posted + (move.effect === 'post' ? 1 : 0)];
        }
        assert.ok(posted <= 1);
        assert.equal(place === 'reserved', isInProgress(state), `${kind} ${state} is ${place}`);
        assert.equal(place === 'ended', ['declined', 'returned', 'voided'].includes(state));
      },
    ),
    { numRuns: 20_000 },
  );
});

const moves = (kind: (typeof kinds)[number]): string[] =>
  states.flatMap((from) =>
    states.flatMap((to) => {
      const move = decideMove(kind, from, to);
      return move ? [`${from} → ${to}: ${move.effect}`] : [];
    }),
  );

test('a card moves as the table says and in no other way', () => {
  assert.deepEqual(moves('card'), [
    'pending → unknown: none',
    'pending → approved: post',
    'pending → settling: post',
    'pending → settled: post',
    'pending → declined: release',
    'pending → voided: release',
    'unknown → approved: post',
    'unknown → settling: post',
    'unknown → settled: post',
    'unknown → declined: release',
    'unknown → voided: release',
    'approved → settling: none',
    'approved → settled: none',
    'approved → voided: reverse',
    'settling → settled: none',
  ]);
});

test('a bank debit moves as the table says and in no other way', () => {
  const early = (from: string) =>
    [
      'settled: post',
      'declined: release',
      'submitted: none',
      'accepted: none',
      'collected: none',
      'returned: release',
      'voided: release',
    ].map((rest) => `${from} → ${rest}`);
  assert.deepEqual(moves('bank_account'), [
    'pending → unknown: none',
    ...early('pending'),
    ...early('unknown'),
    'settled → returned: reverse',
    'submitted → settled: post',
    'submitted → accepted: none',
    'submitted → collected: none',
    'submitted → returned: release',
    'submitted → voided: release',
    'accepted → settled: post',
    'accepted → collected: none',
    'accepted → returned: release',
    'collected → settled: post',
    'collected → returned: release',
  ]);
});

test('no state is left twice to the same place with an effect, and a final one is never left', () => {
  for (const kind of kinds) {
    for (const from of states.filter((state) => isFinal(kind, state))) {
      for (const to of states) assert.equal(decideMove(kind, from, to), undefined, `${kind} ${from} → ${to}`);
      assert.equal(nextLookupAfter_s(kind, from, 0), undefined);
    }
  }
});

test('a doubtful payment is asked about after 1 m, 5 m, 1 h, then daily for five days, then by nobody', () => {
  const asked = Array.from({ length: 9 }, (_, lookups) => nextLookupAfter_s('card', 'unknown', lookups));
  assert.deepEqual(asked, [60, 300, 3600, 86_400, 86_400, 86_400, 86_400, 86_400, undefined]);
});

test('a settled bank debit is asked about for longer than it can come back, an open one for ever', () => {
  const days = Array.from({ length: 200 }, (_, lookups) =>
    nextLookupAfter_s('bank_account', 'settled', lookups),
  );
  assert.ok(days.filter((after) => after !== undefined).length >= 65);
  for (let lookups = 0; lookups < 500; lookups += 1) {
    assert.ok(nextLookupAfter_s('bank_account', 'collected', lookups) !== undefined);
  }
});

const open = (id: string, balanceDue: bigint, change: Partial<InvoiceToPay> = {}): [string, InvoiceToPay] => [
  id,
  { id, customerId: 'c', currency: 'USD', balanceDue, reserved: 0n, isOpen: true, ...change },
];
const invoices = new Map([
  open('a', 100n),
  open('b', 50n, { reserved: 50n }),
  open('closed', 0n, { isOpen: false }),
  open('foreign', 10n, { customerId: 'd' }),
  open('yen', 10n, { currency: 'JPY' }),
  open('part', 100n, { reserved: 40n }),
]);
const pay = (amount: bigint, ...applications: [string, bigint][]) =>
  decidePayment(
    {
      customerId: 'c',
      currency: 'USD',
      amount,
      applications: applications.map(([invoiceId, part]) => ({ invoiceId, amount: part })),
    },
    invoices,
  );

test('each reason to refuse a payment names its code and the field at fault', () => {
  const refusals: [ReturnType<typeof pay>, string, string, RegExp][] = [
    [pay(0n), 'invalid_request', 'amount', /above zero/],
    [pay(-5n), 'invalid_request', 'amount', /above zero/],
    [pay(10n, ['nowhere', 10n]), 'not_found', 'applications.0', /no invoice nowhere/],
    [pay(10n, ['foreign', 10n]), 'not_found', 'applications.0', /no invoice foreign/],
    [pay(10n, ['a', 5n], ['a', 5n]), 'invalid_request', 'applications.1', /twice/],
    [pay(10n, ['a', 0n]), 'invalid_request', 'applications.0', /above zero/],
    [pay(10n, ['a', -1n]), 'invalid_request', 'applications.0', /above zero/],
    [pay(10n, ['yen', 10n]), 'invalid_request', 'applications.0', /another currency/],
    [pay(10n, ['closed', 1n]), 'state_refused', 'applications.0', /not open/],
    [pay(101n, ['a', 101n]), 'amount_too_large', 'applications.0', /more than what can be paid/],
    [pay(10n, ['a', 5n], ['b', 1n]), 'amount_too_large', 'applications.1', /already being processed/],
    [pay(99n, ['part', 61n]), 'amount_too_large', 'applications.0', /more than what can be paid/],
    [pay(10n, ['a', 6n], ['part', 5n]), 'amount_too_large', 'amount', /More is applied/],
  ];
  for (const [verdict, code, param, reason] of refusals) {
    assert.ok(!verdict.ok);
    assert.deepEqual([verdict.code, verdict.param], [code, param]);
    assert.match(verdict.reason, reason);
  }
});

test('a payment may fit exactly, be partial, be more than is applied, or be for nothing yet', () => {
  for (const verdict of [
    pay(100n, ['a', 100n]),
    pay(1n, ['a', 1n]),
    pay(500n, ['a', 100n], ['part', 60n]),
    pay(7n),
  ]) {
    assert.deepEqual(verdict, { ok: true });
  }
});

test('whatever is accepted fits what is payable on each invoice and in sum', () => {
  const cents = fc.bigInt({ min: -5n, max: 130n });
  const ids = fc.constantFrom('a', 'b', 'part', 'closed', 'foreign', 'yen');
  fc.assert(
    fc.property(cents, fc.array(fc.tuple(ids, cents), { maxLength: 5 }), (amount, parts) => {
      if (!pay(amount, ...parts).ok) return;
      let total = 0n;
      for (const [id, part] of parts) {
        const { balanceDue, reserved } = invoices.get(id) as InvoiceToPay;
        assert.ok(part > 0n && part <= balanceDue - reserved);
        total += part;
      }
      assert.ok(total <= amount && amount > 0n);
    }),
    { numRuns: 5000 },
  );
});
