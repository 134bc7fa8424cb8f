import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AutopayInvoice,
  autopayDay,
  decideInvoice,
  endByDecline,
  noticeOf,
  packCharges,
  type RunningAutopay,
  type WhyNoCharge,
} from '#features/autopay/rules.ts';
import { addDays } from '#lib/dates.ts';

const today = '2026-03-10';
const house = { currency: 'USD', debitNoticeDays: 10 };
const by = { house, today };
const autopay: RunningAutopay = {
  chargeWhen: 'created',
  threshold: null,
  maximum: null,
  noticeDays: 0,
  since: new Date('2026-03-01T00:00:00Z'),
  methodKind: 'card',
};
const invoice: AutopayInvoice = {
  issuedAt: new Date('2026-03-10T10:00:00Z'),
  issuedOn: today,
  revisedAt: null,
  invoiceDate: '2026-03-12',
  dueDate: '2026-04-11',
  currency: 'USD',
  balanceDue: 10_000n,
  reserved: 0n,
  isOpen: true,
  isOnPlan: false,
  isDisputed: false,
  promisedOn: null,
  tried: null,
  toldFor: null,
};

test('each day of charge is its own, and an older one is today', () => {
  const on = (chargeWhen: RunningAutopay['chargeWhen']) =>
    decideInvoice(invoice, { ...autopay, chargeWhen }, by);
  assert.deepEqual(on('created'), { charge: true });
  assert.deepEqual(on('invoice_date'), { charge: false, on: '2026-03-12', tell: false });
  assert.deepEqual(on('due_date'), { charge: false, on: '2026-04-11', tell: false });
  assert.deepEqual(
    decideInvoice({ ...invoice, dueDate: '2026-01-01' }, { ...autopay, chargeWhen: 'due_date' }, by),
    { charge: true },
  );
});

test('what keeps autopay away has a name each', () => {
  const before = { issuedAt: new Date('2026-02-27T10:00:00Z') };
  const most = { direction: 'at_or_below' as const, amount: 9_999n };
  const least = { direction: 'at_or_above' as const, amount: 10_001n };
  const cases: [WhyNoCharge, Partial<AutopayInvoice>, Partial<RunningAutopay>?][] = [
    ['not_open', { isOpen: false }],
    ['not_open', { balanceDue: 0n }],
    ['before_autopay', before],
    ['before_autopay', { ...before, revisedAt: new Date('2026-02-28T10:00:00Z') }],
    ['on_plan', { isOnPlan: true }],
    ['under_way', { reserved: 1n }],
    ['tried', { tried: { on: '2026-03-09', nextTryOn: null } }],
    ['other_currency', { currency: 'EUR' }],
    ['outside_threshold', {}, { threshold: most }],
    ['outside_threshold', {}, { threshold: least }],
    ['over_maximum', {}, { maximum: 9_999n }],
    ['disputed', { isDisputed: true }],
    ['promised', { promisedOn: '2026-03-20' }],
  ];
  for (const [why, change, terms] of cases)
    assert.deepEqual(decideInvoice({ ...invoice, ...change }, { ...autopay, ...terms }, by), {
      charge: false,
      why,
    });
  const revised = { ...invoice, ...before, revisedAt: new Date('2026-03-01T00:00:00Z') };
  assert.deepEqual(decideInvoice(revised, autopay, by), { charge: true });
});

test('a notice comes first, and the charge not before its day', () => {
  const terms = { ...autopay, noticeDays: 5 };
  assert.deepEqual(decideInvoice(invoice, terms, by), { charge: false, on: '2026-03-15', tell: true });
  const told = { ...invoice, toldFor: '2026-03-15' };
  assert.deepEqual(decideInvoice(told, terms, by), { charge: false, on: '2026-03-15', tell: false });
  assert.deepEqual(decideInvoice(told, terms, { ...by, today: '2026-03-15' }), { charge: true });
  assert.deepEqual(decideInvoice(invoice, { ...terms, chargeWhen: 'due_date' }, by), {
    charge: false,
    on: '2026-04-11',
    tell: false,
  });
});

test('a bank account without a maximum has the notice of the law; a card or a range has what was agreed', () => {
  assert.equal(noticeOf({ ...autopay, methodKind: 'bank_account' }, house), 10);
  assert.equal(noticeOf({ ...autopay, methodKind: 'bank_account', noticeDays: 14 }, house), 14);
  assert.equal(noticeOf({ ...autopay, methodKind: 'bank_account', maximum: 1n }, house), 0);
  assert.equal(noticeOf(autopay, house), 0);
});

test('a second try comes on its day, and the day of autopay stays that of the first', () => {
  const tried = { ...invoice, tried: { on: '2026-03-08', nextTryOn: '2026-03-11' } };
  assert.deepEqual(decideInvoice(tried, autopay, by), { charge: false, on: '2026-03-11', tell: false });
  assert.deepEqual(decideInvoice(tried, autopay, { ...by, today: '2026-03-14' }), { charge: true });
  assert.equal(autopayDay(tried, autopay, by), '2026-03-08');
  assert.equal(autopayDay({ ...invoice, isDisputed: true }, autopay, by), undefined);
});

test('only what says that the method is no good ends autopay', () => {
  assert.equal(endByDecline('expired_card'), 'card_expired');
  assert.equal(endByDecline('method_gone'), 'method_removed');
  assert.equal(endByDecline('blocked_method'), 'method_blocked');
  assert.equal(endByDecline('lost_or_stolen'), 'method_refused');
  for (const code of ['insufficient_funds', 'do_not_honor', 'gateway_error', 'R01', null])
    assert.equal(endByDecline(code), undefined);
});

test('charges are packed whole: each invoice once, none above the maximum, at most a hundred together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 1n, max: 500n }), { minLength: 1, maxLength: 260 }),
      fc.option(fc.bigInt({ min: 500n, max: 3000n })),
      (amounts, maximum) => {
        const invoices = amounts.map((balanceDue, at) => ({ balanceDue, at }));
        const charges = packCharges(invoices, maximum);
        assert.deepEqual(
          charges
            .flat()
            .map(({ at }) => at)
            .sort((a, b) => a - b),
          invoices.map(({ at }) => at),
        );
        for (const charge of charges) {
          assert.ok(charge.length <= 100);
          const total = charge.reduce((so, { balanceDue }) => so + balanceDue, 0n);
          assert.ok(maximum === null || total <= maximum);
        }
      },
    ),
  );
});

test('an invoice is never charged before it was told of where a notice is due', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: -40, max: 40 }),
      fc.constantFrom('created', 'invoice_date', 'due_date'),
      (noticeDays, shift, chargeWhen) => {
        const terms = { ...autopay, noticeDays, chargeWhen } as RunningAutopay;
        const verdict = decideInvoice({ ...invoice, dueDate: addDays(today, shift) }, terms, by);
        assert.equal(verdict.charge, false);
        assert.ok('on' in verdict && verdict.on >= addDays(today, noticeDays));
      },
    ),
  );
});
