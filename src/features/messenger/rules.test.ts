import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type AddressedInvoice,
  concernsCustomer,
  type MessengerRule,
  newInvoiceDay,
  statementDayUpTo,
  whyNotNewInvoice,
  whyNotUpdated,
} from '#features/messenger/rules.ts';
import { placeOf, type Reader } from '#features/messenger/tell-rules.ts';
import { addDays, addMonths, daysBetween } from '#lib/dates.ts';

const now = new Date('2026-03-10T15:00:00Z');
const today = '2026-03-10';
const rule: MessengerRule = {
  automaticMessagesSince: new Date('2026-01-01T00:00:00Z'),
  newInvoiceWhen: 'created',
  newInvoiceDelayDays: 0,
  newInvoicesSince: null,
  sendToInactive: false,
};
const invoice: AddressedInvoice = {
  issuedAt: new Date('2026-03-08T10:00:00Z'),
  issuedOn: '2026-03-08',
  voidedAt: null,
  balanceDue: 100n,
  reserved: 0n,
  writtenOff: 0n,
  invoiceDate: '2026-03-12',
  dueDate: '2026-04-11',
  firstSentAt: null,
  importIsQuiet: false,
  customerIsActive: true,
  mayBeContacted: true,
  messageCells: ['new_invoice.email', 'invoice_updated.email'],
  autopayOn: null,
};
const sent = { firstSentAt: now };

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

type Case = [why: string | undefined, rule: Partial<MessengerRule>, invoice: Partial<AddressedInvoice>];

describe('a new invoice', () => {
  const cases: Case[] = [
    [undefined, {}, {}],
    ['sent_before', {}, sent],
    ['import_is_quiet', {}, { importIsQuiet: true }],
    ['rule_is_never', { newInvoiceWhen: 'never' }, {}],
    ['issued_before_live', { newInvoicesSince: new Date('2026-03-08T10:00:01Z') }, {}],
    [undefined, { newInvoicesSince: new Date('2026-03-08T10:00:00Z') }, {}],
    ['not_its_day_yet', { newInvoiceWhen: 'invoice_date' }, {}],
    [undefined, { newInvoiceWhen: 'invoice_date' }, { invoiceDate: today }],
    [undefined, { newInvoiceWhen: 'invoice_date' }, { invoiceDate: '2025-01-01' }],
    ['not_its_day_yet', { newInvoiceWhen: 'delay', newInvoiceDelayDays: 3 }, {}],
    [undefined, { newInvoiceWhen: 'delay', newInvoiceDelayDays: 2 }, {}],
    ['not_its_day_yet', {}, { issuedAt: null, issuedOn: null }],
    ['held_until_live', { automaticMessagesSince: null }, {}],
    ['held_until_live', { automaticMessagesSince: new Date('2026-03-10T15:00:01Z') }, {}],
    ['autopay_pays_it', {}, { autopayOn: '2026-03-08' }],
    ['autopay_pays_it', { newInvoiceWhen: 'delay', newInvoiceDelayDays: 2 }, { autopayOn: today }],
    [undefined, {}, { autopayOn: '2026-03-09' }],
    ['not_open', {}, { voidedAt: now }],
    ['not_open', {}, { balanceDue: 0n }],
    ['not_open', {}, { balanceDue: 0n, writtenOff: 100n }],
    ['not_open', {}, { reserved: 100n }],
    [undefined, {}, { reserved: 99n }],
    ['customer_inactive', {}, { customerIsActive: false }],
    [undefined, { sendToInactive: true }, { customerIsActive: false }],
    ['customer_may_be_contacted', {}, { mayBeContacted: false, messageCells: [] }],
    ['no_channel', {}, { messageCells: ['invoice_updated.email'] }],
    [undefined, {}, { messageCells: ['new_invoice.paper'] }],
  ];
  for (const [why, ruleChange, invoiceChange] of cases)
    test(`${why ?? 'goes'}: ${JSON.stringify({ ...ruleChange, ...invoiceChange }, plain)}`, () => {
      const asked = {
        rule: { ...rule, ...ruleChange },
        invoice: { ...invoice, ...invoiceChange },
        today,
        now,
      };
      assert.equal(whyNotNewInvoice(asked), why);
    });

  test('its day under each rule', () => {
    const day = (change: Partial<MessengerRule>) => newInvoiceDay({ ...rule, ...change }, invoice);
    assert.equal(day({}), '2026-03-08');
    assert.equal(day({ newInvoiceWhen: 'invoice_date' }), '2026-03-12');
    assert.equal(day({ newInvoiceWhen: 'delay', newInvoiceDelayDays: 30 }), '2026-04-07');
    assert.equal(day({ newInvoiceWhen: 'never' }), undefined);
  });
});

