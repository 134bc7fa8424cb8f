import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDrawing } from '#features/payment-methods/drawing-rules.ts';
import { expiryStanding, lastDayOf, removalRefusal } from '#features/payment-methods/rules.ts';

test('a method stays while a payment with it is under way', () => {
  assert.equal(removalRefusal({ paymentsUnderWay: 0, standing: [] }), undefined);
  assert.match(removalRefusal({ paymentsUnderWay: 1, standing: [] }) ?? '', /under way/);
  assert.match(removalRefusal({ paymentsUnderWay: 0, standing: ['payment_plan'] }) ?? '', /payment plan/);
  assert.match(
    removalRefusal({ paymentsUnderWay: 0, standing: ['autopay'] }) ?? '',
    /Autopay charges this method/,
  );
});

test('a card expires soon in its last thirty days, and has expired after its last month', () => {
  const card = { expiryYear: 2027, expiryMonth: 1 };
  assert.deepEqual(
    ['2026-12-31', '2027-01-01', '2027-01-31', '2027-02-01'].map((today) => expiryStanding(card, today)),
    [undefined, 'expiring', 'expiring', 'expired'],
  );
  assert.equal(expiryStanding({ expiryYear: null, expiryMonth: null }, '2026-01-01'), undefined);
  assert.equal(lastDayOf({ expiryYear: 2028, expiryMonth: 2 }), '2028-02-29');
});

test('a drawing is a small PNG and nothing else', () => {
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  assert.equal(readDrawing(`data:image/png;base64,${png}`)?.length, 70);
  assert.equal(readDrawing(`data:image/svg+xml;base64,${png}`), undefined);
  assert.equal(readDrawing(`data:image/png;base64,${Buffer.from('<svg/>').toString('base64')}`), undefined);
  const [head, end] = [Buffer.from(png, 'base64').subarray(0, 8), Buffer.from(png, 'base64').subarray(-8)];
  const large = Buffer.concat([head, Buffer.alloc(102_400), end]).toString('base64');
  assert.equal(readDrawing(`data:image/png;base64,${large}`), undefined);
});
