import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valuesOfInvoice } from '#features/credit-memos/ui/staff/credit-form-values.ts';
import { draftTotals } from '#features/invoices/ui/staff/draft-lines.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-form-values.ts';

const habit = { currency: 'USD', locale: 'en-US' };
const line = (amount: bigint) => ({
  item_name: 'Work',
  description: '',
  quantity: '1',
  unit_price: `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`,
  amount,
  taxable: true,
  tax_rate: '10',
  taxes: [],
  discount: '',
  service_date: null,
});
const invoice = (amounts: bigint[], discount: bigint) =>
  ({
    customer_id: 'cus_1',
    number: 'A-1',
    subtotal: amounts.reduce((sum, amount) => sum + amount, 0n),
    discount,
    lines: amounts.map(line),
  }) as Partial<Invoice> as Invoice;

test('a credit memo over a discounted invoice gives back what it charged, to the cent', () => {
  const { lines } = valuesOfInvoice(invoice([10_000n], 1_000n), habit, '2026-03-02');
  assert.equal(draftTotals(lines, habit).total, 9_900n, '90.00 and the tax on it');
  const uneven = valuesOfInvoice(invoice([3_333n, 3_333n, 3_334n], 1_001n), habit, '2026-03-02');
  assert.equal(draftTotals(uneven.lines, habit).subtotal, 8_999n);
  const whole = valuesOfInvoice(invoice([10_000n], 0n), habit, '2026-03-02');
  assert.equal(draftTotals(whole.lines, habit).total, 11_000n);
});