describe('a changed invoice', () => {
  const cases: Case[] = [
    [undefined, {}, sent],
    ['never_sent', {}, {}],
    [undefined, { newInvoiceWhen: 'never', newInvoicesSince: now }, sent],
    ['held_until_live', { automaticMessagesSince: null }, sent],
    ['not_open', {}, { ...sent, reserved: 100n }],
    ['customer_inactive', {}, { ...sent, customerIsActive: false }],
    ['no_channel', {}, { ...sent, messageCells: ['new_invoice.email'] }],
  ];
  for (const [why, ruleChange, invoiceChange] of cases)
    test(`${why ?? 'is told'}: ${JSON.stringify({ ...ruleChange, ...invoiceChange }, plain)}`, () => {
      const asked = {
        rule: { ...rule, ...ruleChange },
        invoice: { ...invoice, ...invoiceChange },
        today,
        now,
      };
      assert.equal(whyNotUpdated(asked), why);
    });

  test('concerns the customer when a line, the amount, the due date or the customer is another', () => {
    const document = { customer_id: 'a', due_date: '2026-03-01', total: 100, lines: [['Work', '', '1']] };
    assert.equal(concernsCustomer(document, { ...document, lines: [['Work', '', '1']] }), false);
    for (const change of [
      { customer_id: 'b' },
      { due_date: '2026-03-02' },
      { total: 99 },
      { lines: [['Work', 'more', '1']] },
      { lines: [] },
    ])
      assert.equal(concernsCustomer(document, { ...document, ...change }), true, JSON.stringify(change));
  });
});

describe('the statement day', () => {
  const cases: [today: string, day: number, due: string][] = [
    ['2026-03-15', 15, '2026-03-15'],
    ['2026-03-14', 15, '2026-02-15'],
    ['2026-03-31', 31, '2026-03-31'],
    ['2026-03-30', 31, '2026-02-28'],
    ['2026-02-28', 31, '2026-02-28'],
    ['2028-02-28', 30, '2028-01-30'],
    ['2028-02-29', 30, '2028-02-29'],
    ['2026-04-30', 31, '2026-04-30'],
    ['2026-01-01', 2, '2025-12-02'],
    ['2026-01-01', 1, '2026-01-01'],
  ];
  for (const [on, day, due] of cases)
    test(`${day} on ${on} is ${due}`, () => assert.equal(statementDayUpTo(on, day), due));

  test('is never ahead, never more than a month back, and one in each month', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 31 }), (offset, day) => {
        const on = addDays('2024-01-01', offset);
        const due = statementDayUpTo(on, day);
        assert.ok(due <= on);
        assert.ok(daysBetween(due, on) <= 31);
        const lastOfMonth = addDays(addMonths(`${due.slice(0, 8)}01`, 1), -1);
        assert.equal(Number(due.slice(8)), Math.min(day, Number(lastOfMonth.slice(8))));
      }),
    );
  });
});

describe('where a reader is found', () => {
  const reader: Reader = {
    displayName: 'Ana',
    email: 'Ana@example.com',
    ccEmails: ['books@example.com'],
    phone: null,
    billingAddress: {},
  };
  const none = new Set<string>();
  test('by phone: as people write it, or not at all', () => {
    const at = (phone: string) => placeOf('sms', { ...reader, phone }, none);
    assert.deepEqual(at('(207) 555-0134'), { toPhone: '+12075550134' });
    assert.deepEqual(at('1 207 555 0134'), { toPhone: '+12075550134' });
    assert.deepEqual(at('+49 30 1234567'), { toPhone: '+49301234567' });
    for (const phone of ['555-0134', 'call me', '+0 123 456 789', '++12075550134'])
      assert.equal(at(phone), undefined, phone);
  });
  test('on paper: only with a street', () => {
    assert.equal(
      placeOf('paper', { ...reader, billingAddress: { line1: ' ', city: 'Bonn' } }, none),
      undefined,
    );
    assert.ok(placeOf('paper', { ...reader, billingAddress: { line1: '1 Elm' } }, none));
  });
  test('by mail: without the addresses that have a problem, however they are spelled', () => {
    assert.deepEqual(placeOf('email', reader, none), { to: ['Ana@example.com'], cc: ['books@example.com'] });
    assert.deepEqual(placeOf('email', reader, new Set(['ana@example.com'])), {
      to: ['books@example.com'],
      cc: [],
    });
    assert.equal(placeOf('email', { ...reader, email: null, ccEmails: [] }, none), undefined);
  });
});
