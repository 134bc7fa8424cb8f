import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decidePromise,
  type PromisedInvoice,
  rankCustomer,
  type WorklistFacts,
  type WorklistKind,
} from '#features/collections/rules.ts';

const promise = { amount: 100n, promisedOn: '2026-03-10', paidBefore: 40n };
const invoice = (given: Partial<PromisedInvoice> = {}): PromisedInvoice => ({
  paid: 40n,
  reserved: 0n,
  balanceDue: 160n,
  isVoid: false,
  ...given,
});

const table: [string, Partial<PromisedInvoice>, today: string, expected: string][] = [
  ['nothing paid before its day', {}, '2026-03-09', 'open'],
  ['nothing paid on its day, which is not over', {}, '2026-03-10', 'open'],
  ['nothing paid the day after', {}, '2026-03-11', 'broken'],
  ['what was paid before it does not keep it', { paid: 139n, balanceDue: 61n }, '2026-03-11', 'broken'],
  ['paid by exactly the amount since', { paid: 140n, balanceDue: 60n }, '2026-03-09', 'kept'],
  ['paid late but before anyone looked', { paid: 140n, balanceDue: 60n }, '2026-03-20', 'kept'],
  ['less was due than promised, and all of it is paid', { paid: 90n, balanceDue: 0n }, '2026-03-11', 'kept'],
  ['a payment that would keep it is under way', { reserved: 100n }, '2026-03-20', 'open'],
  ['a payment under way is too small', { reserved: 99n }, '2026-03-20', 'broken'],
  ['all that is due is under way', { reserved: 50n, balanceDue: 50n, paid: 60n }, '2026-03-20', 'open'],
  ['the invoice was voided', { isVoid: true }, '2026-03-20', 'withdrawn'],
];
for (const [what, facts, today, expected] of table) {
  test(`a promise: ${what} → ${expected}`, () => {
    assert.equal(decidePromise(promise, invoice(facts), today), expected);
  });
}

const nothing: WorklistFacts = {
  late30: 0n,
  late60: 0n,
  late90: 0n,
  lateOlder: 0n,
  oldestDue: null,
  open: 0n,
  brokenLately: 0,
  returnedLately: 0,
  brokenTasks: 0,
  promisesDue: 0n,
  promisedOn: null,
  disputes: 0,
  disputed: 0n,
  tasks: 0,
  taskDue: null,
  taskTitle: null,
  failed: 0n,
  failedOn: null,
  bouncedOn: null,
  lastContactOn: null,
};
const today = '2026-03-10';
const rankOf = (given: Partial<WorklistFacts>): bigint =>
  rankCustomer({ ...nothing, ...given }, today)?.rank ?? 0n;

test('nobody is on the worklist without a reason, open invoices or not', () => {
  assert.equal(rankCustomer({ ...nothing, open: 500n }, today), undefined);
  assert.equal(rankCustomer({ ...nothing, brokenLately: 3, returnedLately: 2 }, today), undefined);
});

test('the same money weighs more the older it is, and more where a promise was broken or a debit came back', () => {
  const ages = (['late30', 'late60', 'late90', 'lateOlder'] as const).map((age) => rankOf({ [age]: 1000n }));
  assert.deepEqual(ages, [100_000n, 150_000n, 200_000n, 250_000n]);
  assert.ok(rankOf({ late30: 1000n, brokenLately: 1 }) > rankOf({ late30: 1000n }));
  assert.ok(rankOf({ late30: 1000n, returnedLately: 1 }) > rankOf({ late30: 1000n }));
});

test('of two who owe the same, the one with a reason to act today stands first, a broken promise foremost', () => {
  const base = { late30: 1000n, open: 1000n };
  const ranks: [WorklistKind, bigint][] = [
    ['broken_promise', rankOf({ ...base, brokenTasks: 1 })],
    ['promise_due', rankOf({ ...base, promisesDue: 1000n })],
    ['dispute', rankOf({ ...base, disputes: 1, disputed: 1000n })],
    ['task', rankOf({ ...base, tasks: 1 })],
    ['bounce', rankOf({ ...base, bouncedOn: today })],
    ['past_due', rankOf(base)],
  ];
  const sorted = [...ranks].sort(([, a], [, b]) => (a > b ? -1 : 1));
  assert.deepEqual(ranks, sorted);
});

test('whoever was spoken to in the last days waits with the balance, not with what was promised', () => {
  const base = { late30: 1000n };
  assert.equal(rankOf({ ...base, lastContactOn: '2026-03-08' }), 25_000n);
  assert.equal(rankOf({ ...base, lastContactOn: '2026-03-07' }), 100_000n);
  const promised = { promisesDue: 1000n };
  assert.equal(rankOf({ ...promised, lastContactOn: today }), rankOf(promised));
});

test('a task without money stands on the list all the same', () => {
  assert.ok(rankOf({ tasks: 1 }) > 0n);
  assert.deepEqual(
    rankCustomer({ ...nothing, tasks: 2, taskDue: today, taskTitle: 'Call' }, today)?.reasons,
    [{ kind: 'task', count: 2, on: today, words: 'Call' }],
  );
});

test('more owed never stands lower, whatever else holds, and the largest amounts still fit the database', () => {
  const most = 9_000_000_000_000n;
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: most }),
      fc.bigInt({ min: 0n, max: most }),
      fc.record({
        brokenLately: fc.nat(3),
        brokenTasks: fc.nat(3),
        promisesDue: fc.bigInt({ min: 0n, max: most }),
        disputes: fc.nat(2),
        disputed: fc.bigInt({ min: 0n, max: most }),
        failed: fc.bigInt({ min: 0n, max: most }),
        tasks: fc.nat(2),
      }),
      (a, b, rest) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        assert.ok(rankOf({ ...rest, lateOlder: less }) <= rankOf({ ...rest, lateOlder: more }));
        assert.ok(rankOf({ ...rest, lateOlder: more }) < 2n ** 63n);
      },
    ),
  );
});
